"""Reads from a command's options which operation is meant, and what is decided about it."""

import typer

from archibald.v1.operations_pb2 import GiveUp, Landed, LookAgain, NotDone, OperationName
from archibald_client.desk import Decision, Named
from archibald_client.options import OperationType


def named(operation_id: str, user: str, type_: OperationType | None, key: str) -> Named:
    """The operation's id, or its name by agent, type and key.

    Raises:
        typer.BadParameter: it is neither, or both.
    """
    if operation_id and (user or type_ or key):
        raise typer.BadParameter("give the ID, or --user, --type and --key, not both")
    if operation_id:
        return operation_id
    if not (user and type_ and key):
        raise typer.BadParameter("name the operation: its ID, or --user, --type and --key")
    return OperationName(user_id=user, operation_type=type_.value, operation_key=key)


def decision_of(*, look_again: bool, landed: str, not_done: bool, give_up: bool) -> Decision:
    """The one decision.

    Raises:
        typer.BadParameter: there is none, or several.
    """
    given: list[Decision] = []
    given += [LookAgain()] if look_again else []
    given += [Landed(erp_id=landed)] if landed else []
    given += [NotDone()] if not_done else []
    given += [GiveUp()] if give_up else []
    if len(given) != 1:
        raise typer.BadParameter(
            "decide one thing: --look-again, --landed ERP_ID, --not-done or --give-up"
        )
    return given[0]
