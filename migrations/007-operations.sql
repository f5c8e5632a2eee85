-- The journal: what was asked, how far it came, what the ERP answered.
--
-- A row exists before the browser is touched, and says that an irreversible request may have left before
-- one leaves. Rows are kept for ever (the request body is reaped): they are the memory that makes a
-- repeated call harmless. Which moves between states are allowed is the code's business; which states may
-- not exist side by side is the database's, because only it sees all processes.

CREATE TABLE agents.operations (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id TEXT NOT NULL,
    operation_type TEXT NOT NULL,
    operation_key TEXT NOT NULL,
    target TEXT NOT NULL, -- the business object guarded besides the key
    request BYTEA, -- NULL when reaped
    fingerprint TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1),
    marker TEXT, -- what recognises our order in the ERP; not every operation has one
    state TEXT NOT NULL DEFAULT 'QUEUED'
        CHECK (state IN (
            'QUEUED', 'RUNNING', 'WRITING', 'VERIFYING', 'UNDOING', 'CONFIRMED',
            'SUCCEEDED', 'FAILED', 'CANCELLED', 'NEEDS_REVIEW', 'ABANDONED'
        )),
    generation INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0), -- rises with every claim: the fence
    owner_instance TEXT,
    write_seq INTEGER NOT NULL DEFAULT 0 CHECK (write_seq >= 0), -- irreversible requests let out so far
    draft_id TEXT,
    high_water_mark TEXT,
    start_by TIMESTAMPTZ,
    not_before TIMESTAMPTZ,
    cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
    local_commit_failures INTEGER NOT NULL DEFAULT 0 CHECK (local_commit_failures >= 0),
    local_commit_stuck BOOLEAN NOT NULL DEFAULT FALSE,
    duplicate_suspected BOOLEAN NOT NULL DEFAULT FALSE,
    erp_id TEXT,
    response BYTEA,
    error JSONB,
    accepted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    claimed_at TIMESTAMPTZ,
    first_write_at TIMESTAMPTZ,
    confirmed_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (user_id, operation_type, operation_key)
);

-- One operation per agent at a time, across all processes. A confirmed one whose local transaction is
-- stuck has given up its turn.
CREATE UNIQUE INDEX operations_one_turn_per_user
ON agents.operations (user_id)
WHERE state IN ('RUNNING', 'WRITING', 'VERIFYING', 'UNDOING')
   OR (state = 'CONFIRMED' AND NOT local_commit_stuck);

-- While an operation on a target is unfinished, another key for the same target is refused.
CREATE UNIQUE INDEX operations_one_unfinished_per_target
ON agents.operations (operation_type, user_id, target)
WHERE state IN ('QUEUED', 'RUNNING', 'WRITING', 'VERIFYING', 'UNDOING', 'CONFIRMED', 'NEEDS_REVIEW');

-- Whether a target is done already, under whatever key.
CREATE INDEX operations_by_target ON agents.operations (user_id, operation_type, target);

-- The agent's queue in the order of acceptance, and what the completer has to look after.
CREATE INDEX operations_unfinished
ON agents.operations (user_id, accepted_at)
WHERE state IN ('QUEUED', 'RUNNING', 'WRITING', 'VERIFYING', 'UNDOING', 'CONFIRMED');

-- One row per claim, only ever added to: an ERP id that came too late to count is kept here.
CREATE TABLE agents.operation_attempts (
    operation_id UUID NOT NULL REFERENCES agents.operations (id),
    generation INTEGER NOT NULL,
    instance TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    ended_at TIMESTAMPTZ,
    outcome TEXT,
    evidence JSONB NOT NULL DEFAULT '[]',
    artifacts JSONB NOT NULL DEFAULT '[]',
    PRIMARY KEY (operation_id, generation)
);
