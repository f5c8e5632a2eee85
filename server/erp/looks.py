"""What is to be seen of a page, as a value: how it is read there, and how that is understood here.

Each look costs a message to the browser and back, which is most of what an order costs beside the ERP. What
is wanted at one time is therefore seen in one look (`together`), or in the last look of a wait
(`Eyes.quiet_and_see`); it then is of one moment, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


@dataclass(frozen=True)
class Look(Generic[A]):
    """``read`` is a script of ours, a function of ``data``; ``understood`` takes the step and its value.

    What ``understood`` raises is of the look that was made, and no later one's.
    """

    read: str
    data: object
    understood: Callable[[str, Any], A]

    def then(self, meaning: Callable[[str, A], B]) -> "Look[B]":
        """The same look, and what its value means; ``meaning`` takes the step, and may raise as well."""
        return Look(
            self.read, self.data, lambda step, seen: meaning(step, self.understood(step, seen))
        )


@overload
def together(one: Look[A], two: Look[B], /) -> Look[tuple[A, B]]: ...
@overload
def together(one: Look[A], two: Look[B], three: Look[C], /) -> Look[tuple[A, B, C]]: ...
@overload
def together(
    one: Look[A], two: Look[B], three: Look[C], four: Look[D], /
) -> Look[tuple[A, B, C, D]]: ...
def together(*looks: Look[Any]) -> Look[Any]:
    """Several looks in one; they are understood in their order, and the first that cannot be is told."""
    reads = ", ".join(f"({look.read})(data[{place}])" for place, look in enumerate(looks))

    def understood(step: str, seen: Any) -> tuple[Any, ...]:
        return tuple(look.understood(step, one) for look, one in zip(looks, seen, strict=True))

    return Look(f"(data) => [{reads}]", [look.data for look in looks], understood)
