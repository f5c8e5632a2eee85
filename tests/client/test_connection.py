"""How the client connects: what it refuses, and what its calls carry."""

from pathlib import Path

import pytest

from archibald_client.connection import Connection, channel_to, check, metadata_of
from tests.client import processes


@pytest.mark.parametrize(
    "server",
    ["127.0.0.1:50051", "localhost:1", "[::1]:1", "ipv4:127.0.0.1:1,127.0.0.2:1", "unix:/run/bot"],
)
def test_a_token_may_go_in_the_clear_within_one_machine(server: str) -> None:
    """Nobody is on the way."""
    check(server, Connection(token="secret"))


@pytest.mark.parametrize(
    "server", ["bot.example:1", "192.0.2.1:1", "127.0.0.1:1,192.0.2.1:1", "localhost.example:1"]
)
def test_a_token_never_goes_in_the_clear_over_a_network(server: str) -> None:
    """By TLS it may; without a token there is nothing to give away."""
    with pytest.raises(ValueError, match="in the clear") as error:
        check(server, Connection(token="secret"))
    assert "secret" not in str(error.value)
    check(server, Connection(token="secret", tls=True))
    check(server, Connection(token="secret", ca="ca.pem"))
    check(server, Connection())


def test_half_a_certificate_and_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    """Before anything is sent."""
    for half in (Connection(certificate="c.pem"), Connection(key="k.pem")):
        with pytest.raises(ValueError, match="belong together"):
            check("127.0.0.1:1", half)
    with pytest.raises(FileNotFoundError):
        channel_to("127.0.0.1:1", (), Connection(ca=tmp_path / "none.pem"))


def test_a_call_carries_the_token() -> None:
    """As a bearer token, and nothing where there is none."""
    assert metadata_of(Connection(token="secret")) == (("authorization", "Bearer secret"),)
    assert metadata_of(Connection(token=None)) == ()


async def test_the_command_line_refuses_what_does_not_fit_together(order_file: str) -> None:
    """Exit 2, and the token is not in what it says."""
    ended = await processes.run(
        *("--file", order_file, "--server", "192.0.2.1:1"),
        environment={"ARCHIBALD_TOKEN": "secret-4711"},
    )
    assert ended.code == 2
    assert "in the clear" in ended.err
    assert "secret-4711" not in ended.err + ended.out
    ended = await processes.run("--file", order_file, environment={"ARCHIBALD_CA": "/none.pem"})
    assert ended.code == 2
    assert "ARCHIBALD_CA" in ended.err
