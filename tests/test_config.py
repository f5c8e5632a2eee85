"""Settings: read once, checked at start, every mistake named."""

from pathlib import Path

import pytest

from server.config import Config, ConfigError

ERP = {"ARCHIBALD_ERP_URL": "http://127.0.0.1:8080/Archibald"}
TLS = {"ARCHIBALD_TLS_CERTIFICATE": "c", "ARCHIBALD_TLS_KEY": "k"}


def test_settings_are_read_by_name_and_type() -> None:
    """ARCHIBALD_ + the field's name, with its type."""
    config = Config.from_env(
        ERP
        | {
            "ARCHIBALD_POOL_SIZE": "3",
            "ARCHIBALD_TIME_SCALE": "0.5",
            "ARCHIBALD_ALLOW_UNCONFIRMED": "true",
            "ARCHIBALD_DATA_DIR": "data",
            "ARCHIBALD_CHROMIUM": "",
            "PATH": "/bin",
        }
    )
    assert config.pool_size == 3
    assert config.time_scale == 0.5
    assert config.allow_unconfirmed
    assert config.data_dir == Path("data")
    assert config.chromium is None


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "ARCHIBALD_ERP_URL is required"),
        ({"ARCHIBALD_ERP_URL": "http://127.0.0.1/Archibald/"}, "ends in /Archibald"),
        ({"ARCHIBALD_ERP_URL": "ftp://127.0.0.1/Archibald"}, "ARCHIBALD_ERP_URL"),
        (ERP | {"ARCHIBALD_POOLSIZE": "3"}, "ARCHIBALD_POOLSIZE is not a setting"),
        (ERP | {"ARCHIBALD_POOL_SIZE": "three"}, "ARCHIBALD_POOL_SIZE must be a number"),
        (ERP | {"ARCHIBALD_POOL_SIZE": "0"}, "ARCHIBALD_POOL_SIZE must be at least 1"),
        (ERP | {"ARCHIBALD_START_BY": "0"}, "ARCHIBALD_START_BY must be greater than 0"),
        (ERP | {"ARCHIBALD_ALLOW_UNCONFIRMED": "perhaps"}, "must be true or false"),
        (ERP | {"ARCHIBALD_LISTEN": "50051"}, "HOST:PORT"),
        (
            ERP | {"ARCHIBALD_LISTEN": "192.0.2.1:50051"},
            "no loopback.*TLS.*and to know its callers",
        ),
        (ERP | TLS | {"ARCHIBALD_LISTEN": "0.0.0.0:1"}, "needs to know its callers.*--insecure"),
        (
            ERP | {"ARCHIBALD_LISTEN": "[::]:1", "ARCHIBALD_CALLERS_FILE": "c"},
            r"needs TLS \(set ARCHIBALD_TLS_CERTIFICATE and ARCHIBALD_TLS_KEY\); docs/callers.md",
        ),
        (ERP | {"ARCHIBALD_TLS_KEY": "k"}, "belong together"),
        (ERP | TLS | {"ARCHIBALD_TLS_CLIENT_CA": "ca"}, "needs .* a ARCHIBALD_CALLERS_FILE"),
        (ERP | {"ARCHIBALD_METRICS_LISTEN": "0.0.0.0:9000"}, "METRICS_LISTEN must be a loopback"),
        (ERP | {"ARCHIBALD_OPERATOR_PAGE": "0.0.0.0:8080"}, "OPERATOR_PAGE must be a loopback"),
        (ERP | {"ARCHIBALD_OPERATOR_PAGE": "8080"}, "OPERATOR_PAGE must be HOST:PORT"),
        (ERP | {"ARCHIBALD_SECRET_KEY": "k", "ARCHIBALD_SECRET_KEY_FILE": "f"}, "not both"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(environ: dict[str, str], named: str) -> None:
    """Nothing starts half configured."""
    with pytest.raises(ConfigError, match=named):
        Config.from_env(environ)


@pytest.mark.parametrize(
    "environ", [TLS | {"ARCHIBALD_CALLERS_FILE": "c"}, {"ARCHIBALD_INSECURE": "true"}]
)
def test_others_are_served_by_tls_to_known_callers_or_knowingly_in_the_clear(
    environ: dict[str, str],
) -> None:
    """Nothing between the two can be set."""
    config = Config.from_env(ERP | environ | {"ARCHIBALD_LISTEN": "0.0.0.0:50051"})
    assert config.listen == "0.0.0.0:50051"


def test_the_secret_key_is_not_shown() -> None:
    """A logged configuration shows no key."""
    assert "s3cret" not in repr(Config(erp_url=ERP["ARCHIBALD_ERP_URL"], secret_key="s3cret"))
