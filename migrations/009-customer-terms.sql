-- What create-customer is asked and the original had no columns for: it was entered in the ERP and
-- forgotten here.

ALTER TABLE agents.customers
    ADD COLUMN IF NOT EXISTS country TEXT,
    ADD COLUMN IF NOT EXISTS payment_terms TEXT, -- three digits
    ADD COLUMN IF NOT EXISTS line_discount TEXT,
    ADD COLUMN IF NOT EXISTS sector TEXT,
    ADD COLUMN IF NOT EXISTS notes TEXT, -- without our marker
    ADD COLUMN IF NOT EXISTS alternate_addresses JSONB;
