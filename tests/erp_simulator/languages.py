"""The site's words in Italian and English."""

from tests.erp_simulator.customer_texts import BLOCKED, CUSTOMER_TEXTS

VIEW_FILTERS = (
    ("OrdersAll", "Tutti gli ordini", "All Orders"),
    ("OrdersToday", "Ordini odierni", "Orders from today"),
    ("OrdersThisWeek", "Ordini di questa settimana", "Orders from this week"),
    ("OrdersThisMonth", "Ordini di questo mese", "Orders from this month"),
    ("OrdersEntered", "Ordini inseriti", "Orders entered"),
    ("OrdersCompleted", "Ordini completati", "Orders completed"),
    ("OrdersApprovalRM", "Ordini in attesa di approvazione", "Orders Approval Regional Manager"),
    ("OrdersTransferred", "Ordini trasferiti", "Orders transferred"),
    ("Quote", "Preventivo:", "Quote"),
)

# Enumerations: position = stored value.
ENUMS: dict[str, tuple[tuple[str, str], ...]] = {
    "salestype": (("Giornale", "Journal"), ("Ordine di vendita", "Sales order")),
    "salesstatus": (
        ("Nessuno", "None"), ("Ordine aperto", "Open order"), ("Consegnato", "Delivered"),
        ("Fatturato", "Invoiced"),
    ),
    "documentstatus": (("Nessuno", "None"), ("Documento di trasporto:", "Packing slip")),
    "transferstatus": (
        ("Modifica", "Edit"), ("In attesa di approvazione", "Approvel_regionalmanager"),
        ("Trasferito", "Transferred"), ("Transfer error", "Transfer error"),
    ),
    "quote": (("No", "No"), ("Sì", "Yes")),
    "blocked": BLOCKED,
    "language": (("Nessuno", "None"), ("It", "It")),
}  # fmt: skip

DELIVERY_MODES = (
    "N/A", "Mototaxi", "UPS Italia", "Mittente", "Destinatario", "General Logistic Systems Spa",
    "Airenterprise", "Poste Italiane", "UPS - International Express Saver", "FedEx",
)  # fmt: skip
STREET_PRICE = 223  # key of the only line discount group
LINE_DISCOUNTS = {0: "N/A", STREET_PRICE: "Discount to get street price"}
ADDRESS_KINDS = {  # edit mode shows the key, view mode the words
    "Business": ("Ufficio", "Business"),
    "Facture": ("Fattura", "Facture"),
    "Delivery": ("Consegna", "Delivery"),
    "AlternateDelivery": ("Indir. cons. alt.", "AlternateDelivery"),
}

TEXTS: dict[str, tuple[str, str]] = {
    "welcome": (
        "Benvenuto! Inserisci il tuo nome utente e password qui sotto.",
        "Welcome! Please enter your user name and password below.",
    ),
    "user_name": ("NOME ACCOUNT:", "USER NAME:"),
    "password": ("PASSWORD:", "PASSWORD:"),
    "log_in": ("Accedi", "Log In"),
    "login_failed": (
        "Accesso non riuscito. Controlla il nome utente e la password.",
        "Login failed. Check your user name and password.",
    ),
    "profile": ("Il mio profilo ", "My profile "),
    "announcements": ("Annunci", "Announcements"),
    "customers": ("Clienti", "Customers"),
    "consent": ("Consenso del cliente", "Customer consent"),
    "orders": ("Ordini", "Orders"),
    "products": ("Prodotti", "Products"),
    "packing_slips": ("Documenti di trasporto", "Packing slips"),
    "invoices": ("Fatture", "Invoices"),
    "application": (
        "KI di gestione intelligente degli ordini",
        "KI intelligent order management",
    ),
    "New": ("Nuovo", "New"),
    "Delete": ("Cancellare", "Delete"),
    "Delete.title": (
        "Cancellare\nRichiede almeno un oggetto selezionato",
        "Delete\nRequires at least one selected object",
    ),
    "Edit": ("Modifica", "Edit"),
    "confirm": ("Conferma", "Confirmation"),
    "ok": ("OK", "OK"),
    "CloneOrder": ("copia ordine", "Clone Order"),
    "SendOrder": ("invia ordine/i", "Send Order(s)"),
    "Refresh": ("Aggiorna", "Refresh"),
    "ResetViewSettings": ("Ripristina vista", "Reset View Settings"),
    "Export": ("Esportare in", "Export to"),
    "Save": ("Salvare", "Save"),
    "SaveAndClose": ("Salva e chiudi", "Save and Close"),
    "SaveAndNew": ("Salva e nuovo", "Save and New"),
    "Validate": ("Convalida", "Validate"),
    "Cancel": ("Annulla", "Cancel"),
    "SwitchToEditMode": ("Modifica", "Edit"),
    "PreviousObject": ("Record precedente", "Previous Record"),
    "NextObject": ("Record successivo", "Next Record"),
    "hidden_items": ("Mostra elementi nascosti", "Show hidden items"),
    "search": ("Inserire testo di ricerca", "Enter text to search..."),
    "search.title": ("Filtrare i record in base al testo", "Filter records by text"),
    "overview": ("Panoramica", "Overview"),
    "delivery_times": ("Orari di consegna", "DeliveryTimes"),
    "price_discount": ("Prezzi e sconti", "Price Discount"),
    "sales_lines": ("Linee di vendita:", "Saleslines:"),
    "slip_history": ("Cronologia documento di trasporto:", "Packing Slip-History:"),
    "validation": ("Data Validation Error", "Data Validation Error"),
    "customer_empty": (
        "Profilo cliente: non deve essere vuoto.",
        "Customer profile: must not be empty.",
    ),
    "article_empty": (
        "Nome articolo: non deve essere vuoto.",
        "Item name: must not be empty.",
    ),
    "quantity_wrong": (
        "Qtà ordinata: deve essere un multiplo di {multiple}.",
        "Qty ordered: must be a multiple of {multiple}.",
    ),
    "not_a_draft": (
        "L'operazione richiede ordini in stato Modifica.",
        "The operation requires orders in state Edit.",
    ),
    "nothing_selected": (
        "L'operazione richiede almeno un ordine selezionato.",
        "The operation requires at least one selected order.",
    ),
    "customer_incomplete": (
        "L'ordine non può essere inviato: i dati del cliente sono incompleti.",
        "The order cannot be sent: the customer data is incomplete.",
    ),
    "customer_blocked": (
        "L'ordine non può essere inviato: il cliente è bloccato.",
        "The order cannot be sent: the customer is blocked.",
    ),
    "no_lines": (
        "L'ordine non può essere inviato: non contiene linee di vendita.",
        "The order cannot be sent: it has no sales lines.",
    ),
    "changed_meanwhile": (
        "The record was changed by another user. Your changes were not saved.",
        "The record was changed by another user. Your changes were not saved.",
    ),
    "server_error": (
        "Si è verificato un errore nell'archivio dati. Riprovare.",
        "An error occurred in the data store. Please try again.",
    ),
    "info_popup": ("Sono disponibili nuovi annunci.", "There are new announcements."),
    "error_page": (
        "Si è verificato un errore dell'applicazione.",
        "An application error occurred.",
    ),
    "gift": ("ordine omaggio", "sample order"),
    "SAMPLEORDER": ("ORDINE OMAGGIO:", "SAMPLE ORDER:"),
    "reset_confirm": (
        "You are about to reset all settings made for the {caption} view. Do you want to proceed?",
    )
    * 2,
    "delete_confirm": ("You are about to delete the selected record(s). Do you want to proceed?",)
    * 2,
    "send_confirm": ("Are you sure to send the order (s) ?",) * 2,
    "unsaved_confirm": (
        "The current record has unsaved changes. Do you want to proceed without saving?",
    )
    * 2,
    "clone_confirm": ("Are you sure to clone the sales order ?",) * 2,
    # Groups and labels of the order form.
    "group.01": ("Dettagli di vendita 01", "Sales details 01"),
    "group.delivery": ("Consegna", "Delivery"),
    "group.02": ("Dettagli di vendita 02", "Sales details 02"),
    "group.03": ("Dettagli di vendita 03", "Sales details 03"),
    "group.04": ("Dettagli di vendita 04", "Sales details 04"),
    "group.state": ("Stato delle vendite", "Sales state"),
    "group.prices": ("Prezzi e sconti", "Price Discount"),
    "ID": ("ID:", "ID:"),
    "SALESID": ("ORDINE DI VENDITA:", "SALES ORDER:"),
    "CUSTTABLE": ("PROFILO CLIENTE:", "CUSTOMER PROFILE:"),
    "SALESNAME": ("NOME VENDITE:", "SALES NAME:"),
    "ORDERDATE": ("DATA ORDINE:", "ORDER DATE:"),
    "DELIVERYDATE": ("DELIVERY DATE:", "DELIVERY DATE:"),
    "DELIVERYPOSTALADDRESS": ("SELEZIONARE L'INDIRIZZO:", "SELECT ADDRESS:"),
    "DELIVERYNAME": ("NOME DI CONSEGNA:", "DELIVERY NAME:"),
    "DLVADDRESS": ("INDIRIZZO DI CONSEGNA:", "DELIVERY ADDRESS:"),
    "PURCHORDERFORMNUM": ("DESCRIZIONE:", "DESCRIPTION:"),
    "CUSTOMERREF": ("RIFERIMENTO CLIENTE:", "CUSTOMER REFERENCE:"),
    "BRASCRMATTENTIONTO": ("ALL'ATTENZIONE DI:", "ATTENTION TO:"),
    "DLVEMAIL": ("E-MAIL DI CONSEGNA:", "DELIVERY E-MAIL:"),
    "SALESORIGINID": ("ORIGINE VENDITE:", "SALES ORIGIN:"),
    "DLVMODE": ("MODALITÀ DI CONSEGNA:", "MODE OF DELIVERY:"),
    "VATNUM": ("PARTITA IVA:", "VAT NUMBER:"),
    "QUOTE": ("PREVENTIVO:", "QUOTE:"),
    "LANGUAGEID": ("LINGUA:", "LANGUAGE:"),
    "COMPLETEDDATE": ("DATA COMPLETAMENTO:", "COMPLETED DATE:"),
    "TEXTEXTERNAL": ("TESTO ORDINE ESTERNO:", "ORDER TEXT EXTERNAL:"),
    "TEXTINTERNAL": ("TESTO ORDINE INTERNO:", "ORDER TEXT INTERNAL:"),
    "SALESTYPE": ("TIPO DI ORDINE:", "ORDER TYPE:"),
    "SALESSTATUS": ("STATO:", "STATE:"),
    "DOCUMENTSTATUS": ("STATO DEL DOCUMENT:", "DOCUMENT STATE:"),
    "TRANSFERSTATUS": ("STATO DEL TRASFERIMENTO:", "TRANSFER STATE:"),
    "TRANSFERREDDATE": ("DATA DEL TRASFERIMENTO:", "TRANSFERRED DATE:"),
    "LINEDISC": ("SCONTO LINEA:", "LINE DISCOUNT:"),
    "MANUALDISCOUNT": ("APPLICA SCONTO %:", "APPLY DISCOUNT %:"),
    "PRICEGROUPID": ("GRUPPO DI PREZZO:", "PRICE GROUP:"),
    "ENDDISC": ("SCONTO FINALE:", "END DISCOUNT:"),
    "MULTILINEDISC": ("SCONTO MULTILINEA:", "MULTILINE DISCOUNT:"),
    "GROSSAMOUNT": ("IMPORTO LORDO:", "GROSS AMOUNT:"),
    "AmountTotal": ("IMPORTO TOTALE:", "TOTAL AMOUNT:"),
    "DISCPERCENT": ("SCONTO TOTALE %:", "TOTAL DISCOUNT %:"),
    **CUSTOMER_TEXTS,
}


def preferred(accept_language: str) -> str:
    """Italian when that is what the browser asks for first, else English."""
    return "it" if accept_language.strip().lower().startswith("it") else "en"


def text(key: str, language: str, **values: str) -> str:
    """The words for a key."""
    italian, english = TEXTS[key]
    words = italian if language == "it" else english
    return words.format(**values) if values else words


def enum_text(name: str, value: int, language: str) -> str:
    """An enumeration's value in words."""
    italian, english = ENUMS[name][value]
    return italian if language == "it" else english
