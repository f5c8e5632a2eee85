"""The file of callers: whose token it is, for which agents, and what is wrong with it."""

from pathlib import Path

import pytest
import structlog

from server.callers import Callers, CallersError, hashed, new_token

TOKEN = new_token()
SHOP = f"""
[shop]
agents = ["A001", "A002"]
tokens = ["{hashed(TOKEN)}"]
[office]
agents = ["*"]
certificates = ["CN=office,O=Acme"]
"""


def written(folder: Path, text: str) -> Path:
    """The file, new as an operator's editor leaves it: put in the old one's place."""
    fresh, file = folder / "new", folder / "callers.toml"
    fresh.write_text(text)
    fresh.chmod(0o600)
    fresh.replace(file)
    return file


def test_a_token_or_a_certificate_names_the_caller(tmp_path: Path) -> None:
    """And the caller acts for its own agents alone, or for all."""
    callers = Callers(written(tmp_path, SHOP))
    shop, office = callers.by_token(TOKEN), callers.by_certificate("CN=office,O=Acme")
    assert shop
    assert office
    assert (shop.name, office.name) == ("shop", "office")
    assert [shop.may_act_for(agent) for agent in ("A001", "A003", "*", "")] == [
        True,
        False,
        False,
        False,
    ]
    assert office.may_act_for("A003")
    assert callers.by_token(hashed(TOKEN)) is None
    assert callers.by_token("") is None
    assert callers.by_certificate("CN=shop") is None


def test_a_changed_file_holds_at_once_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    """A token that is taken out is nobody's from the next call on; a slip of the pen is told, once."""
    callers = Callers(written(tmp_path, SHOP))
    written(tmp_path, "[shop")
    with structlog.testing.capture_logs() as events:
        assert callers.by_token(TOKEN)
        assert callers.by_token(TOKEN)
    assert [event["event"] for event in events] == ["callers_unusable"]
    written(tmp_path, SHOP.replace(hashed(TOKEN), hashed("another")))
    assert callers.by_token(TOKEN) is None
    (tmp_path / "callers.toml").unlink()
    assert callers.by_token("another")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no caller"),
        ("[shop", "not TOML"),
        ("shop = 1", "must be a table"),
        ('["a b"]\nagents = ["A001"]', "must be a table named by"),
        ('[a]\nagents = ["A001"]', "could never call"),
        ('[a]\nagents = []\ntokens = ["' + "0" * 64 + '"]', "agents must name some"),
        ('[a]\nagents = ["*", "A001"]\ntokens = ["' + "0" * 64 + '"]', "alone"),
        ('[a]\nagents = "A001"', "agents must be a list of texts"),
        ('[a]\nagent = ["A001"]', "agent is none of"),
        ('[a]\nagents = ["A001"]\ntokens = ["secret"]', "SHA-256"),
        (SHOP + f'[b]\nagents = ["*"]\ntokens = ["{hashed(TOKEN)}"]', "that is shop's already"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(tmp_path: Path, text: str, why: str) -> None:
    """With the file's name, and without a token's hash."""
    with pytest.raises(CallersError, match=why) as error:
        Callers(written(tmp_path, text))
    assert str(tmp_path) in str(error.value)
    assert hashed(TOKEN) not in str(error.value)


def test_a_file_that_others_may_change_is_refused(tmp_path: Path) -> None:
    """Whoever writes it lets himself in."""
    file = written(tmp_path, SHOP)
    file.chmod(0o620)
    with pytest.raises(CallersError, match=f"chmod go-w {file}"):
        Callers(file)
    with pytest.raises(CallersError, match="cannot be read"):
        Callers(tmp_path / "nothing")
