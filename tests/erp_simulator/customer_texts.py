"""The words of the customers' pages in Italian and English."""

CUSTOMER_FILTERS = (
    ("All_Customers", "Tutti i clienti", "All Customers"),
    ("Exclusiv_customers", "Clienti esclusivi", "Exclusiv customers"),
    ("Free_customers", "Clienti liberi", "Free customers"),
)
CUSTOMER_VIEWS = (
    ("CUSTTABLE_CustomerListViewAgent", "Clienti", "Customers"),
    ("CUSTTABLE_RoadmapListViewAgent", "Mappa clienti", "Customers-Roadmap"),
)
BLOCKED = (("No", "No"), ("Fattura:", "Invoice"), ("Completo", "Complete"))
SECTORS = (
    "N/A", "concessionari", "Spett. Studio Dentistico", "Spett. Laboratorio Odontotecnico",
)  # fmt: skip
PRICE_GROUPS = {0: "N/A", 2: "DETTAGLIO (consigliato)"}

CUSTOMER_TEXTS: dict[str, tuple[str, str]] = {
    "SendMessage": ("Invia messaggio", "Send Message"),
    # Tabs.
    "tab.main": ("Principale", "Main"),
    "tab.crm": ("Info CRM", "CRM Infos"),
    "tab.other": ("Altre informazioni", "Other Information"),
    "tab.sales": ("Tabelle di vendita", "Sales-History:"),
    "tab.slips": ("Documento di trasporto del cliente", "Packing Slip-History:"),
    "tab.invoices": ("Fatture dei clienti", "Invoice-History:"),
    "tab.addresses": ("Indirizzo alt.", "Alt. addresses"),
    # Groups and labels.
    "group.customer": ("Dettagli cliente", "Customer details"),
    "group.tax": ("Dati fiscali", "Tax data"),
    "group.terms": ("Condizioni", "Terms"),
    "group.address": ("Indirizzo", "Address"),
    "group.contact": ("Contatto", "Contact"),
    "group.info": ("Informazioni", "Information"),
    "NAME": ("NOME:", "NAME:"),
    "NAMEALIAS": ("NOME DELLA RICERCA:", "SEARCH NAME:"),
    "ACCOUNTNUM": ("PROFILO CLIENTE:", "CUSTOMER PROFILE:"),
    "BLOCKED": ("BLOCCATO:", "BLOCKED:"),
    "VATVALIDE": ("IVA VALIDATA:", "VAT VALIDATED:"),
    "VATLASTCHECKEDDATE": ("ULTIMO CONTROLLO IVA:", "VAT LAST CHECKED:"),
    "VATADDRESS": ("INDIRIZZO IVA:", "VAT ADDRESS:"),
    "FISCALCODE": ("CODICE FISCALE:", "FISCAL CODE:"),
    "FISCALCODEVALIDE": ("CODICE FISCALE VALIDATO:", "FISCAL CODE VALIDATED:"),
    "FISCALCODELASTCHECKDATE": ("ULTIMO CONTROLLO CODICE FISCALE:", "FISCAL CODE LAST CHECKED:"),
    "LEGALEMAIL": ("PEC:", "PEC:"),
    "LEGALAUTHORITY": ("SDI:", "SDI:"),
    "PAYMTERMID": ("TERMINI DI PAGAMENTO:", "TERMS OF PAYMENT:"),
    "BUSINESSSECTORID": ("SETTORE:", "BUSINESS SECTOR:"),
    "CURRENCY": ("VALUTA:", "CURRENCY:"),
    "ADDRESS": ("INDIRIZZO:", "ADDRESS:"),
    "STREET": ("VIA:", "STREET:"),
    "LOGISTICSADDRESSZIPCODE": ("INDIRIZZO LOGISTICO CAP:", "LOGISTICS ADDRESS ZIP CODE:"),
    "CITY": ("CITTÀ:", "CITY:"),
    "COUNTY": ("CONTEA:", "COUNTY:"),
    "STATE": ("STATO:", "STATE:"),
    "COUNTRYREGIONID": ("ID REGIONE CONTEA:", "COUNTRY REGION ID:"),
    "PHONE": ("TELEFONO:", "PHONE:"),
    "CELLULARPHONE": ("CELLULARE:", "CELLULAR PHONE:"),
    "EMAIL": ("E-MAIL:", "E-MAIL:"),
    "URL": ("URL:", "URL:"),
    "CUSTINFO": ("INFORMAZIONI CLIENTE:", "CUSTOMER INFO:"),
    "PRICEGROUP": ("GRUPPO DI PREZZO:", "PRICE GROUP:"),
    # Rules of the save.
    "rule.NAME": ("Nome: non deve essere vuoto.", "Name: must not be empty."),
    "rule.VATNUM": ("Partita IVA: non deve essere vuoto.", "VAT number: must not be empty."),
    "rule.VATVALIDE": (
        "IVA validata: non deve essere uguale a 0",
        "VAT validated: must not be equal to 0",
    ),
    "rule.STREET": ("Via: non deve essere vuoto", "Street: must not be empty"),
    "rule.LOGISTICSADDRESSZIPCODE": (
        "Indirizzo logistico CAP non deve essere vuoto",
        "Logistics address ZIP code must not be empty",
    ),
    "rule.FISCALCODE": (
        "codice fiscale: non deve essere vuoto",
        "fiscal code: must not be empty",
    ),
    "rule.LEGALEMAIL": ("PEC: non deve essere vuoto", "PEC: must not be empty"),
    "rule.LEGALAUTHORITY": ("SDI: non deve essere vuoto", "SDI: must not be empty"),
    "rule.PHONE": (
        "Telefono: il formato non è valido (+391234567).",
        "Phone: the format is not valid (+391234567).",
    ),
    "rule.CELLULARPHONE": (
        "Cellulare: il formato non è valido (+391234567).",
        "Cellular phone: the format is not valid (+391234567).",
    ),
    "rule.URL": ("URL: il formato non è valido.", "URL: the format is not valid."),
    "vat_used": (
        "Il numero IVA è già utilizzato dal cliente con ID: {id}",
        "The VAT number is already used by the customer with ID: {id}",
    ),
    "ignore_warnings": ("Ignora avvisi", "Ignore warnings"),
    "changed_by_another": (
        "L'oggetto è stato modificato da un altro utente (changed by another user).",
        "The object was changed by another user.",
    ),
    "merge": ("Fondersi", "Merge"),
    # Find windows and alternate addresses.
    "find": ("Trova", "Find"),
    "find_ok.title": (
        "OK\nRichiede un singolo oggetto selezionato",
        "OK\nRequires a single object",
    ),
    "clear": ("Clear", "Clear"),
    "ZIPCODE": ("CAP", "ZIP"),
    "DESCRIPTION": ("DESCRIZIONE:", "DESCRIPTION:"),
    "TYPE": ("TIPO", "TYPE"),
    "address_too_early": (
        "Salvare prima il cliente.",
        "Save the customer first.",
    ),
    "address_street": ("Via: non deve essere vuoto", "Street: must not be empty"),
}
