"""What the page calls things: Italian for people, English beside it, and the tone in which it is shown."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Tone = Literal["good", "bad", "look", "busy", "quiet"]


class Words(NamedTuple):
    """A label in both languages; the tone chooses a colour, which never says anything alone."""

    it: str
    en: str
    tone: Tone = "quiet"


STATES: Mapping[str, Words] = {
    "NEEDS_REVIEW": Words("Da controllare", "under review", "look"),
    "QUEUED": Words("In coda", "queued", "busy"),
    "RUNNING": Words("In corso", "running", "busy"),
    "WRITING": Words("Scrittura in corso", "writing", "busy"),
    "VERIFYING": Words("In verifica", "verifying", "busy"),
    "UNDOING": Words("Annullamento della bozza", "undoing", "busy"),
    "CONFIRMED": Words("Confermata da Archibald", "confirmed", "busy"),
    "SUCCEEDED": Words("Riuscita", "succeeded", "good"),
    "FAILED": Words("Non riuscita", "failed", "bad"),
    "CANCELLED": Words("Annullata", "cancelled"),
    "ABANDONED": Words("Abbandonata", "abandoned"),
}
ENDED = ("SUCCEEDED", "FAILED", "CANCELLED", "ABANDONED")
REVIEW = "NEEDS_REVIEW"
LIVE = tuple(state for state in STATES if state not in {REVIEW, *ENDED})

TYPES: Mapping[str, Words] = {
    "submit-order": Words("Inserimento ordine", "submit-order"),
    "send-to-verona": Words("Invio a Verona", "send-to-verona"),
    "create-customer": Words("Nuovo cliente", "create-customer"),
    "delete-order": Words("Eliminazione ordine", "delete-order"),
}

PARTS: Mapping[str, Words] = {
    "erp": Words("Archibald", "ERP"),
    "database": Words("Database", "database"),
    "pool": Words("Browser", "browsers"),
}

POOL: Mapping[str, Words] = {
    "in_use": Words("al lavoro", "at work"),
    "waiting": Words("in attesa di un browser", "waiting"),
    "idle": Words("sessioni pronte", "signed in"),
}


class Choice(NamedTuple):
    """One way to settle an operation under review: docs/under-review.md says when."""

    value: str
    words: Words
    when: Words


CHOICES = (
    Choice(
        "look_again",
        Words("Rileggi Archibald", "look again"),
        Words(
            "Non è ancora chiaro, o Archibald non rispondeva: viene riletto, nulla viene inserito.",
            "It is not clear yet, or the ERP was away: it is read back, nothing is entered.",
        ),
    ),
    Choice(
        "landed",
        Words("È in Archibald", "landed"),
        Words(
            "È lì, completo: indica il suo ID. Archibald viene letto prima di crederci.",
            "It is there, complete: give its id. The ERP is read before you are believed.",
        ),
    ),
    Choice(
        "not_done",
        Words("Non è stato fatto", "not done"),
        Words(
            "In Archibald non ce n'è traccia: viene riletto ancora una volta, poi l'operazione riparte.",
            "Nothing of it is there: the ERP is read once more, then the operation runs.",
        ),
    ),
    Choice(
        "give_up",
        Words("Rinuncia", "give up"),
        Words(
            "È doppio o a metà e l'hai sistemato a mano, o non serve più. La chiave è chiusa per sempre.",
            "It is there twice or half and mended by hand, or nobody wants it. The key is at its end.",
        ),
    ),
)
DECISIONS: Mapping[str, Words] = {choice.value: choice.words for choice in CHOICES}


def state_words(state: str) -> Words:
    """Of a state, also of one that a newer server knows."""
    return STATES.get(state, Words(state, state))


def type_words(operation_type: str) -> Words:
    """Of a type, also of one that a newer server knows."""
    return TYPES.get(operation_type, Words(operation_type, operation_type))
