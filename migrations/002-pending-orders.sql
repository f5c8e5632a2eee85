-- Orders that an agent has written but that are not in the ERP yet.
--
-- The web application owns the rows; submit-order only reports in them (status, error_message) and
-- deletes its row when the order is placed. The request is the bot's only source, never this table.

CREATE TABLE IF NOT EXISTS agents.pending_orders (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    items_json JSONB NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'syncing', 'error', 'completed-warehouse')),
    created_at BIGINT NOT NULL, -- milliseconds
    updated_at BIGINT NOT NULL, -- milliseconds
    device_id TEXT NOT NULL
);

ALTER TABLE agents.pending_orders
    ADD COLUMN IF NOT EXISTS discount_percent NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS target_total_with_vat NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS retry_count INTEGER DEFAULT 0,
    ADD COLUMN IF NOT EXISTS error_message TEXT,
    ADD COLUMN IF NOT EXISTS origin_draft_id TEXT,
    ADD COLUMN IF NOT EXISTS synced_to_archibald BOOLEAN DEFAULT FALSE,
    ADD COLUMN IF NOT EXISTS shipping_cost NUMERIC(14,4) DEFAULT 0,
    ADD COLUMN IF NOT EXISTS shipping_tax NUMERIC(14,4) DEFAULT 0,
    ADD COLUMN IF NOT EXISTS sub_client_codice TEXT,
    ADD COLUMN IF NOT EXISTS sub_client_name TEXT,
    ADD COLUMN IF NOT EXISTS sub_client_data_json JSONB;

SELECT agents.make_numeric(
    'pending_orders',
    ARRAY ['discount_percent', 'target_total_with_vat', 'shipping_cost', 'shipping_tax']
);

CREATE INDEX IF NOT EXISTS idx_agents_pending_user ON agents.pending_orders (user_id);
