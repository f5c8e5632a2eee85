-- How often in a row an operation was entered, proved absent from the ERP, and entered again. A count of its
-- own: what dies before anything is sent must not use up the rounds of what the ERP did not keep.
ALTER TABLE agents.operations
ADD COLUMN reruns INTEGER NOT NULL DEFAULT 0 CHECK (reruns >= 0);
