"""`make record`: what a site sends, recorded without writing anything to it (erp-wire §6.3)."""
