"""The server's certificate, from files that are read again when they have changed: a renewal needs no restart."""

import ssl
from pathlib import Path

import grpc
import structlog

log = structlog.get_logger(__name__)


class TlsError(Exception):
    """A file of it cannot be used; the message says which, and what to do."""


def server_credentials(
    certificate: Path, key: Path, client_ca: Path | None
) -> grpc.ServerCredentials:
    """Credentials that follow the files; with ``client_ca`` only its certificates may connect.

    Raises:
        TlsError: the files cannot be used.
    """
    files = _Files(certificate, key, client_ca)
    return grpc.dynamic_ssl_server_credentials(
        files.read(),
        files.changed,  # type: ignore[arg-type]  # None is an answer too, says gRPC's documentation
        require_client_authentication=client_ca is not None,
    )


class _Files:
    """The three files, and the state in which they were read last."""

    def __init__(self, certificate: Path, key: Path, client_ca: Path | None) -> None:
        self._certificate, self._key, self._client_ca = certificate, key, client_ca
        self._stamp = self._look()

    def read(self) -> grpc.ServerCertificateConfiguration:
        """What is in them now."""
        try:
            if self._key.stat().st_mode & 0o007:
                raise TlsError(f"everybody may read {self._key}: chmod o= {self._key}")
            # A key that is not the certificate's would be noticed by gRPC with the first connection only.
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
                self._certificate, self._key, password=""
            )
            pair = self._key.read_bytes(), self._certificate.read_bytes()
            roots = None if self._client_ca is None else self._client_ca.read_bytes()
            if self._client_ca is not None:
                ssl.create_default_context(cafile=str(self._client_ca))
        except ssl.SSLError as error:
            raise TlsError(
                f"{self._certificate}, {self._key} and {self._client_ca or 'no client CA'} are no "
                f"certificate, its key and a client CA in PEM: {error.reason or error}"
            ) from None
        except OSError as error:
            raise TlsError(f"{error.filename} cannot be read: {error.strerror}") from None
        return grpc.ssl_server_certificate_configuration([pair], roots)

    def changed(self) -> grpc.ServerCertificateConfiguration | None:
        """The new content; None: the old one holds. Asked by gRPC, in its own thread, at each connection."""
        stamp = self._look()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            configuration = self.read()
        except TlsError as error:
            log.error("certificate_unusable", then="the old one holds", why=str(error))  # noqa: TRY400  # its frames tell an operator nothing
            return None
        log.info("certificate_read", file=str(self._certificate))
        return configuration

    def _look(self) -> list[tuple[int, int, int] | None]:
        return [_stamp(file) for file in (self._certificate, self._key, self._client_ca) if file]


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
