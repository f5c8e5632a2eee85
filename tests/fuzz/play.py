"""So many messages of each kind to each rpc, and what they came to as a table."""

from collections import Counter
from dataclasses import dataclass

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.caller import RPCS, Caller
from tests.fuzz.desk import Desk
from tests.fuzz.hostile import spoiled
from tests.fuzz.mangled import mangled
from tests.fuzz.rows import ROWS
from tests.fuzz.sound import SOUND

NOT_PASSED = {"INVALID_REQUEST", "TOO LARGE FOR GRPC"}
# What a refusal at the door is called; everything else got past it.


@dataclass(frozen=True)
class Plan:
    """How many messages each rpc gets: by meaning, by bytes, and whether absurdly large ones as well."""

    semantic: int
    raw: int
    absurd: bool
    seed: int


def play(desk: Desk, plan: Plan) -> Counter[tuple[str, str, str]]:
    """Send them all; fails at the first message that breaks a law, and shows the smallest such."""
    assert set(SOUND) == set(RPCS), "an rpc without messages"
    caller = Caller(desk)
    try:
        for rpc, sound in SOUND.items():
            _send(caller, rpc, "meaning", spoiled(sound).map(_bytes), plan.semantic, plan.seed)
            _send(caller, rpc, "bytes", mangled(sound), plan.raw, plan.seed)
            for data in _absurd() if plan.absurd else ():
                caller.send(rpc, "absurd", data)
        caller.sweep()
        _nothing_else_happened(desk, caller)
    finally:
        caller.close()
    return caller.tally


def _send(
    caller: Caller, rpc: str, source: str, messages: st.SearchStrategy[bytes], count: int, seed: int
) -> None:
    @hypothesis.seed(seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(messages)
    def one(data: bytes) -> None:
        caller.send(rpc, source, data)

    one()


def _bytes(message: object) -> bytes:
    data: bytes = message.SerializeToString()  # type: ignore[attr-defined]  # any of our requests
    return data


def _absurd() -> list[bytes]:
    """Sizes that nobody needs: many empty parts, one long text, more than we read, more than gRPC takes."""
    return [
        b"\x72\x00" * 100_000,  # items of an order
        b"\x7a\x00" * 100_000,
        b"\xea\x01\x00" * 100_000,  # addresses of a customer
        b"\x0a\x00" * 100_000,  # agents of a list, or the same agent again and again
        b"\x0a\x80\x80\x20" + b"x" * 0x80000,
        b"\x52\x80\x80\x20" + b"9" * 0x80000,
        b"\x98\x06\x01" * 100_000,  # fields that nobody knows
        b"\x0a\x80\x80\x60" + b"x" * 0x180000,
        b"\0" * (5 * 1024 * 1024),
    ]


def _nothing_else_happened(desk: Desk, caller: Caller) -> None:
    """Only what was accepted is there, the ERP heard nothing, and nothing went wrong behind the answers."""
    there = {str(row[0]) for row in caller.rows("SELECT id FROM agents.operations")}
    assert there == caller.accepted | {str(row.id) for row in ROWS}
    assert desk.visitors == []
    assert desk.faults == []


def passed(tally: Counter[tuple[str, str, str]]) -> float:
    """The share of messages that got past the door."""
    total = tally.total()
    return sum(n for (_, _, answer), n in tally.items() if answer not in NOT_PASSED) / total


def table(tally: Counter[tuple[str, str, str]]) -> str:
    """Messages by rpc, kind and answer."""
    lines = [f"{'rpc':<18} {'by':<8} {'sent':>6}  answers"]
    for rpc in SOUND:
        for source in ("meaning", "bytes", "absurd"):
            answers = {a: n for (r, s, a), n in sorted(tally.items()) if (r, s) == (rpc, source)}
            if answers:
                told = ", ".join(f"{answer} {count}" for answer, count in answers.items())
                lines.append(f"{rpc:<18} {source:<8} {sum(answers.values()):>6}  {told}")
    lines.append(f"{tally.total()} messages, {passed(tally):.0%} of them got past the door")
    return "\n".join(lines)
