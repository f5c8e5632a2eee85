"""Node's client by TLS, with a token or a certificate, to a real server; and what it refuses to do."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.app import running
from server.callers import hashed, new_token
from server.config import Config
from tests.certificates import Authority
from tests.client_node.backend import NodeError, backend, evaluated
from tests.end_to_end.parts import USER
from tests.test_callers import written

TOKEN = new_token()
CALLERS = f"""
[shop]
agents = ["{USER}"]
tokens = ["{hashed(TOKEN)}"]
[office]
agents = ["*"]
certificates = ["CN=office"]
"""
REFUSED = """
import { Client } from "@archibald/bot-client";
const told = [];
for (const [server, options] of %s) {
  try {
    new Client(server, options).close();
    told.push(null);
  } catch (error) {
    told.push(`${error.name}: ${error.message}`);
  }
}
console.log(JSON.stringify(told));
"""


async def listed(server: str, **options: Any) -> list[Any]:
    """The operations that a client sees."""
    async with backend(server, patienceMs=0, **options) as node:
        found: list[Any] = await node.ask("listOperations", request={"user_ids": [USER]})
        return found


async def refusal(server: str, **options: Any) -> str:
    with pytest.raises(NodeError) as refused:
        await listed(server, **options)
    return str(refused.value.facts["status"])


async def test_it_calls_by_tls_with_a_token_or_a_certificate(
    config: Config, database: str, tmp_path: Path
) -> None:
    """Without a name, or of an authority that nobody trusts, nobody is let in."""
    authority, stranger = Authority(tmp_path), Authority(tmp_path, "stranger")
    certificate, key = authority.issue("server")
    ours, our_key = authority.issue("office")
    guarded = replace(
        config,
        database_url=database,
        tls_certificate=certificate,
        tls_key=key,
        callers_file=written(tmp_path, CALLERS),
    )
    ca = str(authority.certificate)
    by_certificate = {"ca": ca, "certificate": str(ours), "key": str(our_key)}
    async with running(guarded) as address:
        server = address.replace("127.0.0.1", "localhost")
        assert await listed(server, ca=ca, token=TOKEN) == []
        assert await refusal(server, ca=ca, token="wrong") == "UNAUTHENTICATED"
        assert await refusal(server, ca=ca) == "UNAUTHENTICATED"
        assert await refusal(server, ca=str(stranger.certificate), token=TOKEN) == "UNAVAILABLE"
        assert await refusal(server, token=TOKEN) == "UNAVAILABLE"
    async with running(replace(guarded, tls_client_ca=authority.certificate)) as address:
        server = address.replace("127.0.0.1", "localhost")
        assert await listed(server, **by_certificate) == []
        assert await refusal(server, ca=ca, token=TOKEN) == "UNAVAILABLE"


async def test_it_refuses_what_does_not_fit_together() -> None:
    """As the Python client does; the token is not in what it says."""
    cases = (
        '[["127.0.0.1:1", {token: "s-4711"}], ["192.0.2.1:1", {token: "s-4711"}],'
        '["127.0.0.1:1,192.0.2.1:1", {token: "s-4711"}], ["192.0.2.1:1", {token: "s-4711", tls: true}],'
        '["127.0.0.1:1", {certificate: "c.pem"}], ["127.0.0.1:1", {key: "k.pem"}],'
        '["127.0.0.1:1", {ca: "/none.pem"}]]'
    )
    told = await evaluated(REFUSED % cases)
    assert [each is None for each in told] == [True, False, False, True, False, False, False]
    assert all("in the clear" in each for each in told[1:3])
    assert all("belong together" in each for each in told[4:6])
    assert "/none.pem" in told[6]
    assert "s-4711" not in str(told)
