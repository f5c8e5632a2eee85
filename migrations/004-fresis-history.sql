-- Orders of the sub-customers of one big customer, several of which are merged into one ERP order.
--
-- submit-order writes the ERP's order id into the rows that were merged into its pending order, so that
-- each sub-customer's order can be followed in the ERP.

CREATE TABLE IF NOT EXISTS agents.fresis_history (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    sub_client_codice TEXT NOT NULL,
    sub_client_name TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    items JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE agents.fresis_history
    ADD COLUMN IF NOT EXISTS original_pending_order_id TEXT,
    ADD COLUMN IF NOT EXISTS sub_client_data JSONB,
    ADD COLUMN IF NOT EXISTS discount_percent NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS target_total_with_vat NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS shipping_cost NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS shipping_tax NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS merged_into_order_id TEXT,
    ADD COLUMN IF NOT EXISTS merged_at TIMESTAMPTZ,
    ADD COLUMN IF NOT EXISTS notes TEXT,
    ADD COLUMN IF NOT EXISTS archibald_order_id TEXT,
    ADD COLUMN IF NOT EXISTS archibald_order_number TEXT,
    ADD COLUMN IF NOT EXISTS current_state TEXT,
    ADD COLUMN IF NOT EXISTS state_updated_at TIMESTAMPTZ,
    ADD COLUMN IF NOT EXISTS ddt_number TEXT,
    ADD COLUMN IF NOT EXISTS ddt_delivery_date TEXT,
    ADD COLUMN IF NOT EXISTS tracking_number TEXT,
    ADD COLUMN IF NOT EXISTS tracking_url TEXT,
    ADD COLUMN IF NOT EXISTS tracking_courier TEXT,
    ADD COLUMN IF NOT EXISTS delivery_completed_date TEXT,
    ADD COLUMN IF NOT EXISTS invoice_number TEXT,
    ADD COLUMN IF NOT EXISTS invoice_date TEXT,
    ADD COLUMN IF NOT EXISTS invoice_amount TEXT,
    ADD COLUMN IF NOT EXISTS source TEXT DEFAULT 'app',
    ADD COLUMN IF NOT EXISTS revenue NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS invoice_closed BOOLEAN,
    ADD COLUMN IF NOT EXISTS invoice_remaining_amount TEXT,
    ADD COLUMN IF NOT EXISTS invoice_due_date TEXT,
    ADD COLUMN IF NOT EXISTS arca_data JSONB,
    ADD COLUMN IF NOT EXISTS parent_customer_name TEXT;

SELECT agents.make_numeric(
    'fresis_history',
    ARRAY ['discount_percent', 'target_total_with_vat', 'shipping_cost', 'shipping_tax', 'revenue']
);

-- As in order_records: the text stays, the figure stands beside it.
ALTER TABLE agents.fresis_history
    ADD COLUMN IF NOT EXISTS invoice_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(invoice_amount)) STORED,
    ADD COLUMN IF NOT EXISTS invoice_remaining_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(invoice_remaining_amount)) STORED;

CREATE INDEX IF NOT EXISTS idx_agents_fresis_user ON agents.fresis_history (user_id);
CREATE INDEX IF NOT EXISTS idx_agents_fresis_archibald ON agents.fresis_history (archibald_order_id);
-- Our own look-up in submit-order's transaction: the rows merged into one pending order.
CREATE INDEX IF NOT EXISTS fresis_history_merged_into ON agents.fresis_history (user_id, merged_into_order_id);
