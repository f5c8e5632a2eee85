"""The column models of the customers list and of a customer's alternate addresses."""

from tests.erp_simulator.grids import Column

COLUMNS = (
    ("ID", "ID", "ID", "integer"),
    ("ACCOUNTNUM", "PROFILO CLIENTE:", "CUSTOMER PROFILE:", "text"),
    ("NAME", "NOME", "NAME", "text"),
    ("VATNUM", "PARTITA IVA:", "VAT NUMBER:", "text"),
    ("LEGALEMAIL", "PEC:", "PEC:", "text"),
    ("LEGALAUTHORITY", "SDI:", "SDI:", "text"),
    ("FISCALCODE", "CODICE FISCALE:", "FISCAL CODE:", "text"),
    ("DLVMODE.TXT", "TERMINI DI CONSEGNA", "DELIVERY TERMS", "text"),
    ("STREET", "VIA:", "STREET:", "text"),
    ("LOGISTICSADDRESSZIPCODE.ZIPCODE", "INDIRIZZO LOGISTICO CAP", "LOGISTICS ADDRESS ZIP", "text"),
    ("CITY", "CITTÀ", "CITY", "text"),
    ("PHONE", "TELEFONO:", "PHONE:", "text"),
    ("CELLULARPHONE", "CELLULARE:", "CELLULAR PHONE:", "text"),
    ("URL", "URL:", "URL:", "text"),
    ("BRASCRMATTENTIONTO", "ALL'ATTENZIONE DI:", "ATTENTION TO:", "text"),
    ("LASTORDERDATE", "DATA DELL'ULTIMO ORDINE", "LAST ORDER DATE", "date"),
    ("ORDERCOUNTACT", "CONTEGGI DEGLI ORDINI EFFETTIVI", "ORDER COUNT ACTUAL", "number"),
    ("SALESACT", "TIPO DI CLIENTE", "SALES ACTUAL", "money"),
    ("ORDERCOUNTPREV", "CONTEGGIO DEGLI ORDINI PRECEDENTE", "ORDER COUNT PREVIOUS", "number"),
    ("SALESPREV", "VENDITE PRECEDENTE", "SALES PREVIOUS", "money"),
    ("ORDERCOUNTPREV2", "CONTEGGIO DEGLI ORDINI PRECEDENTE 2", "ORDER COUNT PREVIOUS 2", "number"),
    ("SALESPREV2", "VENDITE PRECEDENTE", "SALES PREVIOUS 2", "money"),
    ("BUSRELTYPEID.TYPEDESCRIPTION", "DESCRIZIONE:", "DESCRIPTION:", "text"),
    ("BUSRELTYPEID.TYPEID", "TYPE:", "TYPE:", "text"),
    ("EXTERNALACCOUNTNUM", "NUMERO DI CONTO ESTERNO", "EXTERNAL ACCOUNT NUMBER", "text"),
    ("OURACCOUNTNUM", "IL NOSTRO NUMERO DI CONTO", "OUR ACCOUNT NUMBER", "text"),
)
ADDRESS_COLUMNS: dict[int, tuple[str, str, str]] = {  # model index: field, Italian, English
    4: ("TYPE", "TIPO", "TYPE"),
    5: ("NAME", "NOME", "NAME"),
    6: ("STREET", "VIA:", "STREET:"),
    7: ("LOGISTICSADDRESSZIPCODE", "INDIRIZZO LOGISTICO CODICE POSTALE", "LOGISTICS ADDRESS ZIP"),
    8: ("CITY", "CITTÀ", "CITY"),
    9: ("COUNTY", "CONTEA", "COUNTY"),
    10: ("STATE", "STATO", "STATE"),
    11: ("COUNTRYREGIONID", "ID REGIONE CONTEA", "COUNTRY REGION ID"),
}
ADDRESS_COMMANDS = {0: "select", 1: "inline", 2: "edit"}


def customers_columns(language: str) -> list[Column]:
    """All columns of the list's model, the two command columns first."""
    side = 1 if language == "it" else 2
    commands = [Column("", "", "select", name="SelectionCommandColumn"),
                Column("", "", "edit", name="EditCommandColumn")]  # fmt: skip
    return commands + [Column(entry[0], entry[side], entry[3]) for entry in COLUMNS]


def address_columns(language: str) -> list[Column]:
    """All columns of the model of the alternate addresses."""
    side = 1 if language == "it" else 2
    columns = [Column("", "", name=f"Column{n}", hidden=True) for n in range(12)]
    columns[3] = Column("ID", "ID", hidden=True)
    for index, words in ADDRESS_COLUMNS.items():
        columns[index] = Column(words[0], words[side])
    for index, kind in ADDRESS_COMMANDS.items():
        columns[index] = Column("", "", kind, name=f"{kind.title()}CommandColumn")
    return columns
