"""Each boundary as a statement or a request to stop at, and the state in which the operation is then."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.crash.table import Boundary, Cell, Operation
from tests.proxies.erp import ErpProxy, Wanted
from tests.proxies.http import Asked
from tests.proxies.postgres import PostgresProxy

B = Boundary

# The one statement of each step, as it is sent: blanks are one, values stand behind it.
INTENT = r"INSERT INTO agents\.operations AS mine"
CLAIM = r"generation = generation \+ 1"
GATE = r"write_seq = write_seq \+ 1"
SAVE = r"INSERT INTO agents\.bot_results"
SUCCESS = r"UPDATE agents\.operations SET state.*SUCCEEDED"
CLEAR = r"DELETE FROM agents\.bot_results WHERE"


def is_login(asked: Asked) -> bool:
    """The login's post."""
    return asked.method == "POST" and asked.path.endswith("/Login.aspx")


def is_list(asked: Asked) -> bool:
    """A list's page."""
    return asked.method == "GET" and asked.path.endswith("_ListView_Agent/")


def is_reading(asked: Asked) -> bool:
    """A list's page, or that of one object as it stands: all that a read-back is made of."""
    viewed = "mode=View" in asked.query and "_DetailView" in asked.path
    return asked.method == "GET" and (viewed or is_list(asked))


def _menu(page: str, item: str) -> Wanted:
    """An item of a page's main menu: an index, by which the simulator's menus know it."""

    def wanted(asked: Asked) -> bool:
        parameter = asked.field("__CALLBACKPARAM")
        return page in asked.path and parameter.startswith(f"c0:Vertical$mainMenu:{item}:")

    return wanted


def is_customer(asked: Asked) -> bool:
    """The first immediate post of a new order that has no number yet: the customer's selection."""
    new = asked.path.endswith("/SALESTABLE_DetailViewAgent/")
    return new and asked.field("__CALLBACKPARAM") == "c0:::XafCallback"


def is_line(asked: Asked) -> bool:
    """A line's commit."""
    return "UPDATEEDIT" in asked.field("__CALLBACKPARAM")


is_order_save = _menu("/SALESTABLE_DetailViewAgent/", "1i1")
is_customer_save = _menu("/CUSTTABLE_DetailView/", "1i0")
is_send = _menu("/SALESTABLE_ListView_Agent/", "4")
is_delete = _menu("/SALESTABLE_ListView_Agent/", "1")

# The request at which it can first come to two of something.
FIRST_WRITE: Mapping[Operation, Wanted] = {
    Operation.SUBMIT: is_customer,
    Operation.SEND: is_send,
    Operation.CREATE: is_customer_save,
    Operation.DELETE: is_delete,
}
# The request after whose loss most is at stake.
LAST_WRITE: Mapping[Operation, Wanted] = {**FIRST_WRITE, Operation.SUBMIT: is_order_save}
# The request whose loss makes a read-back; of an order, one that leaves a draft to be completed.
READ_BACK: Mapping[Operation, Wanted] = {**FIRST_WRITE, Operation.SUBMIT: is_line}

# Where the journal stands at the boundary; None: nowhere yet.
STATES: Mapping[Boundary, str | None] = {
    B.BEFORE_INTENT: None,
    B.QUEUED: "QUEUED",
    B.BEFORE_GATE: "RUNNING",
    B.ROW_WRITTEN: "WRITING",
    B.REQUEST_SENT: "WRITING",
    B.RESPONSE_LOST: "WRITING",
    B.BEFORE_SAVE: "WRITING",
    B.AFTER_SAVE: "CONFIRMED",
    B.IN_COMMIT: "CONFIRMED",
    B.AFTER_COMMIT: "SUCCEEDED",
    B.AFTER_CLEAR: "SUCCEEDED",
    B.PROBE: "VERIFYING",
    B.UNDO: "UNDOING",
}
_BEFORE = {
    B.BEFORE_INTENT: INTENT,
    B.QUEUED: CLAIM,
    B.BEFORE_SAVE: SAVE,
    B.IN_COMMIT: SUCCESS,
    B.AFTER_COMMIT: CLEAR,
}
_AFTER = {B.ROW_WRITTEN: GATE, B.AFTER_SAVE: SAVE, B.AFTER_CLEAR: CLEAR}
AT_POSTGRES = _BEFORE.keys() | _AFTER.keys()


@dataclass(frozen=True)
class Stops:
    """The two proxies between which an operation runs."""

    erp: ErpProxy
    postgres: PostgresProxy

    async def reach(self, cell: Cell) -> None:
        """Return when the operation, started by somebody else, stands at the cell's boundary."""
        if cell.boundary is B.PROBE:
            # Only an interruption is read back: the ERP does it, and its answer never comes.
            await self.erp.reached.wait()
            self.erp.drop()
            self.erp.stop_before(is_reading)
        held = self.postgres if cell.boundary in AT_POSTGRES else self.erp
        await held.reached.wait()

    def arm(self, cell: Cell) -> None:
        """Say where to stop, before the operation is started."""
        match cell.boundary:
            case at if at in _BEFORE:
                self.postgres.stop_before(_BEFORE[at])
            case at if at in _AFTER:
                self.postgres.stop_after(_AFTER[at])
            case B.BEFORE_GATE:
                self.erp.stop_before(is_list)
            case B.REQUEST_SENT:
                self.erp.stop_before(FIRST_WRITE[cell.operation])
            case B.RESPONSE_LOST:
                self.erp.stop_after(LAST_WRITE[cell.operation])
            case B.PROBE:
                self.erp.stop_after(READ_BACK[cell.operation])
            case B.UNDO:
                self.erp.stop_before(is_delete)

    def let_go(self) -> None:
        """Let go on what is held."""
        self.postgres.let_go()
        self.erp.let_go()

    def mend(self) -> None:
        """Hold, lose and stop nothing any more."""
        self.let_go()
        self.postgres.mend()
        self.erp.mend()
