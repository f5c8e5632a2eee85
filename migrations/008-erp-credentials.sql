-- The agents' logins to the ERP, encrypted by the server with a key that is not in the database.
--
-- The ERP session's cookies are kept the same way: recovery continues in the old attempt's session.
-- rejected_at is the latch after a refused login: another try with the same password could lock the
-- agent's account, so none is made until a new password is stored.

CREATE TABLE agents.erp_credentials (
    user_id TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    encrypted_password BYTEA NOT NULL,
    encrypted_session_state BYTEA,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    rejected_at TIMESTAMPTZ
);
