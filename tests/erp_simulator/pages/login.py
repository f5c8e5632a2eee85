"""The login page."""

from typing import Any

from tests.erp_simulator.forms import Form
from tests.erp_simulator.pages.frame import BASE, Answer, Gesture, Page, redirect
from tests.erp_simulator.sessions import Session, View
from tests.erp_simulator.store import Actor
from tests.erp_simulator.world import World


class LoginPage(Page):
    """Asks who is there; success gives the session its ticket."""

    template = "login.html"
    prefix = "Logon"

    def __init__(self, world: World, session: Session, view: View, return_url: str) -> None:
        super().__init__(world, session, view)
        self.return_url = (
            return_url if return_url.startswith(f"{BASE}/") else f"{BASE}/Default.aspx"
        )
        self.user = ""

    @property
    def title(self) -> str:
        """The document's title, which no language changes."""
        return "Log In"

    def segments(self, item: str, prop: str) -> tuple[str, ...]:
        """Where a field of the logon form stands."""
        return (
            "Logon",
            f"v0_{self.view.random}",
            "MainLayoutEdit",
            "xaf_l12",
            item,
            f"xaf_dvi{prop}_Edit",
        )

    def context(self) -> dict[str, Any]:
        """The two fields."""
        return super().context() | {
            "user_field": self.segments("xaf_l30", "UserName"),
            "password_field": self.segments("xaf_l35", "Password"),
        }

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """The only action: to log in."""
        if (handler, argument) != ("Logon$PopupActions", "0"):
            return None
        return Gesture("login", lambda actor: self._log_in(form, actor))

    def _log_in(self, form: Form, _: Actor) -> Answer:
        self.user = form.get("$".join(self.segments("xaf_l30", "UserName"))).strip()
        password = form.get("$".join(self.segments("xaf_l35", "Password")))
        agent = self.world.store.agents.get(self.user)
        if agent is None or agent.password != password:
            return self.refuse(self.t("login_failed"))
        self.session.log_in(agent.user)
        return redirect(self.return_url)

    def refuse(self, words: str) -> Answer:
        """Stay on the page with an error."""
        self.errors = [words]
        return Answer({"result": "", "cp": {
            "cpControlsToUpdate": "Logon_UPEI",
            "cpLogon_UPEI": self.fragment("errors.html"),
        }})  # fmt: skip
