"""The upper tabs of the order form."""

from server.erp.form_tabs import open_tab

__all__ = ["OVERVIEW", "PRICES", "open_tab"]

OVERVIEW = 0  # Panoramica, Overview
PRICES = 2  # Prezzi e sconti, Price Discount
