-- Orders as the ERP has them: the head, the lines, and how the state of each changed.
--
-- submit-order inserts head and lines, send-to-verona moves the state, delete-order removes all three.
-- A second run of the same local transaction must change nothing; for the lines that takes a key, which
-- the original never had (a second run doubled them): line_number.

CREATE TABLE IF NOT EXISTS agents.order_records (
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    order_number TEXT NOT NULL, -- not unique: it is given late, and drafts share an empty one
    customer_profile_id TEXT,
    customer_name TEXT NOT NULL,
    creation_date TEXT NOT NULL,
    hash TEXT NOT NULL,
    last_sync BIGINT NOT NULL, -- seconds
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (id, user_id)
);

ALTER TABLE agents.order_records
    -- header
    ADD COLUMN IF NOT EXISTS delivery_name TEXT,
    ADD COLUMN IF NOT EXISTS delivery_address TEXT,
    ADD COLUMN IF NOT EXISTS delivery_date TEXT,
    ADD COLUMN IF NOT EXISTS remaining_sales_financial TEXT,
    ADD COLUMN IF NOT EXISTS customer_reference TEXT,
    ADD COLUMN IF NOT EXISTS sales_status TEXT,
    ADD COLUMN IF NOT EXISTS order_type TEXT,
    ADD COLUMN IF NOT EXISTS document_status TEXT,
    ADD COLUMN IF NOT EXISTS sales_origin TEXT,
    ADD COLUMN IF NOT EXISTS transfer_status TEXT,
    ADD COLUMN IF NOT EXISTS transfer_date TEXT,
    ADD COLUMN IF NOT EXISTS completion_date TEXT,
    ADD COLUMN IF NOT EXISTS discount_percent TEXT,
    ADD COLUMN IF NOT EXISTS gross_amount TEXT,
    ADD COLUMN IF NOT EXISTS total_amount TEXT,
    ADD COLUMN IF NOT EXISTS is_quote TEXT,
    ADD COLUMN IF NOT EXISTS is_gift_order TEXT,
    -- delivery note
    ADD COLUMN IF NOT EXISTS ddt_number TEXT,
    ADD COLUMN IF NOT EXISTS ddt_delivery_date TEXT,
    ADD COLUMN IF NOT EXISTS ddt_id TEXT,
    ADD COLUMN IF NOT EXISTS ddt_customer_account TEXT,
    ADD COLUMN IF NOT EXISTS ddt_sales_name TEXT,
    ADD COLUMN IF NOT EXISTS ddt_delivery_name TEXT,
    ADD COLUMN IF NOT EXISTS delivery_terms TEXT,
    ADD COLUMN IF NOT EXISTS delivery_method TEXT,
    ADD COLUMN IF NOT EXISTS delivery_city TEXT,
    ADD COLUMN IF NOT EXISTS attention_to TEXT,
    ADD COLUMN IF NOT EXISTS ddt_delivery_address TEXT,
    ADD COLUMN IF NOT EXISTS ddt_total TEXT,
    ADD COLUMN IF NOT EXISTS ddt_customer_reference TEXT,
    ADD COLUMN IF NOT EXISTS ddt_description TEXT,
    ADD COLUMN IF NOT EXISTS tracking_number TEXT,
    ADD COLUMN IF NOT EXISTS tracking_url TEXT,
    ADD COLUMN IF NOT EXISTS tracking_courier TEXT,
    ADD COLUMN IF NOT EXISTS delivery_completed_date TEXT,
    -- invoice
    ADD COLUMN IF NOT EXISTS invoice_number TEXT,
    ADD COLUMN IF NOT EXISTS invoice_date TEXT,
    ADD COLUMN IF NOT EXISTS invoice_amount TEXT,
    ADD COLUMN IF NOT EXISTS invoice_customer_account TEXT,
    ADD COLUMN IF NOT EXISTS invoice_billing_name TEXT,
    ADD COLUMN IF NOT EXISTS invoice_quantity INTEGER,
    ADD COLUMN IF NOT EXISTS invoice_remaining_amount TEXT,
    ADD COLUMN IF NOT EXISTS invoice_tax_amount TEXT,
    ADD COLUMN IF NOT EXISTS invoice_line_discount TEXT,
    ADD COLUMN IF NOT EXISTS invoice_total_discount TEXT,
    ADD COLUMN IF NOT EXISTS invoice_due_date TEXT,
    ADD COLUMN IF NOT EXISTS invoice_payment_terms_id TEXT,
    ADD COLUMN IF NOT EXISTS invoice_purchase_order TEXT,
    ADD COLUMN IF NOT EXISTS invoice_closed BOOLEAN,
    ADD COLUMN IF NOT EXISTS invoice_days_past_due TEXT,
    ADD COLUMN IF NOT EXISTS invoice_settled_amount TEXT,
    ADD COLUMN IF NOT EXISTS invoice_last_payment_id TEXT,
    ADD COLUMN IF NOT EXISTS invoice_last_settlement_date TEXT,
    ADD COLUMN IF NOT EXISTS invoice_closed_date TEXT,
    -- state
    ADD COLUMN IF NOT EXISTS current_state TEXT,
    ADD COLUMN IF NOT EXISTS sent_to_verona_at TEXT,
    ADD COLUMN IF NOT EXISTS archibald_order_id TEXT,
    ADD COLUMN IF NOT EXISTS total_vat_amount TEXT,
    ADD COLUMN IF NOT EXISTS total_with_vat TEXT,
    ADD COLUMN IF NOT EXISTS articles_synced_at TEXT,
    ADD COLUMN IF NOT EXISTS shipping_cost NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS shipping_tax NUMERIC(14,4);

SELECT agents.make_numeric('order_records', ARRAY ['shipping_cost', 'shipping_tax']);

-- The original keeps these amounts as TEXT, in two spellings over time, and still writes them. The
-- figure to calculate with stands beside the text, kept by Postgres itself.
ALTER TABLE agents.order_records
    ADD COLUMN IF NOT EXISTS discount_percent_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(discount_percent)) STORED,
    ADD COLUMN IF NOT EXISTS gross_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(gross_amount)) STORED,
    ADD COLUMN IF NOT EXISTS total_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(total_amount)) STORED,
    ADD COLUMN IF NOT EXISTS total_vat_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(total_vat_amount)) STORED,
    ADD COLUMN IF NOT EXISTS total_with_vat_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(total_with_vat)) STORED,
    ADD COLUMN IF NOT EXISTS ddt_total_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(ddt_total)) STORED,
    ADD COLUMN IF NOT EXISTS invoice_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(invoice_amount)) STORED,
    ADD COLUMN IF NOT EXISTS invoice_remaining_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(invoice_remaining_amount)) STORED,
    ADD COLUMN IF NOT EXISTS invoice_tax_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(invoice_tax_amount)) STORED,
    ADD COLUMN IF NOT EXISTS invoice_line_discount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(invoice_line_discount)) STORED,
    ADD COLUMN IF NOT EXISTS invoice_total_discount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(invoice_total_discount)) STORED,
    ADD COLUMN IF NOT EXISTS invoice_settled_amount_numeric NUMERIC(14,4)
        GENERATED ALWAYS AS (agents.amount_from_text(invoice_settled_amount)) STORED;

CREATE INDEX IF NOT EXISTS idx_agents_orders_user ON agents.order_records (user_id);
CREATE INDEX IF NOT EXISTS idx_agents_orders_customer ON agents.order_records (customer_profile_id);
CREATE INDEX IF NOT EXISTS idx_agents_orders_sync ON agents.order_records (last_sync);
CREATE INDEX IF NOT EXISTS idx_agents_orders_status ON agents.order_records (sales_status);
CREATE INDEX IF NOT EXISTS idx_agents_orders_state ON agents.order_records (current_state);
CREATE INDEX IF NOT EXISTS idx_agents_orders_ddt ON agents.order_records (ddt_number);
CREATE INDEX IF NOT EXISTS idx_agents_orders_invoice ON agents.order_records (invoice_number);
CREATE INDEX IF NOT EXISTS idx_agents_orders_creation ON agents.order_records (creation_date);

CREATE TABLE IF NOT EXISTS agents.order_articles (
    id SERIAL PRIMARY KEY,
    order_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    article_code TEXT NOT NULL,
    quantity NUMERIC(14,4) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE agents.order_articles
    ADD COLUMN IF NOT EXISTS article_description TEXT,
    ADD COLUMN IF NOT EXISTS unit_price NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS discount_percent NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS line_amount NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS vat_percent NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS vat_amount NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS line_total_with_vat NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS warehouse_quantity NUMERIC(14,4),
    ADD COLUMN IF NOT EXISTS warehouse_sources_json TEXT,
    -- From 1 within the order. NULL in rows of a writer that does not know the column.
    ADD COLUMN IF NOT EXISTS line_number INTEGER;

SELECT agents.make_numeric(
    'order_articles',
    ARRAY [
        'quantity', 'unit_price', 'discount_percent', 'line_amount', 'vat_percent', 'vat_amount',
        'line_total_with_vat', 'warehouse_quantity'
    ]
);

-- Rows from before: their order of insertion is the order of the lines.
UPDATE agents.order_articles AS line
SET line_number = numbered.line_number
FROM (
    SELECT id, row_number() OVER (PARTITION BY user_id, order_id ORDER BY id) AS line_number
    FROM agents.order_articles
) AS numbered
WHERE numbered.id = line.id
  AND line.line_number IS NULL;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM information_schema.table_constraints
        WHERE table_schema = 'agents'
          AND table_name = 'order_articles'
          AND constraint_name = 'order_articles_user_order_line_key'
    ) THEN
        ALTER TABLE agents.order_articles
            ADD CONSTRAINT order_articles_user_order_line_key UNIQUE (user_id, order_id, line_number);
    END IF;
END
$$;

CREATE INDEX IF NOT EXISTS idx_agents_articles_order ON agents.order_articles (order_id, user_id);
CREATE INDEX IF NOT EXISTS idx_agents_articles_code ON agents.order_articles (article_code);

CREATE TABLE IF NOT EXISTS agents.order_state_history (
    id SERIAL PRIMARY KEY,
    order_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    new_state TEXT NOT NULL,
    actor TEXT NOT NULL,
    timestamp TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE agents.order_state_history
    ADD COLUMN IF NOT EXISTS old_state TEXT,
    ADD COLUMN IF NOT EXISTS notes TEXT,
    ADD COLUMN IF NOT EXISTS confidence TEXT,
    ADD COLUMN IF NOT EXISTS source TEXT;

CREATE INDEX IF NOT EXISTS idx_agents_state_history_order ON agents.order_state_history (order_id, user_id);
