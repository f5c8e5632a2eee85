"""Which keys are looked up before they are recorded."""

from server.answered import Answered


def test_the_newest_keys_are_known() -> None:
    """A key that is answered again is a new one; the oldest is forgotten."""
    answered = Answered(most=2)
    for key in ("p-1", "p-2", "p-1", "p-3"):
        answered.add(("A001", "submit-order", key))
    known = [key for key in ("p-1", "p-2", "p-3") if ("A001", "submit-order", key) in answered]
    assert known == ["p-1", "p-3"]
    assert repr(answered) == "<Answered 2 keys>"
