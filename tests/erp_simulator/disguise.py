"""The same page under other generated numbers, as after an update of the ERP."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.erp_simulator.forms import Form

ACTION = "xaf_a1"  # of the view filter; the search box is xaf_a0
LAYOUT = re.compile(r"xaf_l(\d+)")
VIEW = re.compile(r"((?<=[_$])v(?=\d{1,3}_\d{3})|LE_v)(\d{1,3})(?!\d)")
COLUMN = re.compile(r"(edit(?:new|\d+)_)(\d+)(?=[_$]xaf_)")
SEARCH = re.compile(r"(SearchAC[_$]Menu[_$]ITCNT)(\d+)")
MENU = re.compile(r"(mainMenu[_$]Menu[_$]ITCNT|Vertical\$mainMenu:)(\d+)")


@dataclass(frozen=True)
class Disguise:
    """Takes the place of the usual numbers in all that leaves, and puts them back in what comes.

    ``prefix`` is the filter's action; the others are added: to layout items, counters of views, columns
    of editors in rows, the place of the search box, and (``spare`` items before them) toolbar indices.
    """

    prefix: str = ACTION
    shift: int = 0
    views: int = 0
    columns: int = 0
    search: int = 0
    spare: int = 0

    def dress(self, text: str) -> str:
        """Markup or an answer as the browser gets it; the toolbar's indices are the menu's own doing."""
        return self._shifted(text, 1).replace(ACTION, self.prefix)

    def undress(self, form: Form) -> Form:
        """A posted body under the usual names."""
        controls = {"__CALLBACKID", "__CALLBACKPARAM", "__EVENTTARGET", "__EVENTARGUMENT"}
        pairs = []
        for name, value in form.pairs:
            ours = name in controls or value.startswith(f"xaf_{self.prefix}")
            pairs.append((self._usual(name), self._usual(value) if ours else value))
        return Form(pairs)

    def _usual(self, text: str) -> str:
        plain = self._shifted(text, -1).replace(self.prefix, ACTION)
        return MENU.sub(lambda match: f"{match[1]}{int(match[2]) - self.spare}", plain)

    def _shifted(self, text: str, sign: int) -> str:
        text = LAYOUT.sub(lambda match: f"xaf_l{int(match[1]) + sign * self.shift}", text)
        for pattern, by in ((VIEW, self.views), (COLUMN, self.columns), (SEARCH, self.search)):
            if by:
                text = pattern.sub(_adding(sign * by), text)
        return text


def renumbered(seed: int) -> Disguise | None:
    """Other numbers for all pages, by the switch; the same seed gives the same ones. 0 = as usual."""
    if not seed:
        return None
    random = Random(seed)
    return Disguise(
        prefix=f"xaf_a{random.randint(3, 9)}",
        shift=random.randint(1000, 3000),
        views=random.randint(20, 60),
        columns=random.randint(30, 60),
        search=random.randint(1, 4),
        spare=random.randint(1, 3),
    )


def _adding(by: int) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match[1]}{int(match[2]) + by}"
