-- One at a time tries an agent's ERP login: an operation and a verification that both sent a wrong password
-- would be two refusals, and could lock the account. `tried_by` is the id of the server that tries;
-- a server that is gone tries nothing any more.
ALTER TABLE agents.erp_credentials
ADD COLUMN tried_by TEXT,
ADD COLUMN tried_at TIMESTAMPTZ;
