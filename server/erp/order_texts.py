"""What an order's three text fields hold: marker and notes, as they are typed and read back."""

import unicodedata

NO_SHIPPING = "NO SPESE DI SPEDIZIONE"  # the words Verona looks for (erp-reference §3.1.1)


def order_text(notes: str, *, no_shipping: bool) -> str:
    """The whole notes for TESTO ORDINE INTERNO and ESTERNO, the shipping remark on a line before."""
    lines = [NO_SHIPPING] if no_shipping else []
    if notes.strip():
        lines.append(notes)
    return canonical("\n".join(lines))


def description(marker: str, text: str, limit: int) -> str:
    """DESCRIZIONE: the marker first, then as much of the text as the field takes, in one line.

    The limit counts UTF-16 units, as an input's maxLength does; a character is never cut in half.
    """
    line = canonical(f"{marker} {' '.join(text.splitlines())}")
    kept, length = "", 0
    for character in line:
        length += 2 if ord(character) > 0xFFFF else 1
        if length > limit:
            break
        kept += character
    return kept.rstrip()


def canonical(text: str) -> str:
    """The form in which texts are compared: NFC, LF, no blanks at the end."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").rstrip()


def one_line(text: str) -> str:
    """Line breaks and runs of blanks as one blank: names as lookups show them."""
    return " ".join(unicodedata.normalize("NFC", text).split())
