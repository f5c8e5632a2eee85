"""By which markers a key's own objects are recognised in the ERP."""

from server.identity import marker as marker_of
from server.operation import Intent

MOST_REVISIONS = 200  # of one key, each a corrected request


def markers_of(intent: Intent) -> list[str]:
    """The markers of all revisions of this request so far, the current one first."""
    claim, earlier = intent.claim, list[str]()
    for revision in range(MOST_REVISIONS):
        one = marker_of(claim.user_id, claim.operation_type, claim.operation_key, revision)
        if one == intent.marker:
            return [intent.marker, *reversed(earlier)]
        earlier.append(one)
    return [intent.marker]
