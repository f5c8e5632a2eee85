-- A waiting customer gets the ERP's id in one round trip, also when a sync writes the real row at that very
-- moment: only a function can go on behind a violated key without a savepoint of its caller's, each of which
-- would be waited for.
CREATE FUNCTION agents.promote_customer(of_user TEXT, waiting TEXT, profile TEXT) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agents.customers
       SET customer_profile = profile
     WHERE user_id = of_user AND customer_profile = waiting;
    RETURN FOUND OR EXISTS (
        SELECT FROM agents.customers WHERE user_id = of_user AND customer_profile = profile);
EXCEPTION WHEN unique_violation THEN
    RETURN TRUE;
END
$$;

COMMENT ON FUNCTION agents.promote_customer IS
'Rename the waiting row; whether there was one, or the real one stands already.';
