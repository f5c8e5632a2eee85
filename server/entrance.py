"""How callers come in: the server's certificate, its file of callers, and what one connection may carry."""

from dataclasses import dataclass, field
from typing import Any

import grpc
import structlog

from server.callers import Callers, CallersError
from server.config import Config, ConfigError
from server.tls import TlsError, server_credentials

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Entrance:
    """What stands before the services; ``callers`` None: everybody, ``credentials`` None: in the clear."""

    callers: Callers | None = None
    credentials: grpc.ServerCredentials | None = field(default=None, repr=False)
    options: tuple[tuple[str, Any], ...] = ()


def entrance(config: Config) -> Entrance:
    """What the settings say.

    Raises:
        ConfigError: a file of theirs cannot be used; the message says which, and what to do.
    """
    if config.insecure:
        log.warning("insecure", listen=config.listen, then="whoever can connect is let in")
    options = (
        ("grpc.max_receive_message_length", config.message_bytes),
        ("grpc.max_concurrent_streams", config.streams_per_connection),
    )
    try:
        callers = Callers(config.callers_file) if config.callers_file else None
    except CallersError as error:
        raise ConfigError(f"ARCHIBALD_CALLERS_FILE: {error}") from error
    if config.tls_certificate is None or config.tls_key is None:
        return Entrance(callers, None, options)
    try:
        tls = server_credentials(config.tls_certificate, config.tls_key, config.tls_client_ca)
    except TlsError as error:
        raise ConfigError(f"ARCHIBALD_TLS_CERTIFICATE and the like: {error}") from error
    return Entrance(callers, tls, options)
