"""What create-customer reports on its way."""

from collections.abc import Mapping

from server.progress import Step, step

# Italian labels as the agents know them (erp-reference §6.1, later map); percentages in the order in which
# things happen now: terms before prices, the save before the other addresses, which need the customer.
STEPS: Mapping[str, Step] = {
    "customer.navigation": step(5, "Navigazione al form cliente", "Looking for the customer"),
    "customer.edit_loaded": step(15, "Form cliente caricato", "The customer's form is open"),
    "customer.tab.principale": step(
        30, "Compilazione dati principali", "Entering the VAT number and waiting for its check"
    ),
    "customer.lookup": step(45, "Selezione termini e CAP", "Choosing postal code and terms"),
    "customer.tab.prezzi": step(
        55, "Configurazione prezzi e sconti", "Setting prices and discounts"
    ),
    "customer.field": step(60, "Compilazione campi", "Entering the fields"),
    "customer.save": step(65, "Salvataggio in corso", "Saving the customer"),
    "customer.tab.indirizzo": step(
        70,
        "Indirizzi di consegna",
        "Entering address {current} of {total}",
        until=85,
    ),
    "verify": step(88, "Rilettura del cliente", "Reading the customer back"),
    "customer.complete": step(92, "Cliente salvato", "The customer is saved"),
    "commit": step(95, "Salvataggio nel database", "Writing our own tables"),
    "complete": step(100, "Cliente creato su ERP", "The customer is in the ERP"),
}
