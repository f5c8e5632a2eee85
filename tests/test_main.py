"""`python -m server` as its operator types it."""

import re
import subprocess
import sys

from server.callers import hashed

BEYOND = {
    "ARCHIBALD_ERP_URL": "http://127.0.0.1:8080/Archibald",
    "ARCHIBALD_LISTEN": "192.0.2.1:50051",
}


def server(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one run."""
    run = subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr


def test_a_token_comes_with_the_line_for_the_callers_file() -> None:
    """Another one each time, and its hash is what the file needs."""
    tokens = set()
    for _ in range(2):
        code, out, _ = server("token")
        assert code == 0
        [token] = re.findall(r"for the caller: +([\w-]{43})\n", out)
        assert f'tokens = ["{hashed(token)}"]' in out
        tokens.add(token)
    assert len(tokens) == 2


def test_beyond_loopback_it_does_not_start_without_tls_and_callers() -> None:
    """It says what to do, and does nothing; --insecure is a word that must be said."""
    code, out, err = server(**BEYOND)
    assert (code, out) == (2, "")
    for remedy in ("ARCHIBALD_TLS_CERTIFICATE", "ARCHIBALD_CALLERS_FILE", "--insecure"):
        assert remedy in err
    metrics = BEYOND | {"ARCHIBALD_METRICS_LISTEN": "192.0.2.1:9000"}
    code, _, err = server("--insecure", **metrics)
    assert code == 2, "what is wrong now is the other address"
    assert "ARCHIBALD_METRICS_LISTEN must be a loopback address" in err
