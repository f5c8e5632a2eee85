"""What all pages share: the frame around the view, its panels, and answers to callbacks."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from tests.erp_simulator import kept
from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.disguise import Disguise, renumbered
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Grid, one_moment
from tests.erp_simulator.languages import text
from tests.erp_simulator.menus import Menu
from tests.erp_simulator.pages.body import body_data
from tests.erp_simulator.pages.grid_markup import Look, grid_model, look_of
from tests.erp_simulator.rendering import client_parameters, render
from tests.erp_simulator.sessions import Session, View
from tests.erp_simulator.store import Actor
from tests.erp_simulator.world import World

BASE = "/Archibald"
LIST = f"{BASE}/SALESTABLE_ListView_Agent/"
DETAIL = f"{BASE}/SALESTABLE_DetailViewAgent/"
PRODUCTS = f"{BASE}/INVENTTABLE_ListView/"
CUSTOMERS = f"{BASE}/CUSTTABLE_ListView_Agent/"
CUSTOMER = f"{BASE}/CUSTTABLE_DetailView/"
NAVIGATION = (
    ("announcements", f"{BASE}/Announcements_ListView/"),
    ("customers", CUSTOMERS),
    ("consent", f"{BASE}/CustomerConsent_ListViewAgent/"),
    ("orders", LIST),
    ("packing_slips", f"{BASE}/CUSTPACKINGSLIPJOUR_ListView/"),
    ("invoices", f"{BASE}/CUSTINVOICEJOUR_ListView/"),
)


@dataclass
class Answer:
    """What a callback is answered with."""

    payload: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    """What is shown once, should the whole page be the answer."""
    download: bytes = b""
    """A file, the answer to a full postback that exports."""

    @property
    def redirect(self) -> str:
        """Where the page goes, if it goes anywhere."""
        return str(self.payload.get("redirect", ""))


@dataclass(frozen=True)
class FindRequest:
    """Which editor asked for a find window, and what of."""

    finder: str
    prop: str


@dataclass
class Gesture:
    """A posted request, understood but not yet carried out.

    `what` is the word that faults and the access log know it by; `latency` where it differs.
    """

    what: str
    run: Callable[[Actor], Answer]
    writes: bool = False
    latency: str = ""


def redirect(url: str) -> Answer:
    """Send the browser to another page."""
    return Answer({"redirect": url})


def login_url(target: str) -> str:
    """The login page that leads on to `target`; escapes are lower-case, as ASP.NET writes them."""
    escaped = re.sub("%..", lambda match: match[0].lower(), quote(target, safe=""))
    return f"{BASE}/Login.aspx?ReturnUrl={escaped}"


class Page:
    """A page with frame, toolbar and view; one object lives as long as the page is open."""

    template = "stub.html"
    prefix = "Vertical"
    """What the ids of the frame begin with."""
    alone = True
    """Whether it may be the only page whose view state is good."""
    caption = "orders"
    latency = "page"

    def __init__(self, world: World, session: Session, view: View) -> None:
        self.world = world
        self.session = session
        self.view = view
        self.errors: list[str] = []
        self.ignorable = False
        """Whether the errors shown are warnings that a tick takes back."""
        self.ignored = False
        self.popup = ""
        self.question: dict[str, str] | None = None
        """What a window of the page asks."""
        self.conflicting = False
        """Whether a fault makes the next save find its object changed by another."""
        self.unsaved = False
        self.english_states = False
        self.disguise: Disguise | None = renumbered(world.switches.renumber)
        self.menu: Menu | None = None
        self.finds: dict[str, FindRequest] = {}
        """The find windows opened from here, by their number."""

    @property
    def language(self) -> str:
        """The user's language."""
        return self.session.language

    @property
    def state_language(self) -> str:
        """The language of enumerations."""
        return "en" if self.english_states else self.language

    @property
    def title(self) -> str:
        """The view's caption."""
        return text(self.caption, self.language)

    def t(self, key: str) -> str:
        """Words in the user's language."""
        return text(key, self.language)

    def html(self, query: str) -> str:
        """The whole document."""
        # Relative, so that the path follows a push-state while the query stays the old one.
        leaf = self.view.path.rsplit("/", 1)[1]
        return render(self.template, **self.context(), action=f"./{leaf}{query}")

    def context(self) -> dict[str, Any]:
        """What the templates see."""
        return {
            "page": self,
            "t": self.t,
            "language": self.language,
            "look": self.look,
            "grid_model": grid_model,
            "view": self.view,
            "fast": self.view.fast,
            "menu": self.menu and self.menu.presented(self.disguise.spare if self.disguise else 0),
            "navigation": NAVIGATION,
            "body_data": body_data(
                self.world.switches, self.language, inside=self.prefix == "Vertical"
            ),
            "client_parameters": client_parameters({
                "XNCID": self.view.fast,
                "State_Vertical_mainMenu_Menu": self.menu_state(),
                "LockUpdateViewSiteOnCallback": "",
                "DontLockUpdateViewSiteOnCallback": "",
                "ClientUIChanged": "0",
            }),
        }  # fmt: skip

    def menu_state(self) -> str:
        """One entry per action: a hash and whether it is enabled."""
        if self.menu is None:
            return ""
        entries = []
        for root in self.menu.items:
            for item in root.everything():
                bit = "1" if item.enabled else "0"
                entries.append(f"{sum(map(ord, item.name)) * 7919:08x}{bit}")
        return ":".join(entries) + "$"

    def fragment(self, template: str, **more: Any) -> Markup:
        """A part of the page."""
        return Markup(render(template, **self.context(), **more))

    def update(self, url: str = "") -> Answer:
        """Render the view, the toolbar and the errors again."""
        if self.world.switches.renew_ids_after_post:
            self.renew()
        context = self.context()
        panels = {
            "Vertical_UPVSC": render(self.body, **context),
            "Vertical_UPEI": render("errors.html", **context),
            "Vertical_XafUpdatePanel1": kept.menu(context["menu"], self.language, self.view.fast),
        }
        cp: dict[str, Any] = {"cpControlsToUpdate": ";".join(panels)}
        cp |= {f"cp{name}": markup for name, markup in panels.items()}
        cp["cpPageTitle"] = f"{self.title} - {self.t('application')}"
        if url:
            cp["cpCurrentUrl"] = url
        return Answer({"result": "", "cp": cp})

    def settled(self, url: str = "") -> Answer:
        """Render a form again that now holds nothing unsaved."""
        answer = self.update(url)
        answer.payload["cp"]["cpSaved"] = True
        return answer

    def refuse(self, words: str) -> Answer:
        """Show an error for once."""
        before, self.errors = self.errors, [words]
        answer = self.update()
        answer.errors, self.errors = self.errors, before
        return answer

    def whole(self, query: str, answer: Answer) -> str:
        """The document as the answer to a full postback."""
        before = self.errors
        self.errors = answer.errors or before
        self.unsaved = self.unsaved and not answer.payload.get("cp", {}).get("cpSaved")
        cp = answer.payload.get("cp", {})
        self.popup, self.question = cp.get("cpPopup", ""), cp.get("cpQuestion")
        document = self.html(query)
        self.errors, self.popup, self.question = before, "", None
        return document

    def lose_lines(self, actor: Actor) -> None:
        """Forget lines, on a page that has some."""

    def dressed(self, text: str) -> str:
        """What leaves, under the numbers that this page has."""
        return self.disguise.dress(text) if self.disguise else text

    def cut_text(self, length: int, actor: Actor) -> None:
        """Leave so much of the text that carries the marker, on a page that has one."""

    @property
    def body(self) -> str:
        """The view's own template."""
        return self.template.replace(".html", "_body.html")

    def renew(self) -> None:
        """Give the view another random number; its grids follow."""
        old = self.view.random
        self.view.renew()
        for grid in self.grids():
            grid.renamed(old, self.view.random)

    def grids(self) -> list[Grid]:
        """The grids of the page."""
        return []

    def grid(self, unique_id: str) -> Grid | None:
        """The grid with that name."""
        return next((grid for grid in self.grids() if grid.unique_id == unique_id), None)

    def load(self, form: Form) -> None:
        """Take over what the body says about the page's controls."""

    def tab(self, form: Form, control: str, before: int) -> int:
        """The tab that the body says is in front."""
        for name in form.names():
            if name.endswith(f"${control}"):
                index = form.state(name).get("activeTabIndex", before)
                return index if isinstance(index, int) else before
        return before

    def scroll(self, form: Form) -> str:
        """The scroll position in a keyed address."""
        parts = (form.get("Sc$xPos"), form.get("Sc$yPos"))
        return "_".join(part if part.isdecimal() else "0" for part in parts)

    def on_popup(self, argument: str) -> Gesture | None:  # noqa: ARG002
        """Understand a request for a window; None when this page opens none."""
        return None

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:  # noqa: ARG002
        """Understand an action or immediate post; None when this page sends no such thing."""
        return None

    def on_grid(self, grid: Grid, callback: GridCallback, form: Form) -> Gesture | None:  # noqa: ARG002
        """Understand a grid's callback; None when this page's grid sends no such thing."""
        return None

    def look(self, grid: Grid) -> Look:
        """How a grid of this page looks now."""
        return look_of(grid, "lookup" if grid.segments[-1] == "gv" else "list", self.language)

    def grid_answer(self, grid: Grid, **cp: Any) -> Answer:
        """Render a grid's main table again, with its new state."""
        with one_moment():
            markup = self.fragment("grid_answer.html", grid=grid)
            return Answer({"result": {"html": markup, "stateObject": grid.state()},
                           "cp": grid_model(grid) | cp})  # fmt: skip
