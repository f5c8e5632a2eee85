"""The allow-list as data: what may stand in requests.toml."""

from pathlib import Path

import pytest

from server.erp.rules import Rules

FILE = Path(__file__).parents[2] / "server" / "erp" / "requests.toml"


def test_no_entry_claims_a_recording_that_nobody_made() -> None:
    """Every entry names its source and is unconfirmed; no framework build is vouched for."""
    rules = Rules.load()
    assert len(rules.unconfirmed) >= 20
    assert all("erp-wire §" in entry for entry in rules.unconfirmed)
    assert rules.framework_build == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('source = "erp-wire §1.2"\n', ""),
        ('class = "AUTH"', 'class = "MAYBE"'),
        ('class = "AUTH"', 'class = "WRITE"'),  # a WRITE without a kind
        ('kind = "line"', 'kind = "lime"'),
        ("[[combo]]", "[[cobmo]]"),
        ('target = "customer"', 'target = "anything"'),
    ],
)
def test_a_wrong_entry_is_refused_at_the_start(tmp_path: Path, old: str, new: str) -> None:
    """A slip in the file stops the server instead of opening or closing the gate by accident."""
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    wrong = tmp_path / "requests.toml"
    wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"requests\.toml"):
        Rules.load(wrong)
