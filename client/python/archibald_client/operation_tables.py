"""Shows operations to a person: a table of many, a page of one; labels in Italian, English beside them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from google.protobuf.json_format import MessageToJson
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archibald.v1 import operations_pb2
from archibald.v1.operations_pb2 import Artifact, Operation
from archibald_client.progress_bar import Language

_PIPE_WIDTH = 200  # of what is no terminal: a table in a pipe must not be cut

_STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "QUEUED": ("In coda", "queued"),
        "RUNNING": ("In corso", "running"),
        "WRITING": ("Scrittura in corso", "writing"),
        "VERIFYING": ("In verifica", "verifying"),
        "UNDOING": ("Annullamento della bozza", "undoing"),
        "CONFIRMED": ("Confermata da Archibald", "confirmed"),
        "SUCCEEDED": ("Riuscita", "succeeded"),
        "FAILED": ("Non riuscita", "failed"),
        "CANCELLED": ("Annullata", "cancelled"),
        "NEEDS_REVIEW": ("Da controllare", "under review"),
        "ABANDONED": ("Abbandonata", "abandoned"),
    }
)
_STYLES: Mapping[str, str] = MappingProxyType(
    {"SUCCEEDED": "green", "FAILED": "red", "NEEDS_REVIEW": "bold yellow", "ABANDONED": "dim"}
)


def show_list(operations: Iterable[Operation]) -> None:
    """A table of operations, one a line."""
    table = Table(
        "Accettata · accepted", "Agente · agent", "Operazione · operation", "Chiave · key"
    )
    table.add_column("Stato · state")
    table.add_column("ERP")
    table.add_column("Dove · where it is")
    for operation in operations:
        table.add_row(
            _time(operation.accepted_at),
            Text(operation.user_id),
            operation.operation_type,
            Text(operation.operation_key),
            _state(operation),
            operation.erp_id or operation.draft_id,
            Text(_where(operation)),
        )
    _print(table if table.row_count else Text("Nessuna operazione · no operations"))


def show_one(operation: Operation) -> None:
    """All that is known of one operation."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for label, value in _facts(operation):
        if value:
            table.add_row(label, value)
    _print(table)


def show_artifacts(artifacts: Iterable[Artifact]) -> None:
    """A table of files."""
    table = Table("File", "Byte · bytes", "Tipo · type")
    for artifact in artifacts:
        table.add_row(Text(artifact.name), str(artifact.size), artifact.media_type)
    _print(table if table.row_count else Text("Nessun file · no files"))


def _facts(operation: Operation) -> Iterator[tuple[str, str | Text]]:
    yield "Operazione · operation", f"{operation.operation_type} {operation.operation_id}"
    yield "Agente · agent", Text(operation.user_id)
    yield "Chiave · key", Text(operation.operation_key)
    yield "Stato · state", _state(operation)
    yield "Passo · step", Text(_step(operation))
    yield "Oggetto · target", Text(operation.target)
    yield "Nell'ERP · in the ERP", operation.erp_id
    yield "Bozza · draft", operation.draft_id
    yield "Tentativi · attempts", str(operation.attempts)
    yield "Accettata · accepted", _time(operation.accepted_at)
    yield "Prima scrittura · first write", _time(operation.first_write_at)
    yield "Finita · ended", _time(operation.finished_at)
    if operation.duplicate_suspected:
        yield (
            "Attenzione · attention",
            "due ordini possibili · two ERP ids for one key: look at both",
        )
    if operation.HasField("error"):
        error = operation.error
        yield "Errore · error", Text(f"{error.reason}: {error.message}")
        yield "Per l'agente · for the agent", Text(error.message_it)
        for name, value in sorted(error.metadata.items()):
            yield f"  {name}", Text(value)
    if result := operation.WhichOneof("result"):
        text = MessageToJson(
            getattr(operation, result), preserving_proto_field_name=True, ensure_ascii=False
        )
        yield "Risultato · result", Text(text)
    for artifact in operation.artifacts:
        yield "File", Text(f"{artifact.name} ({artifact.size} byte)")


def _where(operation: Operation) -> str:
    if operation.HasField("error"):
        return operation.error.reason
    return "" if operation.HasField("finished_at") else _step(operation)


def _step(operation: Operation) -> str:
    if not operation.HasField("progress"):
        return ""
    step = operation.progress
    label = Language.BOTH.of(step.label_it, step.label_en) or step.step
    return f"{step.percent}% {label}"


def _state(operation: Operation) -> Text:
    name = operations_pb2.OperationState.Name(operation.state).removeprefix("OPERATION_STATE_")
    return Text(Language.BOTH.of(*_STATES.get(name, (name, ""))), style=_STYLES.get(name, ""))


def _time(time: Timestamp) -> str:
    if not time.seconds:
        return ""
    return datetime.fromtimestamp(time.seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _print(what: Table | Text) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    console.print(what)
