"""docs/errors.md, the contract, the server's table and the Python client say the same of every reason."""

import re
from pathlib import Path

from google.rpc import code_pb2

from archibald_client.kinds import BY_REASON
from tests.details import KINDS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "errors.md").read_text()
ROW = re.compile(r"^\| `([A-Z_]+)` \| ([A-Z_]+) \| (.+?) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
IN_CONTRACT = re.compile(r"^//   ([A-Z_]+)  +((?:[A-Z_]+(?:, *)?)+)(?:  .*)?$", re.MULTILINE)

# Reasons that the client gives itself, because the server had no say.
OF_THE_CLIENT = {"SERVER_UNREACHABLE", "DEADLINE_EXCEEDED", "BROKEN_CONTRACT", "UNAVAILABLE"}
# No server answers it any more: who loses an operation to another server follows it there.
OF_OLD_SERVERS = {"FENCED"}


def statuses() -> dict[str, str]:
    return {reason: code_pb2.Code.Name(kind.code) for reason, kind in KINDS.items()}


def test_the_page_has_every_reason_with_its_status() -> None:
    """Nothing undocumented is answered, nothing documented does not exist; each says when, and what to do."""
    rows = {reason: status for reason, status, *_ in ROW.findall(PAGE)}
    assert rows == statuses()
    assert len(ROW.findall(PAGE)) == len(rows)


def test_the_page_names_the_details_that_are_sent() -> None:
    """BadRequest and RetryInfo stand where they are sent, and only there."""
    for reason, _, _, _, details in ROW.findall(PAGE):
        kind = KINDS[reason]
        assert ("`RetryInfo`" in details) == (kind.retry_after is not None), reason
        assert ("`BadRequest`" in details) == (kind.code == code_pb2.INVALID_ARGUMENT), reason


def test_the_contract_says_the_same() -> None:
    """Its table is BotService's; OperationsService's reasons stand with their rpcs."""
    folder = ROOT / "protos" / "archibald" / "v1"
    table = {
        reason: status
        for status, reasons in IN_CONTRACT.findall((folder / "bot.proto").read_text())
        for reason in reasons.replace(",", " ").split()
    }
    assert table.items() <= statuses().items()
    others = (folder / "operations.proto").read_text()
    for reason in set(statuses()) - set(table):
        assert reason in others, reason


def test_the_client_knows_what_the_page_says() -> None:
    """Every class of the client's is a reason of the page with its status, or the client's own."""
    server = statuses()
    for reason, kind in BY_REASON.items():
        if reason not in OF_THE_CLIENT | OF_OLD_SERVERS:
            assert kind.default_status == server[reason]
    for reason in OF_THE_CLIENT & set(BY_REASON):
        assert reason not in server
