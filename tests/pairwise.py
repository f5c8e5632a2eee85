"""Few cases in which every pair of answers to two questions meets: the open points of the evidence.

Even the few are many, for each is a whole operation in a browser: `make test` runs a sample of a table,
`make matrix` the rest.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import pytest

Questions = Mapping[str, Sequence[str]]


def covering(questions: Questions) -> Iterator[dict[str, str]]:
    """Cases, chosen greedily, until every pair of answers to two questions has occurred together."""
    every = [dict(zip(questions, answers, strict=True)) for answers in product(*questions.values())]
    missing = set().union(*(_pairs(case) for case in every))
    while missing:
        best = max(every, key=lambda case: len(_pairs(case) & missing))
        missing -= _pairs(best)
        yield best


def met(cases: Sequence[Mapping[str, str]], one: str, other: str) -> set[tuple[str, str]]:
    """The pairs of answers to two questions that occur in some case."""
    return {(case[one], case[other]) for case in cases}


def all_pairs(questions: Questions) -> Iterator[tuple[str, str, set[tuple[str, str]]]]:
    """Every two questions, with the pairs of answers that must be met."""
    for one, other in combinations(questions, 2):
        yield one, other, set(product(questions[one], questions[other]))


def _pairs(case: Mapping[str, str]) -> set[tuple[tuple[str, str], ...]]:
    return set(combinations(sorted(case.items()), 2))


def sampled(cases: Sequence[Any], everyday: Callable[[Any], bool]) -> list[Any]:
    """The cases as parameters of a test; all but the everyday ones belong to the matrix."""
    return [
        case if everyday(case) else pytest.param(case, marks=pytest.mark.matrix) for case in cases
    ]


def sampled_rows(rows: Sequence[tuple[Any, ...]], everyday: Callable[[Any], bool]) -> list[Any]:
    """The same for a test of several parameters."""
    return [pytest.param(*row, marks=[] if everyday(row) else pytest.mark.matrix) for row in rows]
