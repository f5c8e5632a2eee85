"""The crash matrix, written down beforehand: which cells there are, which cannot be, how each may end."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product


class Operation(StrEnum):
    SUBMIT = "submit-order"
    SEND = "send-to-verona"
    CREATE = "create-customer"
    DELETE = "delete-order"


class Boundary(StrEnum):
    """Where the operation stands when something dies, in the order in which it gets there."""

    BEFORE_INTENT = "before the intent"
    QUEUED = "queued"
    BEFORE_GATE = "before the gate"
    ROW_WRITTEN = "row written but request not sent"
    REQUEST_SENT = "request sent"
    RESPONSE_LOST = "response lost"
    BEFORE_SAVE = "before save"
    AFTER_SAVE = "after save"
    IN_COMMIT = "inside the local transaction"
    AFTER_COMMIT = "after the local transaction"
    AFTER_CLEAR = "after clear"
    PROBE = "during the probe"
    UNDO = "during undo"


class Death(StrEnum):
    SERVER = "SIGKILL of server"
    BROWSER = "SIGKILL of browser"
    PAGE = "page crash"
    POSTGRES_RESTART = "Postgres restart"
    POSTGRES_DOWN = "Postgres down 5 s"
    CLOSED = "connection closed without a byte"
    HANGS = "ERP hangs"
    SESSION = "session expiry"
    CALLER = "caller gone"


class End(StrEnum):
    """What a key may have come to, and what the ERP then holds of it."""

    DONE = "succeeded"  # one effect, one record, one answer
    REFUSED = "refused"  # the ERP's refusal; net zero
    REVIEW = "under review"  # at most one effect; a person looks


@dataclass(frozen=True)
class Cell:
    """One death at one boundary of one operation."""

    operation: Operation
    boundary: Boundary
    death: Death

    def __str__(self) -> str:
        return f"{self.operation}: {self.death}, {self.boundary}"


@dataclass(frozen=True)
class Allowed:
    """The ends that are right for a cell, and why it is not simply done."""

    ends: frozenset[End]
    reason: str = ""


B, D = Boundary, Death

NO_PAGE = frozenset({B.BEFORE_INTENT, B.QUEUED, B.IN_COMMIT, B.AFTER_COMMIT, B.AFTER_CLEAR})
"""Boundaries at which no browser context of the operation is open."""
NO_REQUEST = frozenset({B.BEFORE_SAVE, B.AFTER_SAVE, B.IN_COMMIT, B.AFTER_COMMIT, B.AFTER_CLEAR})
"""Boundaries behind which the operation asks the ERP nothing more."""


def impossible(cell: Cell) -> str:
    """Why there is no such cell; empty for one that can be reached."""
    if cell.boundary is B.UNDO and cell.operation is not Operation.SUBMIT:
        return "nothing of it can stand half done in the ERP, so there is no undo"
    if cell.boundary in NO_PAGE and cell.death is D.PAGE:
        return "no page of the operation is open then"
    if cell.boundary in NO_REQUEST and cell.death is D.CLOSED:
        return "no request to the ERP is under way or follows: no connection that could be closed"
    return ""


def allowed(cell: Cell) -> Allowed:
    """How the cell may end. Whatever the end, the ERP holds at most one effect of the key."""
    if cell.boundary is B.UNDO:
        return Allowed(frozenset({End.REFUSED}), "the ERP refuses it; our draft is deleted")
    if cell.operation is Operation.SEND:
        return _allowed_send(cell)
    return Allowed(frozenset({End.DONE}))


def _allowed_send(cell: Cell) -> Allowed:
    """A send that may have left and still shows `Modifica` is never sent again (design §4.4)."""
    held, either = frozenset({End.REVIEW}), frozenset({End.REVIEW, End.DONE})
    if cell.boundary is B.ROW_WRITTEN and cell.death in {D.SERVER, D.CLOSED, D.HANGS}:
        return Allowed(
            held, "the row says that it may have left, and the ERP never shows it as sent"
        )
    if cell.boundary is B.ROW_WRITTEN and cell.death in {D.BROWSER, D.PAGE}:
        return Allowed(either, "the gate sends it itself, once: from the driver, which may live on")
    if cell.boundary is B.ROW_WRITTEN and cell.death in {D.POSTGRES_RESTART, D.POSTGRES_DOWN}:
        return Allowed(
            either, "the row may say that it left: held, unless the gate kept that it stopped it"
        )
    if cell.boundary is B.REQUEST_SENT and cell.death in {D.CLOSED, D.HANGS}:
        return Allowed(held, "it left the browser and never reached the ERP, which nobody can see")
    if cell.boundary in {B.ROW_WRITTEN, B.REQUEST_SENT} and cell.death is D.SESSION:
        return Allowed(either, "held, unless the ERP's answer (its login page) counts as a refusal")
    return Allowed(frozenset({End.DONE}))


def cells() -> Iterator[Cell]:
    """All of them: 4 operations, 13 boundaries, 9 deaths."""
    for operation, boundary, death in product(Operation, Boundary, Death):
        yield Cell(operation, boundary, death)


# What `make test` runs: the cells in which a bot that is only careful would do it twice, or lose it.
REPRESENTATIVE = (
    Cell(Operation.SUBMIT, B.REQUEST_SENT, D.SERVER),
    Cell(Operation.SUBMIT, B.RESPONSE_LOST, D.CLOSED),
    Cell(Operation.SEND, B.RESPONSE_LOST, D.BROWSER),
    Cell(Operation.CREATE, B.BEFORE_SAVE, D.POSTGRES_RESTART),
    Cell(Operation.DELETE, B.IN_COMMIT, D.SERVER),
)
