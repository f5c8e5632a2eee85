"""Every wait for the site, in seconds, each with its name and its reason."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Upper bounds of waits for a condition; only ``read_again`` and ``absence_pause`` are pauses. Times are erp-reference §§2.2, 6.2, 8.4.

    A bound is generous where the ERP may be slow and tight where only the browser works: too tight
    a bound past a write turns a slow success into a question.
    """

    # A page by its URL. 2.5-3 s normally, 60 s was the old bot's bound under load.
    page: float = 90.0
    # From the click on Accedi to another page: about 25 s when the ERP is cold.
    login: float = 90.0
    # One look at the page. More means that its script thread is blocked (12 s in production).
    look: float = 12.0
    # An element that must already be there, to be clickable or to hold the focus.
    element: float = 10.0
    # A callback that writes nothing, until the page is quiet: 0.25-1.5 s measured, 30 s under load.
    callback: float = 60.0
    # After a line's commit was answered, until the editor is gone: IsEditing lags by seconds,
    # 30 + 30 s were needed in production (erp-reference §3.1.2 step 15).
    editing_end: float = 75.0
    # After a save was answered, until the form is left: 20 s recommended, the list may be slow.
    leave_form: float = 60.0
    # A value that comes back after a spin's callback showed 0 for a while (step 14).
    value: float = 10.0
    # Back-off before an order is read once more, when the ERP was away just after its save.
    read_again: float = 5.0
    # Between the readings that prove an absence: three over 20 s (design §4.4).
    absence_pause: float = 10.0
    # How long an order may still show as not sent after its send (erp-reference §3.2: a status follows
    # with a delay that nobody has bounded; design §4.4 holds it after 10 min). Setting erp_lag_max.
    send_lag: float = 600.0
    # How long a deleted order may still show: lists were seen to serve what they held before (F8).
    delete_lag: float = 60.0
    # The ERP's check of a VAT number: it asks a registry, 2.6 s to 28 s (erp-reference §3.3.2).
    vat_check: float = 60.0
    # Seconds of quiet after which the check's late answers are taken to be over: several come, 2 s apart.
    # Not waited for where the page has nothing planned for so long: then none can come.
    vat_silence: float = 5.0
    # After each key in a find window: at 20 ms its search found nothing, at 100 ms it did (§2.5).
    key_pause: float = 0.1
    # Between two looks of a wait. The page is quiet after QUIET_LOOKS of them in a row, if it has
    # something planned; else after two looks that are ``settle`` apart, for what waits in no timer: a
    # message, a frame to be painted.
    poll: float = 0.1
    settle: float = 0.02
    # The same while the page waits for an answer of the ERP's, whose coming is told.
    answer: float = 0.5

    def scaled(self, factor: float) -> "Timeouts":
        """All waits times the factor: above 1 for a slow link, below 1 for a fast simulator only.

        Bounds do not fall below BROWSER: the browser's own work is not faster with a faster site.
        """
        return Timeouts(**{item.name: self._scaled(item.name, factor) for item in fields(self)})

    def _scaled(self, name: str, factor: float) -> float:
        value: float = getattr(self, name)
        if name in _PAUSES:
            return value * factor
        return max(value * factor, min(value, BROWSER))


# Seconds in which a loaded machine's browser surely does one thing (erp-reference §2.2: 5 s).
BROWSER = 5.0
_PAUSES = frozenset(
    {"poll", "settle", "answer", "vat_silence", "key_pause", "read_again", "absence_pause"}
)
# How many looks in a row must find the page quiet (2 in the bot, 3 in the scrapers: erp-reference §2.2).
QUIET_LOOKS = 3
