-- What recovery needs to know: whose turn it is, which server may still hold a browser, what was decided.

CREATE SEQUENCE agents.operation_turns;

ALTER TABLE agents.operations
    -- The agent's queue is strictly by this; a key that is called again after its failure queues anew.
    ADD COLUMN turn BIGINT NOT NULL DEFAULT nextval('agents.operation_turns'),
    -- What else is refused while this is under review: the customer of an order nobody can find.
    ADD COLUMN also_guards TEXT,
    -- Servers that lost this operation and whose browsers are not proved dead yet.
    ADD COLUMN suspects TEXT [] NOT NULL DEFAULT '{}',
    -- The ERP session that the newest write left in: the first page that answers it again is a barrier.
    ADD COLUMN write_session TEXT,
    ADD COLUMN last_write_at TIMESTAMPTZ,
    -- Attempts in a row that ended before anything was sent.
    ADD COLUMN retries INTEGER NOT NULL DEFAULT 0 CHECK (retries >= 0),
    -- Since when read-backs have settled nothing.
    ADD COLUMN unclear_since TIMESTAMPTZ,
    -- What the last read-back missed of our own draft, and how often completing it brought nothing.
    ADD COLUMN missing INTEGER,
    ADD COLUMN completions INTEGER NOT NULL DEFAULT 0 CHECK (completions >= 0);

CREATE INDEX operations_also_guarded
ON agents.operations (user_id, also_guards)
WHERE state = 'NEEDS_REVIEW' AND also_guards IS NOT NULL;

CREATE INDEX operations_under_review ON agents.operations (operation_type)
WHERE state = 'NEEDS_REVIEW';

CREATE INDEX operations_newest ON agents.operations (accepted_at DESC, id);

-- The servers. A lease in database time; the process and its browsers are named by number and start
-- time, so that a server on the same machine can see for itself whether they are dead.
CREATE TABLE agents.server_instances (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL, -- machine, boot and process namespace: where the numbers below mean something
    pid INTEGER NOT NULL,
    started BIGINT NOT NULL, -- clock ticks after boot
    browsers JSONB NOT NULL DEFAULT '[]', -- [{"pid": 1, "started": 2}]: drivers and browsers ever at work
    lease_until TIMESTAMPTZ NOT NULL,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    gone_at TIMESTAMPTZ -- it said goodbye, or its process was seen to be gone
);

-- The steps that an operation reported, numbered over all its attempts.
CREATE TABLE agents.operation_events (
    operation_id UUID NOT NULL REFERENCES agents.operations (id),
    sequence BIGINT NOT NULL CHECK (sequence >= 1),
    step TEXT NOT NULL,
    percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    label_it TEXT NOT NULL,
    label_en TEXT NOT NULL,
    current INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (operation_id, sequence)
);

-- What a person decided about an operation, and why: kept for ever.
CREATE TABLE agents.operation_resolutions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operation_id UUID NOT NULL REFERENCES agents.operations (id),
    decided_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    decided_by TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('look_again', 'landed', 'not_done', 'give_up')),
    erp_id TEXT,
    note TEXT NOT NULL
);

-- Whoever waits, on any server, is woken: for a turn, an end, a cancel, a new step. The words before
-- the agent hold no blanks.
CREATE FUNCTION agents.tell_operation() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(
        'archibald_operations',
        concat_ws(' ', NEW.id, NEW.generation, NEW.state, NEW.cancel_requested, NEW.user_id)
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER tell_new_operation
AFTER INSERT ON agents.operations
FOR EACH ROW EXECUTE FUNCTION agents.tell_operation();

CREATE TRIGGER tell_operation
AFTER UPDATE ON agents.operations
FOR EACH ROW
WHEN (
    (OLD.state, OLD.generation, OLD.owner_instance, OLD.cancel_requested, OLD.local_commit_stuck)
    IS DISTINCT FROM
    (NEW.state, NEW.generation, NEW.owner_instance, NEW.cancel_requested, NEW.local_commit_stuck)
)
EXECUTE FUNCTION agents.tell_operation();

CREATE FUNCTION agents.tell_event() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('archibald_events', NEW.operation_id::TEXT);
    RETURN NULL;
END
$$;

CREATE TRIGGER tell_event
AFTER INSERT ON agents.operation_events
FOR EACH ROW EXECUTE FUNCTION agents.tell_event();
