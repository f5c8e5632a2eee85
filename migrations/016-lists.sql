-- Lists are read newest first: of one agent, of one type, and of what has ended without success, which is
-- rare. Without an index of its own each would walk through all that has ever been done.
CREATE INDEX operations_newest_of_user ON agents.operations (user_id, accepted_at DESC, id);

CREATE INDEX operations_newest_of_type ON agents.operations (operation_type, accepted_at DESC, id);

CREATE INDEX operations_newest_failed ON agents.operations (accepted_at DESC, id)
WHERE state IN ('FAILED', 'CANCELLED', 'ABANDONED');
