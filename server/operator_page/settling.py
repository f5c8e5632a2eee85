"""The form that settles an operation under review: checked, decided and kept by ResolveOperation's own code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import RedirectResponse, Response

from archibald.v1.operations_pb2 import (
    GetOperationRequest,
    GiveUp,
    Landed,
    LookAgain,
    NotDone,
    OperationName,
    ResolveOperationRequest,
)
from server.errors import InvalidRequestError, NotUnderReviewError, UserBusyError
from server.operations_service import OperationsService
from server.operator_page.asked import Asked
from server.operator_page.looking import NO_FAULTS, Looking
from server.statuses import italian

_FIELDS: Mapping[str, str] = {
    "note": "note",
    "decision": "decision",
    "landed.erp_id": "erp_id",
}
_NEWER = (
    "Nel frattempo c'è stato un altro tentativo: guarda che cosa ha trovato, poi decidi di nuovo. "
    "(There was another attempt meanwhile: look at it, then decide again.)"
)


@dataclass(frozen=True)
class Settling:
    """Where the form leads."""

    service: OperationsService
    looking: Looking

    async def resolve(self, asked: Asked) -> Response:
        """Settle it, and show what becomes of it; what is wrong with the form is told beside its fields."""
        form = await asked.form()
        name = OperationName(operation_id=str(asked.request.path_params["id"]))
        filled = {each: form.get(each, "") for each in ("decision", "erp_id", "note")}
        operation = (
            await self.service.get(GetOperationRequest(name=name), asked.address)
        ).operation
        if form.get("attempts") != str(operation.attempts):
            # What was decided was decided about other evidence.
            return await self._again(asked, 409, {"general": [_NEWER]}, filled)
        try:
            await self.service.resolve(_request(name, filled), asked.address)
        except InvalidRequestError as error:
            return await self._again(asked, 422, _faults(error), filled)
        except (NotUnderReviewError, UserBusyError) as error:
            told = f"{italian(error)} ({error.message})"
            return await self._again(asked, 409, {"general": [told]}, filled)
        return RedirectResponse(f"/operations/{name.operation_id}?settled", status_code=303)

    async def _again(
        self, asked: Asked, status: int, faults: dict[str, Any], filled: Mapping[str, str]
    ) -> Response:
        return await self.looking.shown(
            asked, status, faults={**NO_FAULTS, **faults}, filled=filled
        )


def _request(name: OperationName, filled: Mapping[str, str]) -> ResolveOperationRequest:
    request = ResolveOperationRequest(name=name, note=filled["note"])
    match filled["decision"]:
        case "look_again":
            request.look_again.CopyFrom(LookAgain())
        case "landed":
            request.landed.CopyFrom(Landed(erp_id=filled["erp_id"].strip()))
        case "not_done":
            request.not_done.CopyFrom(NotDone())
        case "give_up":
            request.give_up.CopyFrom(GiveUp())
    return request


def _faults(error: InvalidRequestError) -> dict[str, Any]:
    faults: dict[str, Any] = {"general": []}
    for violation in error.violations:
        if field := _FIELDS.get(violation.field):
            faults[field] = violation.description_it
        else:
            faults["general"].append(violation.told(violation.description_it))
    return faults
