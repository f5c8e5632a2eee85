-- A target that can be done only once is guarded by an index, also while a new key for it is being recorded:
-- a statement does not see what ends while it runs, the index does.
ALTER TABLE agents.operations ADD COLUMN once BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE agents.operations SET once = TRUE WHERE operation_type IN ('submit-order', 'create-customer');

CREATE UNIQUE INDEX operations_once_per_target
ON agents.operations (operation_type, user_id, target)
WHERE once
  AND state IN (
      'QUEUED', 'RUNNING', 'WRITING', 'VERIFYING', 'UNDOING', 'CONFIRMED', 'NEEDS_REVIEW', 'SUCCEEDED'
  );
