-- The ERP's answer, between the moment it is known and the moment our own tables have it.
--
-- Saved at once and alone, so that a failure of the larger local transaction cannot lose an ERP id;
-- cleared after that transaction. The constraint's index is the look-up index.

CREATE TABLE IF NOT EXISTS agents.bot_results (
    id SERIAL PRIMARY KEY,
    user_id TEXT NOT NULL,
    operation_type TEXT NOT NULL,
    operation_key TEXT NOT NULL,
    result_data JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (user_id, operation_type, operation_key)
);
