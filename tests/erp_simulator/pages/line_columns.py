"""The column model of the lines grid."""

from tests.erp_simulator.grids import Column

ARTICLE, DISCOUNT, QUANTITY = 12, 23, 25  # model columns of the editors
VISIBLE: dict[int, tuple[str, str, str, str]] = {  # model index: field, kind, Italian, English
    14: ("LINENUM", "quantity", "LINEA:", "LINE:"),
    12: ("INVENTTABLE.NAME", "text", "NOME ARTICOLO:", "ITEM NAME:"),
    25: ("QTYORDERED", "quantity", "QTÀ ORDINATA", "QTY ORDERED"),
    27: ("SALESPRICE", "money", "UNITÀ DI PREZZO:", "UNIT PRICE:"),
    16: ("LINEPERCENT", "percent", "SCONTO %:", "DISCOUNT %:"),
    23: ("MANUALDISCOUNT", "percent", "APPLICA SCONTO %:", "APPLY DISCOUNT %:"),
    15: ("LINEAMOUNT", "money", "IMPORTO DELLA LINEA", "LINE AMOUNT"),
    5: ("BRASNETPRICE", "check", "PREZZO NETTO:", "NET PRICE:"),
    24: ("NAME", "text", "NOME", "NAME"),
}
COMMANDS = {0: "select", 1: "inline", 2: "edit"}
HIDDEN = {3: "ID", 6: "CREATEDBY", 7: "CREATEDDATETIME", 11: "INVENTTABLE.ID", 13: "LINEDISC",
          17: "MODIFIEDBY", 26: "REMAINSALESFINANCIAL"}  # fmt: skip
MODEL_COLUMNS = 28


def line_columns(language: str) -> list[Column]:
    """The model's columns; the visible ones stand in another order than the model."""
    side = 2 if language == "it" else 3
    columns = [Column(HIDDEN.get(n, f"FIELD{n}"), "", hidden=True) for n in range(MODEL_COLUMNS)]
    for index, words in VISIBLE.items():
        columns[index] = Column(words[0], words[side], words[1])
    for index, kind in COMMANDS.items():
        columns[index] = Column("", "", kind, name=f"{kind.title()}CommandColumn")
    return columns
