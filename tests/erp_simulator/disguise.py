"""The same page under other generated numbers, as after an update of the ERP."""

import re
from dataclasses import dataclass

from tests.erp_simulator.forms import Form

ACTION = "xaf_a1"  # of the view filter; the search box is xaf_a0
LAYOUT = re.compile(r"xaf_l(\d+)")


@dataclass(frozen=True)
class Disguise:
    """Takes the place of the usual numbers in all that leaves, and puts them back in what comes."""

    prefix: str = ACTION
    shift: int = 0

    def dress(self, text: str) -> str:
        """Markup or an answer as the browser gets it."""
        shifted = LAYOUT.sub(lambda match: f"xaf_l{int(match[1]) + self.shift}", text)
        return shifted.replace(ACTION, self.prefix)

    def undress(self, form: Form) -> Form:
        """A posted body under the usual names."""
        controls = {"__CALLBACKID", "__CALLBACKPARAM", "__EVENTTARGET", "__EVENTARGUMENT"}
        pairs = []
        for name, value in form.pairs:
            ours = name in controls or value.startswith(f"xaf_{self.prefix}")
            pairs.append((self._usual(name), self._usual(value) if ours else value))
        return Form(pairs)

    def _usual(self, text: str) -> str:
        shifted = LAYOUT.sub(lambda match: f"xaf_l{int(match[1]) - self.shift}", text)
        return shifted.replace(self.prefix, ACTION)
