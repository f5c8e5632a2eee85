"""How far an order has come, in the words of both languages: the one place that knows them."""

from typing import Literal

# draft: it can be sent and deleted; failed: it was sent, and Verona refused it (erp-reference §3.2).
Transfer = Literal["draft", "failed", "sent"]

_DRAFT = frozenset({"modifica", "edit", "modified", "open_order_modified"})
_FAILED = frozenset({"transfer error", "errore di trasferimento", "errore trasferimento"})
_JOURNAL = frozenset({"giornale", "journal"})


def transfer(text: str) -> Transfer:
    """The code of a transfer status as the ERP shows it.

    Every word that does not say draft or failure is a later state: waiting, approved, transferred.

    Raises:
        ValueError: the text is blank, which is a field that was not read and no status.
    """
    word = " ".join(text.split()).casefold()
    if not word:
        raise ValueError("no transfer status")
    if word in _DRAFT:
        return "draft"
    return "failed" if word in _FAILED else "sent"


def is_journal(text: str) -> bool:
    """Whether an order's type is still the agent's journal, not yet Verona's sales order."""
    return " ".join(text.split()).casefold() in _JOURNAL
