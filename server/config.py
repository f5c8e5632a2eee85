"""Every setting of the server in one typed place, read from the environment once, checked at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "ARCHIBALD_"
_PROJECT = Path(__file__).resolve().parent.parent


class ConfigError(Exception):
    """A setting is missing or wrong; the message names the variable and what is allowed."""


def default_data_dir() -> Path:
    """Where embedded Postgres, keys and artifacts live: in the project, for root in /var/lib.

    Postgres refuses to run as root, so root's data must lie where another uid can reach it, which a
    checkout below a private home is not.
    """
    return Path("/var/lib/archibald-bot") if os.geteuid() == 0 else _PROJECT / ".data"


@dataclass(frozen=True, kw_only=True)
class Config:
    """The server's settings; each is the variable ``ARCHIBALD_`` + its name in capitals.

    All times are seconds.
    """

    # The ERP's base URL, ending in /Archibald. There is no default: none may point at a real host.
    erp_url: str
    # Postgres to use. Empty: an embedded one below data_dir, which serves this one server.
    database_url: str | None = None
    # Address to serve on; port 0 picks a free one. Other than loopback needs TLS and callers.
    listen: str = "127.0.0.1:50051"
    # The server's certificate (with its chain) and key, PEM; read again when they change.
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    # Only certificates that this CA signed may connect. Empty: tokens tell callers apart.
    tls_client_ca: Path | None = None
    # Who may call, and for which agents (server/callers.py); read again when it changes.
    callers_file: Path | None = None
    # Serve whoever can connect, in the clear, also beyond loopback. Only where the network itself is closed.
    insecure: bool = False
    # The most bytes of one request, and the most calls that one connection has at once: more calls wait.
    message_bytes: int = 4 * 1024**2
    streams_per_connection: int = 200
    # Address of Prometheus metrics, loopback only as well. Empty: none.
    metrics_listen: str | None = None
    # Address of the operator's page, loopback only; callers sign in with their tokens. Empty: none.
    operator_page: str | None = None
    # Where everything lies that must survive a restart.
    data_dir: Path = field(default_factory=default_data_dir)
    # Path of a Chromium. Empty: chromium-headless-shell, chromium, Playwright's own, in this order.
    chromium: str | None = None
    # Key for secrets at rest, or a file (mode 0600) holding it. Both empty: made in data_dir once.
    secret_key: str | None = field(default=None, repr=False)
    secret_key_file: Path | None = None
    # requests.toml was written from documents; until a recording confirms it, say so knowingly.
    allow_unconfirmed: bool = False
    # Accept a certificate that nobody signed: the ERP's own is like that.
    erp_insecure_tls: bool = False
    # The ERP refuses text that looks like markup (ASP.NET's request validation): refuse it at the edge.
    erp_request_validation: bool = False
    # The most characters that the ERP keeps in DESCRIZIONE where its input names no limit.
    marker_field_length: int = 60
    # An operation that has not written by then ends as EXPIRED; two hours is within a working day.
    start_by: float = 7200.0
    # Browser contexts at work at once; two cores carry ten (design §1).
    pool_size: int = 10
    # How long an operation waits for one of them before it says so.
    pool_timeout: float = 600.0
    # How many may wait at once; whoever comes then hears it at once.
    pool_waiting: int = 1000
    # Browser processes; a crash takes the contexts of one.
    browsers: int = 2
    # Contexts that a browser opens in its life; then another one takes its place.
    contexts_per_browser: int = 500
    # Idle contexts that are kept signed in, and for how long: idle, since their login, operations in them.
    idle_contexts: int = 60
    idle_for: float = 1800.0
    context_age: float = 28_800.0
    context_uses: int = 200
    # Whether pages load their pictures. Nothing is read from them, and they are six of seven of a page's
    # files, each of which routing asks of this process (docs/performance.md). To be set should something
    # on a new version of the site be too small to be clicked without its picture.
    images: bool = False
    # Bytes of all browsers together (PSS) above which idle contexts go, the longest idle first.
    browser_memory: int = 6 * 1024**3
    # Longer than the longest write ever seen (a line commit of 5 minutes): past it, outcome unknown.
    write_timeout: float = 600.0
    # How long an order may still show as not sent after its send; past it the outcome is unknown.
    erp_lag_max: float = 600.0
    # All waits for the site are multiplied by this; below 1 only against a fast simulator.
    time_scale: float = 1.0
    # How long the ERP's answer is tried to be saved while the database is away.
    save_for: float = 60.0
    # A server's lease on its operations, and how often it is renewed; browsers die with the lease.
    lease: float = 15.0
    lease_renewal: float = 3.0
    # Added to another machine's lapsed lease before its browsers are taken for dead.
    guardian_margin: float = 5.0
    # Attempts that ended before anything was sent are made again after these pauses, then it has failed.
    retry_delays: tuple[float, ...] = (10.0, 30.0, 60.0)
    # How often what was entered and is proved absent from the ERP is entered again; then it has failed.
    most_reruns: int = 5
    # Pause before the ERP is read back again, when that settled nothing or the ERP was away.
    verify_pause: float = 15.0
    # For how long read-backs that settle nothing are repeated before a person has to look.
    verify_for: float = 300.0
    # Longer than any request of the ERP ever took: after it, and with the old session gone, nothing of
    # an interrupted attempt can still be on its way.
    quiet_time: float = 600.0
    # From asking the journal whether a write may leave to sending it; one that is later is not sent. The
    # quiet time counts from the journal's row, so this belongs to it.
    send_within: float = 5.0
    # Whether an operation is ever entered again after a write may have left: always, or never.
    rerun_past_gate: str = "always"
    # How often what others left is looked for, behind NOTIFY; dead neighbours on this machine too.
    completer_poll: float = 5.0
    neighbour_poll: float = 0.5
    # How often database, ERP and browsers are looked at for the health service.
    readiness_poll: float = 2.0
    # How often what is under review is counted, and told in the log also when it has not changed.
    review_poll: float = 10.0
    review_told: float = 300.0
    # Logins in a row that the ERP did not answer, after which one operation at a time tries.
    circuit_failures: int = 3
    circuit_pause: float = 15.0
    # How long a browser may take to close a context before it is killed.
    close_timeout: float = 5.0
    # How long a page at work may say nothing at all, frozen or in a script without end, before it is closed.
    page_timeout: float = 5.0
    # Days after success that a request's body is kept; then attempts, steps and artifacts go as well.
    keep_requests_days: float = 7.0
    keep_attempts_days: float = 30.0
    # Days that it is kept who asked what.
    keep_audit_days: float = 365.0
    # Failed attempts whose screenshot and trace are kept, and the bytes they may take: the oldest go.
    artifacts_kept: int = 200
    artifacts_bytes: int = 1_000_000_000
    # Of which attempts a trace holds pictures of the page all along: always, retries (whatever went wrong once
    # is filmed the next time), or never. They are taken of good attempts, too: a fifth of all processor time
    # (docs/performance.md). Without them a failed attempt still leaves its last look and its actions.
    trace_pictures: str = "retries"
    # On SIGTERM: how long running operations may finish.
    drain_timeout: float = 120.0
    # Database connections; ten operations need fewer, a burst of replays more.
    database_pool_size: int = 10
    # How long a statement may take, and a connection be waited for.
    database_timeout: float = 10.0

    def __post_init__(self) -> None:
        """Refuse what cannot work, naming the variable."""
        url = urlsplit(self.erp_url)
        if (
            url.scheme not in {"http", "https"}
            or not url.hostname
            or not url.path.endswith("/Archibald")
        ):
            raise ConfigError(
                f"{PREFIX}ERP_URL must be an http(s) URL that ends in /Archibald, without a slash behind it"
            )
        self._check_listen()
        self._check_own_ports()
        if self.secret_key and self.secret_key_file:
            raise ConfigError(f"set {PREFIX}SECRET_KEY or {PREFIX}SECRET_KEY_FILE, not both")
        if self.trace_pictures not in {"always", "retries", "never"}:
            raise ConfigError(f"{PREFIX}TRACE_PICTURES must be always, retries or never")
        if self.rerun_past_gate not in {"always", "never"}:
            raise ConfigError(f"{PREFIX}RERUN_PAST_GATE must be always or never")
        if self.lease < 3 * self.lease_renewal:
            raise ConfigError(f"{PREFIX}LEASE must be at least three times {PREFIX}LEASE_RENEWAL")
        for item in fields(self):
            if item.type is int and getattr(self, item.name) < 1:
                raise ConfigError(f"{PREFIX}{item.name.upper()} must be at least 1")
            if item.type is float and getattr(self, item.name) <= 0:
                raise ConfigError(f"{PREFIX}{item.name.upper()} must be greater than 0")

    def _check_listen(self) -> None:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ConfigError(
                f"{PREFIX}TLS_CERTIFICATE and {PREFIX}TLS_KEY belong together: set both"
            )
        if self.tls_client_ca and not (self.tls_certificate and self.callers_file):
            raise ConfigError(
                f"{PREFIX}TLS_CLIENT_CA needs {PREFIX}TLS_CERTIFICATE and {PREFIX}TLS_KEY, and a "
                f"{PREFIX}CALLERS_FILE that says whose a client's certificate is"
            )
        if _is_loopback("LISTEN", self.listen) or self.insecure:
            return
        missing = []
        if not self.tls_certificate:
            missing.append(f"TLS (set {PREFIX}TLS_CERTIFICATE and {PREFIX}TLS_KEY)")
        if not self.callers_file:
            missing.append(f"to know its callers (set {PREFIX}CALLERS_FILE)")
        if missing:
            raise ConfigError(
                f"{PREFIX}LISTEN is no loopback address: others can reach it, and that needs "
                f"{' and '.join(missing)}; docs/callers.md says how. Where the network itself is "
                "closed, --insecure serves whoever can connect"
            )

    def _check_own_ports(self) -> None:
        if self.metrics_listen is not None and not _is_loopback(
            "METRICS_LISTEN", self.metrics_listen
        ):
            raise ConfigError(
                f"{PREFIX}METRICS_LISTEN must be a loopback address: whoever can connect may read it"
            )
        if self.operator_page is not None and not _is_loopback("OPERATOR_PAGE", self.operator_page):
            raise ConfigError(
                f"{PREFIX}OPERATOR_PAGE must be a loopback address: it has no TLS; "
                "a reverse proxy or an SSH tunnel on this machine leads others to it"
            )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the settings; an unknown ``ARCHIBALD_…`` name is an error, for it is a misspelt one.

        Raises:
            ConfigError: naming the variable and what is allowed.
        """
        environ = os.environ if environ is None else environ
        known = {item.name: item for item in fields(cls)}
        values: dict[str, object] = {}
        for variable, text in environ.items():
            if not variable.startswith(PREFIX) or variable in _OTHERS:
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in known:
                raise ConfigError(f"{variable} is not a setting; see server/config.py for the list")
            if text:
                values[name] = _parse(variable, known[name].type, text)
        if "erp_url" not in values:
            raise ConfigError(
                f"{PREFIX}ERP_URL is required: the ERP's base URL, ending in /Archibald"
            )
        return cls(**values)  # type: ignore[arg-type]  # built by name from the fields' own types


# Variables with our prefix that are read elsewhere: by the client, and by the tests.
_OTHERS = frozenset(
    {
        "ARCHIBALD_SERVER",
        "ARCHIBALD_TOKEN",
        "ARCHIBALD_CA",
        "ARCHIBALD_CERTIFICATE",
        "ARCHIBALD_KEY",
        "ARCHIBALD_TEST_DATABASE_URL",
    }
)


def _is_loopback(name: str, address: str) -> bool:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ConfigError(f"{PREFIX}{name} must be HOST:PORT, for example 127.0.0.1:50051")
    return host in {"127.0.0.1", "localhost", "[::1]"}


def _parse(variable: str, kind: object, text: str) -> object:
    if kind is bool:
        if text.lower() not in {"1", "true", "yes", "0", "false", "no"}:
            raise ConfigError(f"{variable} must be true or false")
        return text.lower() in {"1", "true", "yes"}
    if kind in {int, float}:
        try:
            return int(text) if kind is int else float(text)
        except ValueError:
            raise ConfigError(f"{variable} must be a number") from None
    if kind is Path or kind == Path | None:
        return Path(text)
    if kind == tuple[float, ...]:
        try:
            return tuple(float(part) for part in text.split(","))
        except ValueError:
            raise ConfigError(f"{variable} must be numbers, with commas between") from None
    return text
