-- Who asked what: every call of a known caller, when, and what came of it. No request's body is here.
--
-- Written behind the calls (server/audit.py): a row comes once the call has come, and is completed once it
-- has ended. One without an end belongs to a server that was killed.
CREATE TABLE agents.audit (
    id UUID PRIMARY KEY,
    asked_at TIMESTAMPTZ NOT NULL,
    caller TEXT NOT NULL, -- its name in the file of callers; without such a file its address
    address TEXT NOT NULL,
    method TEXT NOT NULL,
    agent TEXT,
    operation TEXT, -- its id; type and key, as asked, where no such operation was found
    ended_at TIMESTAMPTZ,
    outcome TEXT -- the status, and the reason behind it
);

CREATE INDEX audit_by_time ON agents.audit (asked_at);
CREATE INDEX audit_by_agent ON agents.audit (agent, asked_at);
