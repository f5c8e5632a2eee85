"""Faults that change what is stored, shown or selected, before a request is carried out or after."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from tests.erp_simulator import homonyms, verona
from tests.erp_simulator.disguise import Disguise
from tests.erp_simulator.faults import Fault
from tests.erp_simulator.human import Human
from tests.erp_simulator.pages.frame import Answer, Page
from tests.erp_simulator.store import Actor
from tests.erp_simulator.world import World

OPTIONS = {"do", "user"}


def prepare(world: World, fault: Fault, page: Page | None, actor: Actor) -> str:
    """What happens just before the request; returns why it could not happen, else nothing."""
    try:
        _happen(world, fault, page, actor)
    except ValueError as error:
        return f"{fault.name}: {error}"
    return ""


def _happen(world: World, fault: Fault, page: Page | None, actor: Actor) -> None:
    options = fault.options
    match fault.name:
        case "F7" if page is not None:
            page.conflicting = options.get("kind") == "merge"
        case "F8":
            world.shown.freeze(float(options.get("seconds", 5)))
        case "F9" if page is not None:
            for grid in page.grids():
                grid.strangers = (int(options.get("rows", 2)), options.get("how") == "first")
                grid.strangers_in = None
        case "F11" if "article" in options:
            homonyms.add_article(world, str(options["article"]))
        case "F11":
            homonyms.add_customer(world, str(options.get("customer", "1002001")))
        case "F12" if page is not None:
            page.lose_lines(actor)
        case "F16":
            values = {key: value for key, value in options.items() if key not in OPTIONS}
            user = str(options.get("user", actor.user))
            Human(world, user).act(str(options.get("do")), values)
        case "F17":
            verona.act(world, options.get("order", 0), str(options.get("do", "approve")))


def carry_out(world: World, fault: Fault | None, run: Callable[[], Answer]) -> Answer:
    """Carry the request out; with F4 only its answer is as if it had been."""
    if fault is None or fault.name != "F4":
        return run()
    store = world.store
    orders, customers = deepcopy(store.orders), dict(store.customers)
    deleted, effects = set(store.deleted), list(store.effects)
    answer = run()
    store.orders, store.customers = orders, customers
    store.deleted, store.effects = deleted, effects
    return answer


def follow_up(world: World, fault: Fault, page: Page, actor: Actor) -> None:
    """What happens just after the request."""
    if fault.name == "F15":
        world.restart(float(fault.options.get("seconds", 0)))
    if fault.name == "F18":
        length = 0 if fault.options.get("how") == "cleared" else fault.options.get("length", 8)
        page.cut_text(int(length), actor)


def disguise(fault: Fault, page: Page) -> None:
    """F10: the page as an update of the ERP, or of its translation, may leave it."""
    options = fault.options
    page.english_states = bool(options.get("english", True))
    page.disguise = replace(
        page.disguise or Disguise(),
        prefix=str(options.get("prefix", "xaf_a2")),
        shift=int(options.get("shift", 500)),
    )
