"""Our errors as gRPC statuses: one table, and google.rpc.Status details that no client has to guess.

docs/errors.md says for callers what stands in the table; a test compares the two.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from server import errors
from server.errors import BotError, InvalidRequestError, Violation

DOMAIN = "archibald.v1"
ITALIAN, ENGLISH = "it-IT", "en"

# gRPC's C core drops a status of more than 8,192 bytes of metadata and says RESOURCE_EXHAUSTED instead
# (measured: 7,400 bytes of details pass, 8,000 do not), so that what was wrong would never be heard.
MOST_DETAILS = 6_500
_MOST_TEXT = 500
_MOST_VIOLATIONS = 4_000


class Kind(NamedTuple):
    """How one class of errors is told: status, a sentence for the agent, seconds until a new try makes sense.

    ``italian`` may hold ``{message}``: what the ERP or we had to say, where that helps the agent.
    """

    code: int
    italian: str
    retry_after: int | None = None


# What is not here is a fault of ours: INTERNAL. A subclass is told as its base.
TABLE: Mapping[type[BotError], Kind] = {
    BotError: Kind(
        code_pb2.INTERNAL,
        "Errore interno del servizio: riprova; se si ripete, avvisa l'assistenza.",
    ),
    errors.InvalidRequestError: Kind(
        code_pb2.INVALID_ARGUMENT, "La richiesta non è valida. {message}"
    ),
    errors.NotBuiltError: Kind(
        code_pb2.UNIMPLEMENTED, "Questa versione del servizio non lo fa ancora."
    ),
    errors.UnauthenticatedError: Kind(
        code_pb2.UNAUTHENTICATED,
        "Il programma non è riconosciuto dal servizio: avvisa l'assistenza.",
    ),
    errors.PermissionDeniedError: Kind(
        code_pb2.PERMISSION_DENIED,
        "Questo programma non può agire per l'agente: avvisa l'assistenza.",
    ),
    errors.OperationNotFoundError: Kind(code_pb2.NOT_FOUND, "L'operazione non esiste."),
    errors.KeyReusedError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "Questa operazione è già stata chiesta con altri dati: non è stata ripetuta.",
    ),
    errors.TargetBusyError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "È già in corso un'altra operazione sullo stesso oggetto: attendi che finisca.",
    ),
    errors.TargetAlreadyDoneError: Kind(
        code_pb2.FAILED_PRECONDITION, "È già stato fatto con un'altra richiesta: non va ripetuto."
    ),
    errors.ErpRejectedError: Kind(
        code_pb2.FAILED_PRECONDITION, "Archibald non accetta questi dati: {message}"
    ),
    errors.CustomerAmbiguousError: Kind(
        code_pb2.FAILED_PRECONDITION, "Più clienti corrispondono: scegli il cliente dal suo ID."
    ),
    errors.ErpLoginRejectedError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "Archibald non accetta le credenziali dell'agente, o non sono memorizzate: vanno inserite di nuovo.",
    ),
    errors.ExpiredError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "Il tempo è scaduto prima che qualcosa fosse scritto su Archibald: se serve ancora, riprova.",
    ),
    errors.OutcomeUnknownError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "Non è ancora certo l'esito su Archibald: un operatore lo sta verificando. "
        "Non ripetere l'operazione.",
    ),
    errors.OutcomeAbandonedError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "Un operatore ha verificato e chiuso l'operazione: chiedi a lui prima di rifarla.",
    ),
    errors.LocalCommitPendingError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "Archibald ha eseguito l'operazione; la registrazione da noi segue tra poco. Non ripeterla.",
        retry_after=5,
    ),
    errors.TooLateError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "Non si può più annullare: l'operazione va avanti o è già finita.",
    ),
    errors.NotUnderReviewError: Kind(
        code_pb2.FAILED_PRECONDITION, "L'operazione non è in verifica: non c'è nulla da decidere."
    ),
    errors.UiDriftError: Kind(
        code_pb2.FAILED_PRECONDITION,
        "Il sito di Archibald è cambiato e non è stato scritto nulla: un tecnico deve guardarci.",
    ),
    # Somebody wanted it stopped: no machine should start it again by itself.
    errors.CancelledError: Kind(
        code_pb2.ABORTED, "L'operazione è stata annullata prima di scrivere qualcosa su Archibald."
    ),
    errors.UserBusyError: Kind(
        code_pb2.ABORTED,
        "Un'altra operazione dello stesso agente è in corso: riprova quando è finita.",
        retry_after=5,
    ),
    errors.PoolExhaustedError: Kind(
        code_pb2.RESOURCE_EXHAUSTED,
        "Troppe operazioni in attesa: non è stato scritto nulla, riprova tra poco.",
        retry_after=10,
    ),
    errors.ErpUnavailableError: Kind(
        code_pb2.UNAVAILABLE,
        "Archibald non risponde e non è stato scritto nulla: riprova tra poco.",
        retry_after=2,
    ),
    errors.DatabaseDownError: Kind(
        code_pb2.UNAVAILABLE,
        "Il servizio è momentaneamente fermo: riprova tra poco.",
        retry_after=2,
    ),
    errors.DrainingError: Kind(
        code_pb2.UNAVAILABLE, "Il servizio si sta riavviando: riprova tra poco.", retry_after=2
    ),
}


def status_of(error: BotError) -> status_pb2.Status:
    """The status, with exactly one ErrorInfo, and what else applies; short enough to arrive."""
    kind, reason = _kind(type(error))
    message = _cut(error.message)
    details: list[Message] = [
        error_details_pb2.ErrorInfo(
            reason=reason,
            domain=DOMAIN,
            metadata={name: _cut(value) for name, value in error.metadata.items()},
        )
    ]
    if isinstance(error, InvalidRequestError):
        details.append(_bad_request(error.violations))
    elif kind.code == code_pb2.FAILED_PRECONDITION:
        violation = error_details_pb2.PreconditionFailure.Violation(
            type=reason, description=message
        )
        details.append(error_details_pb2.PreconditionFailure(violations=[violation]))
    if kind.retry_after is not None:
        delay = Duration(seconds=kind.retry_after)
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    for locale, text in ((ITALIAN, italian(error)), (ENGLISH, message)):
        details.append(error_details_pb2.LocalizedMessage(locale=locale, message=text))
    status = status_pb2.Status(code=kind.code, message=message)
    for detail in details:
        status.details.add().Pack(detail)
    return status


def italian(error: BotError) -> str:
    """What the agent is told of it."""
    kind, _ = _kind(type(error))
    message = error.message
    if isinstance(error, InvalidRequestError):
        message = "; ".join(each.told(each.description_it) for each in error.violations)
    return _cut(kind.italian.replace("{message}", message))


def _kind(error: type[BotError]) -> tuple[Kind, str]:
    known = [each for each in error.__mro__ if issubclass(each, BotError) and each in TABLE]
    return TABLE[known[0]], known[0].reason


def _bad_request(violations: Sequence[Violation]) -> error_details_pb2.BadRequest:
    """All that is wrong, or as much of it as fits and the number of the others."""
    told = error_details_pb2.BadRequest()
    for place, violation in enumerate(violations):
        told.field_violations.append(_field_violation(violation))
        left = len(violations) - place
        if told.ByteSize() > _MOST_VIOLATIONS and left > 1:
            del told.field_violations[-1]
            more = Violation(
                "",
                f"{left} more violations are not listed here",
                f"altri {left} errori non sono elencati qui",
            )
            told.field_violations.append(_field_violation(more))
            break
    return told


def _field_violation(violation: Violation) -> error_details_pb2.BadRequest.FieldViolation:
    italian = error_details_pb2.LocalizedMessage(locale=ITALIAN, message=violation.description_it)
    return error_details_pb2.BadRequest.FieldViolation(
        field=violation.field, description=violation.description, localized_message=italian
    )


def _cut(text: str) -> str:
    """Not more than fits: whole characters, with a mark where something is missing."""
    data = text.encode()
    if len(data) <= _MOST_TEXT:
        return text
    return data[: _MOST_TEXT - 3].decode(errors="ignore") + "…"
