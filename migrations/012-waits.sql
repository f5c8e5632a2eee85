-- How long an operation waited for its turn each time that no notice woke it, in seconds: what an operator
-- looks at when an agent's orders come late, and what shows that notices do not arrive.
ALTER TABLE agents.operations
ADD COLUMN waits REAL [] NOT NULL DEFAULT '{}';
