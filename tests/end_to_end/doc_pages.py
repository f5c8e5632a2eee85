"""The README and the pages of docs/ as their tests read them: code blocks, as they stand."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What a person runs, and what is only read. A piece of code (py, proto) is compared with what is run.
RUN = frozenset({"sh", "python", "js"})
READ = frozenset({"text", "ini", "py", "proto"})

_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One code block of a page."""

    language: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines without empty ones and comments."""
        return [line for line in self.text.splitlines() if line and not line.startswith("#")]


class Page:
    """One page."""

    def __init__(self, name: str) -> None:
        self.text = (ROOT / name).read_text()
        self.blocks = [Block(*found) for found in _BLOCK.findall(self.text)]

    def block(self, language: str, containing: str) -> Block:
        """The one block of a language that contains a text."""
        [found] = [b for b in self.blocks if b.language == language and containing in b.text]
        return found

    def sessions(self, *without: Block) -> list[Block]:
        """Its shell blocks but those that a test runs in its own way."""
        return [b for b in self.blocks if b.language == "sh" and b not in without]

    def scripts(self) -> list[Block]:
        """Its Python and Node scripts."""
        return [b for b in self.blocks if b.language in {"python", "js"}]
