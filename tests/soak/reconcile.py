"""Compares ledger, tables and answers, operation by operation, and says what each has come to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archibald.v1 import bot_pb2 as pb
from server.erp.formats import dotted_id
from tests.erp_simulator.languages import TEXTS
from tests.soak.callers import FAULTS_OF_OURS, Operation
from tests.soak.ledger import Done, Ledger, order_differs

UNSETTLED = {"QUEUED", "RUNNING", "WRITING", "VERIFYING", "UNDOING", "CONFIRMED"}
RIGHT_REFUSALS = {"ERP_REJECTED"}
# What the ERP shows when it does not carry something out: the faults F3, F7 of a merge, and WebForms' own.
REFUSALS = [
    words for name in ("server_error", "error_page", "changed_meanwhile") for words in TEXTS[name]
]

Row = Mapping[str, Any]


@dataclass
class Finding:
    """One operation's end. ``end`` is one word; ``problems`` are (kind, what was found)."""

    number: int
    name: str
    end: str
    state: str = ""
    reason: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, kind: str, text: str) -> None:
        """Note a problem."""
        self.problems.append((kind, text))


@dataclass
class Tables:
    """Our own tables as they stand, by what they are found by."""

    operations: dict[tuple[str, str, str], Row]
    order_records: dict[tuple[str, str], Row]
    order_lines: Counter[tuple[str, str]]
    customers: dict[tuple[str, str], Row]
    pending_orders: dict[str, Row]
    bot_results: Sequence[Row]


def reconcile(
    operations: Mapping[int, Operation], ledger: Ledger, tables: Tables | None
) -> list[Finding]:
    """A finding for every operation; ``tables`` is None for a service without a journal."""
    return [_Case(one, ledger, tables, operations).finding() for one in operations.values()]


def strays(ledger: Ledger, tables: Tables | None) -> list[str]:
    """What is there without an operation that could have caused it."""
    found = [f"{one['kind']} {one['id']} by {one['user']}" for one in ledger.strays]
    if tables is not None:
        found += [f"bot_results {row['operation_key']}" for row in tables.bot_results]
    return found


class _Case:
    """One operation before the judge."""

    def __init__(
        self,
        one: Operation,
        ledger: Ledger,
        tables: Tables | None,
        operations: Mapping[int, Operation],
    ) -> None:
        self.one = one
        self.planned = one.planned
        self.done = ledger.of.get(one.planned.number, Done())
        self.ledger = ledger
        self.tables = tables
        self.operations = operations
        self.row: Row | None = None
        if tables is not None and one.request is not None:
            key = (self.planned.user, self.planned.kind, key_of(one))
            self.row = tables.operations.get(key)

    def finding(self) -> Finding:
        """What it has come to, and what is wrong about it."""
        found = Finding(self.planned.number, self.planned.name, self._end())
        if self.row is not None:
            found.state = str(self.row["state"])
            found.reason = str((self.row["error"] or {}).get("reason", ""))
        found.reason = found.reason or (self.one.refusals[-1].reason if self.one.refusals else "")
        found.facts = {"created": self.done.created, "deleted": self.done.deleted,
                       "sent": self.done.sent, "wrong": self.planned.wrong}  # fmt: skip
        if found.end == "skipped":
            return found
        self._never_twice(found)
        self._same_answer(found)
        if found.end == "succeeded":
            if self.planned.wrong:
                found.add("answers", f"succeeded in spite of {self.planned.wrong}")
            self._is_there(found)
        elif found.end in {"rejected", "failed", "wrongly rejected", "expired"}:
            self._nothing_is_left(found)
        if self.tables is not None:
            self._tables_agree(found, self.tables)
        return found

    def _end(self) -> str:
        one, row = self.one, self.row
        if one.skipped or not one.started:
            return "skipped"
        if self.tables is None:
            state = "SUCCEEDED" if one.results else "FAILED"
        else:
            state = "never accepted" if row is None else str(row["state"])
        ends = {"SUCCEEDED": "succeeded", "NEEDS_REVIEW": "under review"} | dict.fromkeys(
            UNSETTLED, "unsettled"
        )
        if state != "FAILED":
            return ends.get(state, state.lower())
        reasons = {answer.reason for answer in one.refusals}
        if row is not None and row["error"]:
            reasons = {str(row["error"]["reason"])}
        if reasons & RIGHT_REFUSALS:
            return "rejected" if self._must_be_refused() else "wrongly rejected"
        return "expired" if "EXPIRED" in reasons else "failed"

    def _must_be_refused(self) -> bool:
        """Whether the plan says so, or the ERP did in words of its own."""
        told = " ".join(answer.message for answer in self.one.refusals)
        return bool(self.planned.wrong) or any(words in told for words in REFUSALS)

    # The laws -----------------------------------------------------------------------------------

    def _never_twice(self, found: Finding) -> None:
        for what in ("created", "sent"):
            ids = getattr(self.done, what)
            if len(ids) > 1:
                found.add("duplicate", f"{what} {len(ids)} times: {', '.join(ids)}")

    def _same_answer(self, found: Finding) -> None:
        if len(self.one.results) > 1:
            found.add("answers", f"{len(self.one.results)} different results for one key")
        reasons = [one.reason for one in self.one.refusals]
        refused = [one for one in reasons if one not in {"OUTCOME_UNKNOWN", *FAULTS_OF_OURS}]
        if any(one in FAULTS_OF_OURS for one in reasons):
            found.add("internal", "a caller was told of a fault of ours")
        if self.one.results and refused:
            found.add("answers", f"a result for one caller, {', '.join(refused)} for another")

    def _is_there(self, found: Finding) -> None:
        kind, number = self.planned.kind, self._number()
        if kind == "submit-order":
            self._order_is_there(found, number)
        elif kind == "send-to-verona" and not self.done.sent:
            found.add("lost", f"order {number} is said to be sent, and was not")
        elif kind == "delete-order" and number in self.ledger.orders:
            found.add("lost", f"order {number} is said to be deleted, and stands")
        elif kind == "create-customer" and number not in self.ledger.customers:
            found.add("lost", f"customer {number} is said to be there, and is not")

    def _order_is_there(self, found: Finding, number: str) -> None:
        if any(number in done.deleted for done in self.ledger.of.values()):
            return  # by its own later deletion, which is judged by itself
        if number not in self.ledger.orders:
            found.add("lost", f"order {number} is said to be there, and is not")
            return
        if number not in self.done.created:
            found.add("lost", f"order {number} is not the one that was made: {self.done.created}")
        differs = order_differs(self.ledger.orders[number], self.one.request)
        if differs and not self._told_differences():
            found.add("lost", f"order {number} is not as asked: {differs}")

    def _told_differences(self) -> bool:
        results = [pb.SubmitOrderResult.FromString(one) for one in self.one.results]
        return any(result.verification.differences for result in results)

    def _nothing_is_left(self, found: Finding) -> None:
        if self.done.net > 0:
            found.add("lost", f"said to have failed, and left behind {self.done.created}")
        if self.done.sent or (self.planned.kind == "delete-order" and self.done.deleted):
            found.add("lost", "said to have failed, and was done")

    def _number(self) -> str:
        if self.planned.kind in {"send-to-verona", "delete-order"}:
            return str(self.one.request.order_id).replace(".", "")
        if self.row is not None and self.row["erp_id"]:
            return str(self.row["erp_id"])
        return self.one.order_id

    # Our own tables -----------------------------------------------------------------------------

    def _tables_agree(self, found: Finding, tables: Tables) -> None:
        kind = self.planned.kind
        if found.end in {"failed", "rejected"} and kind == "submit-order":
            pending = tables.pending_orders.get(self.one.request.pending_order_id)
            if pending is not None and pending["status"] == "syncing":
                found.add("tables", "the pending order is still shown as on its way")
        if found.end != "succeeded":
            return
        name = dotted_id(self._number())
        record = tables.order_records.get((name, self.planned.user))
        if kind == "create-customer":
            row = tables.customers.get((name, self.planned.user))
            if row is None or row["bot_status"] != "placed":
                found.add("tables", f"no placed customer {name}")
        elif kind == "submit-order":
            self._order_is_recorded(found, tables, name, record)
        elif kind == "send-to-verona":
            if record is None or record["current_state"] != "inviato_verona":
                found.add("tables", f"order {name} is not recorded as sent")
        elif record is not None:
            found.add("tables", f"order {name} is still recorded")

    def _order_is_recorded(
        self, found: Finding, tables: Tables, name: str, record: Row | None
    ) -> None:
        gone = any(self._number() in done.deleted for done in self.ledger.of.values())
        if self.one.request.pending_order_id in tables.pending_orders:
            found.add("tables", "the pending order is still there")
        lines = tables.order_lines[name, self.planned.user]
        wanted = 0 if gone else len(self.one.request.items)
        if (record is None) != gone or lines != wanted:
            found.add("tables", f"order {name} is recorded with {lines} lines, not {wanted}")


def key_of(one: Operation) -> str:
    """The operation's default key, as the contract says it."""
    request: Any = one.request
    by_kind = {
        "submit-order": "pending_order_id", "send-to-verona": "order_id",
        "create-customer": "name", "delete-order": "order_id",
    }  # fmt: skip
    text = str(getattr(request, by_kind[one.planned.kind]))
    return text.replace(".", "") if by_kind[one.planned.kind] == "order_id" else text


def totals(findings: Sequence[Finding]) -> Counter[str]:
    """How many operations came to which end, and how many have which kind of problem."""
    counted = Counter(found.end for found in findings)
    for found in findings:
        counted.update({kind for kind, _ in found.problems})
    return counted
