"""How a client reaches the server and says who it is: in the clear or by TLS, with a token or a certificate."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

import grpc.aio

_HERE = ("127.", "localhost:", "[::1]:", "unix:", "ipv4:127.", "ipv6:[::1]:")


class Connection(TypedDict, total=False):
    """How a client connects. All of it may be left out: then it connects in the clear, without a name.

    ``token``: says who calls. ``tls``: connect by TLS, and trust whom the system trusts. ``ca``: the PEM
    file of the authority to trust instead. ``certificate`` and ``key``: the client's own, PEM files, where
    the server asks for one. The last three imply ``tls``.
    """

    token: str | None
    tls: bool
    ca: str | Path | None
    certificate: str | Path | None
    key: str | Path | None


def check(server: str, connection: Connection) -> None:
    """Refuse settings that do not fit together, or would give the token away.

    Raises:
        ValueError: it says what to do.
    """
    if bool(connection.get("certificate")) != bool(connection.get("key")):
        raise ValueError("certificate and key belong together: name both files")
    here = all(one.startswith(_HERE) for one in server.split(","))
    if connection.get("token") and not _by_tls(connection) and not here:
        raise ValueError(
            "the token would be sent in the clear, for everybody on the way to read: connect by TLS "
            "(tls), or name the authority that signed the server's certificate (ca)"
        )


def channel_to(
    server: str, options: Sequence[tuple[str, Any]], connection: Connection
) -> grpc.aio.Channel:
    """A channel to the server; it connects with its first call.

    Raises:
        ValueError: as `check`.
        OSError: a file cannot be read.
    """
    check(server, connection)
    if not _by_tls(connection):
        return grpc.aio.insecure_channel(server, options=options)
    ca, key, certificate = (_read(connection.get(name)) for name in ("ca", "key", "certificate"))
    credentials = grpc.ssl_channel_credentials(ca, key, certificate)
    return grpc.aio.secure_channel(server, credentials, options=options)


def metadata_of(connection: Connection) -> tuple[tuple[str, str], ...]:
    """What each call carries: the token.

    Not as gRPC's call credentials: those refuse a connection in the clear, also within one machine.
    """
    token = connection.get("token")
    return (("authorization", f"Bearer {token}"),) if token else ()


def _by_tls(connection: Connection) -> bool:
    return any(connection.get(name) for name in ("tls", "ca", "certificate"))


def _read(file: Any) -> bytes | None:
    return Path(file).read_bytes() if file else None
