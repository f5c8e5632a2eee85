"""Every open question about the ERP as a switch with its meaning and its default."""

from dataclasses import dataclass, fields
from typing import Any, get_type_hints

CHOICES: dict[str, tuple[str, ...]] = {
    "persist_on": ("customer", "article", "first_line", "save"),
    "header_persists_on": ("first_line", "save"),
    "postback": ("callback", "full"),
    "save_form": ("index", "name"),
    "save_root": ("last", "default"),
    "save_and_close_lands": ("list", "view"),
    "line_delete": ("toolbar", "row"),
    "send_confirm": ("native", "popup"),
    "second_send": ("refused", "accepted"),
    "selection_kept": ("session", "page"),
    "concurrency": ("refused", "last_wins"),
    "initial_filter": (
        "OrdersAll", "OrdersToday", "OrdersThisWeek", "OrdersThisMonth", "OrdersEntered",
        "OrdersCompleted", "OrdersApprovalRM", "OrdersTransferred", "Quote",
    ),
    "initial_customer_filter": ("All_Customers", "Exclusiv_customers", "Free_customers"),
    "customer_close_lands": ("view", "list"),
    "address_persists_on": ("row", "save"),
}  # fmt: skip

USUAL_GRAVITIES = {
    "NAME": "error", "VATNUM": "error", "VATVALIDE": "warning", "STREET": "error",
    "LOGISTICSADDRESSZIPCODE": "error", "FISCALCODE": "error", "LEGALEMAIL": "error",
    "LEGALAUTHORITY": "error", "PHONE": "error", "CELLULARPHONE": "error", "URL": "error",
}  # fmt: skip
POSSIBLE_GRAVITIES = {
    (prop, grave) for prop in USUAL_GRAVITIES for grave in ("error", "warning", "off")
}


def parsed(pairs: str) -> dict[str, str]:
    """`PHONE=warning URL=off` by name; a name without anything has nothing."""
    split = (pair.partition("=") for pair in pairs.split())
    return {name: value for name, _, value in split}


@dataclass
class Switches:
    """How this ERP behaves; `/sim/config` and keyword arguments of `simulator()` set them."""

    scale: float = 1.0
    """Factor on every latency; 0 = none."""
    persist_on: str = "article"
    """Which gesture makes a new order readable by other sessions."""
    header_persists_on: str = "first_line"
    """When the header fields of a new order become readable: at line commits, or at a save."""
    postback: str = "callback"
    """Actions and immediate posts are callbacks, or full postbacks answered with a whole page."""
    save_form: str = "index"
    """Saves travel as `Vertical$mainMenu:1i1`, or by name through a fast handler."""
    save_root: str = "last"
    """The visible save button does what its group did last (per user), or always `Save`."""
    save_and_close_lands: str = "list"
    """Where *Salva e chiudi* of an order leads."""
    lookup_choice_sends_apply: bool = False
    """A lookup row chosen by mouse sends `GLP_AC` before the immediate post."""
    renew_ids_after_post: bool = False
    """The view's random number changes whenever a callback renders it again."""
    second_page_breaks_first: bool = True
    """Opening a page makes the view state of the session's earlier pages invalid."""
    editing_lag_ms: int = 800
    """How long a grid's `IsEditing()` stays true after its callback was answered (scaled)."""
    immediate: str = (
        "CUSTTABLE DELIVERYPOSTALADDRESS LINEDISC MANUALDISCOUNT "
        "line.INVENTTABLE line.QTYORDERED line.MANUALDISCOUNT"
    )
    """Editors that post as soon as their value changes."""
    callback_suffix: bool = True
    """XAF parameters end in `:XafCallback`."""
    initial_filter: str = "OrdersThisWeek"
    """View filter of the orders list of a user who never chose one."""
    text_length: int = 60
    """Longest PURCHORDERFORMNUM the ERP keeps."""
    request_validation: bool = False
    """ASP.NET refuses `<` before a letter, `/`, `!`, `?`, and `&#` in what is posted."""
    lookup_needs_real_mouse: bool = True
    """A click by script on a row of a lookup only highlights it (the customer lookup takes it)."""
    combo_needs_real_mouse: bool = True
    """A click by script on a combo box's item chooses nothing."""
    rows_need_real_mouse: bool = True
    """A click by script on a row's box selects nothing where the list shows several rows."""
    filter_needs_real_keys: bool = True
    """The article's list filters and opens after a real key event only, not after pasted text."""
    stale_keys: bool = True
    """`keys` in a lookup's state stay those of the unfiltered page; `focusedKey` is right."""
    exact_search_hides_variants: bool = False
    """The line's article lookup misses some variants when asked for the exact code."""
    customer_callback_clears_description: bool = False
    """The customer's callback wipes PURCHORDERFORMNUM."""
    discount_transient_zero: float = 0.1
    """How often the callback of a line's discount shows 0 for a while before the value."""
    quantity_reset: float = 0.0
    """How often the default quantity arrives once more, late, over what was entered meanwhile."""
    focus_lost: float = 0.0
    """How often the focus goes elsewhere after *New* and after the article's post."""
    line_resets_address: bool = True
    """Callbacks of the lines set the delivery address back to the customer's default one."""
    linedisc_bug: bool = True
    """LINEDISC = N/A frees only the first line from the automatic discount; set again after a
    save, it frees all."""
    order_discount_loses_lines: bool = False
    """An order discount set before the lines were saved loses them all."""
    orders_columns: str = ""
    """Fields that users have left visible in the orders list, left to right; empty = as usual."""
    products_columns: str = ""
    """The same for the list of products."""
    customers_columns: str = ""
    """The same for the list of customers."""
    initial_customer_filter: str = "All_Customers"
    """Filter of the customers list of a user who never chose one."""
    customer_immediate: str = (
        "VATNUM FISCALCODE LEGALAUTHORITY LOGISTICSADDRESSZIPCODE PAYMTERMID "
        "address.LOGISTICSADDRESSZIPCODE"
    )
    """Editors of a customer that post as soon as their value changes."""
    customer_rules: str = ""
    """How grave a broken rule of a customer's save is, where that is not as usual:
    `VATVALIDE=error PHONE=warning URL=off`."""
    users_own_language: bool = False
    """A user whose profile says English (every tenth) is shown English, whatever the browser asks for."""
    customer_close_lands: str = "view"
    """Where *Salva e chiudi* of a customer leads."""
    vat_callbacks: int = 2
    """How many posts the page sends by itself after the VAT check has been answered."""
    vat_callback_ms: int = 1500
    """How long after an answer the next of these posts begins (scaled)."""
    vat_overwrites: str = "NAME NAMEALIAS LOGISTICSADDRESSZIPCODE"
    """What every answer of the VAT check overwrites: names by the registry's, the ZIP by what it
    was before the check."""
    wipes_on_blur: str = "FISCALCODE LEGALAUTHORITY"
    """Editors whose typed value the answer to any immediate post replaces by the old one."""
    tabs_lose_combos: bool = False
    """Another tab brings back the references in combo boxes as the last answer rendered them."""
    escape_leaves_form: bool = True
    """Escape on the form of a new customer leads to the list."""
    find_needs_real_keys: bool = True
    """A find window's search finds nothing unless its text was typed."""
    address_persists_on: str = "row"
    """When a customer's alternate address becomes readable: at its row's commit, or at a save."""
    search_columns: str = "visible"
    """What the search of a list looks into: the visible columns, all, or the named fields."""
    search_kept: bool = False
    """The search of the orders list is the user's until it is changed, as that of the products."""
    views_are_live: bool = True
    """What another client of the user changes of a list's view reaches pages already open."""
    selection_kept: str = "session"
    """Selected rows stay selected when the list is opened anew in a session, or with the page."""
    selection_notifies: bool = False
    """A tick in a list tells the server at once, by `SELECTION`."""
    api_selection_is_local: bool = True
    """Rows selected by the grid's client API, or by script among several, never reach the server."""
    list_stale_keys: bool = False
    """`keys` in a list's state stay those of the unsearched page; the server knows better."""
    line_delete: str = "toolbar"
    """A line is deleted by the lines' own toolbar, or by a button in its row."""
    confirm_unsaved: bool = True
    """New, Edit and Refresh on a changed form ask natively before anything is sent."""
    notifies_window_close: bool = False
    """A page that is left sends a callback to `NotifyWindowCloseControl`."""
    send_confirm: str = "native"
    """*invia ordine/i* asks by a native dialog, or in a window of the page."""
    send_lag_ms: int = 2500
    """How long after a send the transfer status is still shown as `Modifica` (scaled)."""
    second_send: str = "refused"
    """What is no draft any more is not sent again; or it is, without a word."""
    concurrency: str = "refused"
    """A save over what somebody else changed meanwhile is refused, or wins."""
    renumber: int = 0
    """A seed, 0 = as usual: all generated numbers of ids, toolbar indices and columns are others."""
    session_minutes: float = 20.0
    """Sliding lifetime of a session."""
    check_multiples: bool = True
    """A quantity that is no multiple of the package is refused at the line's commit."""

    def change(self, values: dict[str, Any]) -> None:
        """Set the named switches; ValueError for an unknown name or an impossible value."""
        types = get_type_hints(type(self))
        checked: dict[str, Any] = {}
        for name, value in values.items():
            if name not in types:
                raise ValueError(f"unknown switch {name!r}")
            wanted = types[name]
            if wanted is float and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)  # noqa: PLW2901 - JSON has no floats of its own
            if type(value) is not wanted:
                raise ValueError(f"switch {name!r} wants {wanted.__name__}")
            if name in CHOICES and value not in CHOICES[name]:
                raise ValueError(f"switch {name!r} wants one of {', '.join(CHOICES[name])}")
            if name == "customer_rules" and not set(parsed(value).items()) <= POSSIBLE_GRAVITIES:
                raise ValueError("switch 'customer_rules' wants pairs as `PHONE=warning`")
            checked[name] = value
        for name, value in checked.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """All switches by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def input_rules(self) -> str:
        """The names of the input rules in force."""
        rules = ("lookup_needs_real_mouse", "combo_needs_real_mouse", "rows_need_real_mouse",
                 "api_selection_is_local",
                 "filter_needs_real_keys", "find_needs_real_keys", "tabs_lose_combos")  # fmt: skip
        return " ".join(name for name in rules if getattr(self, name))

    @property
    def gravities(self) -> dict[str, str]:
        """How grave each broken rule of a customer's save is: `error`, `warning` or `off`."""
        return USUAL_GRAVITIES | parsed(self.customer_rules)

    def is_immediate(self, name: str) -> bool:
        """Whether the editor of that name posts on change."""
        return name in self.immediate.split()
