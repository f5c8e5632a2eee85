"""The switch `renumber`: other generated numbers everywhere, and the same site behind them."""

import re

from tests.erp_simulator.disguise import renumbered
from tests.erp_simulator.forms import Form
from tests.erp_simulator.menus import Menu, list_items
from tests.erp_simulator.running import simulator

EDITOR = "Vertical$v16_123456$MainLayoutEdit$xaf_l489_pg$xaf_l495$xaf_dviSALESLINEs$v17_7654$LE_v17"
NUMBERS = re.compile(r"xaf_l\d+|LE_v\d+|xaf_a\d+_Cb|ITCNT\d+|DXI\d+")


def test_off_is_as_usual_and_a_seed_is_always_the_same() -> None:
    """0 changes nothing; of two seeds each gives its own numbers."""
    assert renumbered(0) is None
    assert renumbered(7) == renumbered(7) != renumbered(8)


def test_what_comes_back_is_what_was_meant() -> None:
    """Every number in a body is another one outside, and the usual one again inside."""
    disguise = renumbered(7)
    assert disguise is not None
    names = [
        f"{EDITOR}$editnew_12$xaf_INVENTTABLE_Edit",
        f"{EDITOR}$editnew_25$xaf_QTYORDERED_Edit",
    ]
    outside = [disguise.dress(name) for name in names]
    for usual, other in zip(names, outside, strict=True):
        before, after = re.findall(r"\d+", usual), re.findall(r"\d+", other)
        same = {"123456", "7654"}  # of the session, not of the release
        assert [a for a, b in zip(after, before, strict=True) if a == b and a not in same] == []
    callback = f"c0:Vertical$mainMenu:{8 + disguise.spare}:XafCallback"
    form = Form([*((name, "1") for name in outside), ("__CALLBACKPARAM", callback)])
    undressed = dict(disguise.undress(form).pairs)
    assert list(undressed) == [*names, "__CALLBACKPARAM"]
    assert undressed["__CALLBACKPARAM"] == "c0:Vertical$mainMenu:8:XafCallback"


def test_every_index_of_the_toolbar_is_another_one() -> None:
    """Items more before the others; what is sent for an item follows its index."""
    menu = Menu(list_items("it", "Ordini", None), fast="1")
    usual = {item.name: item.path for item in menu.items}
    shown = menu.presented(2)
    paths = {item.name: item.path for item in shown.items}
    assert all(int(paths[name]) == int(path) + 2 for name, path in usual.items())
    assert f"'{paths['SendOrder']}'" in shown.click_handlers[paths["SendOrder"]]
    assert menu.presented(0) is menu


async def test_the_pages_carry_other_numbers() -> None:
    """The page that everybody sees first has none of its usual numbers."""
    async with simulator(scale=0) as sim:
        address = sim.base_url + "/Login.aspx"
        usual = set(NUMBERS.findall((await sim.api.get(address)).text))
        await sim.config(renumber=7)
        other = set(NUMBERS.findall((await sim.api.get(address)).text))
    layout = {number for number in usual if number.startswith("xaf_l")}
    assert layout
    assert not layout & other
