"""All that knows the ERP's site: what it looks like, what it sends, what may leave the browser."""
