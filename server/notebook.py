"""What an attempt learns on its way, written into the journal under its claim.

A draft's id at once; what means nothing before the next write or the end, with that one's statement.
"""

from server.journal import Journal
from server.operation import Claim


class JournalNotebook:
    """The notebook of one attempt; a fenced attempt's notes are kept as evidence only."""

    def __init__(self, journal: Journal, claim: Claim) -> None:
        self._journal = journal
        self._claim = claim

    async def high_water_mark(self, mark: str) -> None:
        """Keep the newest order id seen before the first write, or ``empty``."""
        self._journal.learn_high_water_mark(self._claim, mark)

    async def draft(self, erp_id: str) -> None:
        """Keep the id of our draft, digits, the moment it shows anywhere."""
        await self._journal.note_draft(self._claim, erp_id)

    async def seen(self, **facts: str) -> None:
        """Keep what the ERP showed, as evidence of the attempt."""
        self._journal.learn(self._claim, facts)
