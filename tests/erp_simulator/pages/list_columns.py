"""The column model of the orders list: what is visible, and what is not."""

from tests.erp_simulator.grids import Column

VISIBLE = (
    ("ID", "ID", "ID", "integer"),
    ("SALESID", "ID DI VENDITA", "SALES ID", "text"),
    ("CUSTACCOUNT", "PROFILO CLIENTE:", "CUSTOMER PROFILE:", "text"),
    ("SALESNAME", "NOME VENDITE:", "SALES NAME:", "text"),
    ("DELIVERYNAME", "NOME DI CONSEGNA", "DELIVERY NAME", "text"),
    ("DLVADDRESS", "INDIRIZZO DI CONSEGNA", "DELIVERY ADDRESS", "lines"),
    ("CREATEDDATETIME", "DATA DI CREAZIONE", "CREATED DATE", "moment"),
    ("DELIVERYDATE", "DATA DI CONSEGNA", "DELIVERY DATE", "date"),
    ("PURCHORDERFORMNUM", "RIMANI VENDITE FINANZIARIE", "REMAIN SALES FINANCIAL", "text"),
    ("CUSTOMERREF", "RIFERIMENTO CLIENTE", "CUSTOMER REFERENCE", "text"),
    ("SALESSTATUS", "STATO DELLE VENDITE", "SALES STATUS", "combo"),
    ("SALESTYPE", "TIPO DI ORDINE", "ORDER TYPE", "combo"),
    ("DOCUMENTSTATUS", "STATO DEL DOCUMENTO", "DOCUMENT STATUS", "combo"),
    ("SALESORIGINID.DESCRIPTION", "ORIGINE VENDITE:", "SALES ORIGIN:", "text"),
    ("TRANSFERSTATUS", "STATO DEL TRASFERIMENTO", "TRANSFER STATUS", "combo"),
    ("TRANSFERREDDATE", "DATA DI TRASFERIMENTO", "TRANSFERRED DATE", "date"),
    ("COMPLETEDDATE", "DATA DI COMPLETAMENTO", "COMPLETED DATE", "date"),
    ("QUOTE", "PREVENTIVO:", "QUOTE:", "combo"),
    ("MANUALDISCOUNT", "APPLICA SCONTO %:", "APPLY DISCOUNT %:", "percent"),
    ("GROSSAMOUNT", "IMPORTO LORDO:", "GROSS AMOUNT:", "money"),
    ("AmountTotal", "IMPORTO TOTALE", "TOTAL AMOUNT", "money"),
    ("SAMPLEORDER", "ORDINE OMAGGIO:", "SAMPLE ORDER:", "check"),
    ("EMAIL", "E-MAIL", "E-MAIL", "text"),
)
HIDDEN = (
    "BRASCRMATTENTIONTO", "BRASCRMOPENSUNDAY", "CREATEDBY", "CUSTTABLE.NAME",
    "CUSTTABLE.EXTERNALACCOUNTNUM", "DATAAREAID", "DISCPERCENT", "DISCPERCENTCUS", "DLVCITY",
    "DLVCOUNTRYREGIONID", "DLVCOUNTY", "DLVEMAIL", "DLVLOGISTICSADDRESSZIPCODE.ZIPCODE",
    "DLVMODE.TXT", "DLVSTATE", "DLVSTREET", "DLVTERM.TXT", "DLVZIPCODE", "ENDDISC.NAME",
    "ENDDISCCUS.NAME", "ENDDISCPERCENTCUS", "LANGUAGEID", "LINEDISC.NAME", "LINEDISCCUS.NAME",
    "MODIFIEDBY", "MODIFIEDDATETIME", "MULTILINEDISC.ID", "MULTILINEDISCCUS.NAME", "PHONE",
    "PRICEGROUPID.NAME", "PRICEGROUPIDCUS.NAME", "REFID", "SALESGROUP.NAME", "SALESPOOLID.NAME",
    "TAXGROUP.ID", "TEXTEXTERNAL", "TEXTINTERNAL", "URL", "VATNUM", "WORKERSALESTAKER",
)  # fmt: skip


def orders_columns(language: str) -> list[Column]:
    """All columns of the model, the two command columns first."""
    side = 1 if language == "it" else 2
    shown = [Column(entry[0], entry[side], entry[3]) for entry in VISIBLE]
    commands = [Column("", "", "select", name="SelectionCommandColumn"),
                Column("", "", "edit", name="EditCommandColumn")]  # fmt: skip
    return commands + shown + [Column(name, name, hidden=True) for name in HIDDEN]
