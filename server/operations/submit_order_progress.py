"""What submit-order reports on its way."""

from collections.abc import Mapping

from server.progress import Step, step

# Percentages and Italian labels as the agents know them (erp-reference §6.1, later map).
STEPS: Mapping[str, Step] = {
    "navigation.articoli": step(5, "Ricerca degli articoli", "Looking the articles up"),
    "navigation.ordini": step(7, "Apertura sezione ordini", "Opening the orders list"),
    "form.nuovo": step(11, "Apertura nuovo ordine", "Opening a new order"),
    "form.edit": step(11, "Riapertura dell'ordine", "Opening the order again"),
    "form.customer": step(18, "Inserimento cliente", "Entering the customer"),
    # Earlier than the agents knew it: the notes are typed before the lines now.
    "form.notes": step(20, "Inserimento note ordine", "Entering the notes"),
    "form.articles.start": step(21, "Inizio inserimento articoli", "Beginning with the articles"),
    "form.articles.progress": step(
        21,
        "Inserimento articolo {current} di {total}",
        "Entering article {current} of {total}",
        until=46,
    ),
    "form.articles.complete": step(46, "Articoli inseriti", "Articles entered"),
    "form.discount": step(49, "Applicazione sconto globale", "Applying the order's discount"),
    "form.address": step(51, "Inserimento indirizzo di consegna", "Entering the delivery address"),
    "form.submit.start": step(53, "Salvataggio ordine in corso", "Saving the order"),
    "form.submit.complete": step(56, "Ordine salvato", "Order saved"),
    "verify": step(58, "Rilettura dell'ordine", "Reading the order back"),
    "commit": step(60, "Salvataggio nel database", "Writing our own tables"),
    "complete": step(100, "Ordine piazzato su ERP", "The order is in the ERP"),
}
