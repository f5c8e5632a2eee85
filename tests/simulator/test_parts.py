"""Formats, switches and grids, without a browser."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.erp_simulator import formats
from tests.erp_simulator.callbacks import parse_grid
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Column, Grid
from tests.erp_simulator.rendering import state_json
from tests.erp_simulator.seed import next_working_day, seeded_store
from tests.erp_simulator.sessions import StaleStateError
from tests.erp_simulator.store import Line
from tests.erp_simulator.switches import Switches


def test_italian_and_english_numbers() -> None:
    """Each language writes and reads its own separators."""
    assert formats.number(Decimal("1234.5"), "it") == "1.234,50"
    assert formats.number(Decimal("1234.5"), "en") == "1,234.50"
    assert formats.quantity(Decimal(5), "it") == "5,00 "
    assert formats.percent(Decimal(63), "it") == "63,00 %"
    assert formats.parse_number("1.234,50 €", "it") == Decimal("1234.50")
    assert formats.parse_number("1,234.50", "en") == Decimal("1234.50")
    assert formats.parse_number("abc", "it") is None
    assert formats.number(71723, "it", 0) == "71.723"


def test_dates_follow_the_language() -> None:
    """`07/02/2026` in Italian, `2/7/2026` in English."""
    assert formats.day(date(2026, 2, 7), "it") == "07/02/2026"
    moment = datetime(2026, 3, 28, 6, 24, 57)  # noqa: DTZ001 - a wall clock's time
    assert formats.moment(moment, "en") == "3/28/2026 6:24:57 AM"
    assert next_working_day(date(2026, 2, 6)) == date(2026, 2, 9)


def test_amounts_round_half_up() -> None:
    """5 · 32,46 less 63 % is 60,05 as in the picture; half a cent goes up."""
    line = Line(1, 1, 1, Decimal(5), Decimal("32.46"), automatic=Decimal(63))
    assert line.amount == Decimal("60.05")
    line = Line(1, 1, 1, Decimal(1), Decimal("0.05"), automatic=Decimal(50))
    assert line.amount == Decimal("0.03")


def test_an_applied_discount_takes_the_automatic_ones_place() -> None:
    """SCONTO % is APPLICA if that is not 0, else the automatic one."""
    line = Line(1, 1, 1, Decimal(1), Decimal(100), automatic=Decimal(20))
    assert line.lineperc == Decimal(20)
    line.manualdiscount = Decimal(10)
    assert (line.lineperc, line.amount) == (Decimal(10), Decimal("90.00"))


def test_unknown_switches_are_refused() -> None:
    """A typing error in a test must not pass as a default."""
    switches = Switches()
    for wrong in ({"persists_on": "save"}, {"persist_on": "never"}, {"save_form": 1}):
        with pytest.raises(ValueError, match="switch"):
            switches.change(wrong)
    switches.change({"scale": 0})
    assert switches.scale == 0.0


def test_the_seed_is_large_enough() -> None:
    """At least 60 customers with two pairs of homonyms, 120 articles, 300 orders, one empty list."""
    store = seeded_store()
    names = [customer.name for customer in store.customers.values()]
    assert len(names) >= 60
    assert sorted({name for name in names if names.count(name) > 1}) != []
    assert sum(names.count(name) - 1 for name in set(names)) == 2
    assert [c.account for c in store.customers.values()].count("") == 2  # one is a homonym
    assert {c.line_percent for c in store.customers.values()} == {
        Decimal(0),
        Decimal(20),
        Decimal(63),
    }
    assert len({article.code for article in store.articles.values()}) >= 120
    assert len(store.orders) >= 300
    assert store.orders_of("ikiA0060") == []


def _grid(rows: int = 45) -> Grid:
    data = [{"ID": 70_000 + n, "NAME": f"Riga {n:02d}"} for n in range(rows)]
    return Grid(
        ("V", "LE"), [Column("ID", "ID", "integer"), Column("NAME", "N")], lambda: list(data)
    )


def _run(grid: Grid, command: str) -> bool:
    return grid.run(parse_grid(f"c0:GB|{len(command)};{command};"))


def test_pages_sizes_and_order() -> None:
    """Paging, page size and sorting act on the server's grid, each by its command."""
    grid = _grid()
    assert _run(grid, "12|PAGERONCLICK3|PN2")
    assert len(grid.page()) == 5
    assert _run(grid, "12|PAGERONCLICK3|PBN")
    assert (len(grid.page()), grid.page_index) == (5, 2)
    assert _run(grid, "12|PAGERONCLICK6|PSP200")
    assert (len(grid.page()), grid.page_index) == (45, 0)
    assert _run(grid, "4|SORT1|01|03|DSC4|true")
    assert grid.page()[0]["ID"] == 70_044
    assert not _run(grid, "12|NOSUCHTHING1")


def test_numbers_are_found_without_separators() -> None:
    """`70.001` finds nothing, `70001` finds its row."""
    grid = _grid()
    _run(grid, "22|APPLYSEARCHPANELFILTER6|70.001")
    assert grid.page() == []
    _run(grid, "22|APPLYSEARCHPANELFILTER5|70001")
    assert [row["ID"] for row in grid.page()] == [70_001]


def _posted(grid: Grid, **changes: object) -> Form:
    return Form([(grid.unique_id, state_json(grid.state() | changes))])


def test_selection_spans_pages() -> None:
    """A body names the selection of its page only; what other pages selected stays."""
    grid = _grid()
    grid.load(_posted(grid, selection="FT"))
    assert grid.selected == {"70001"}
    grid.page_index = 1
    grid.load(_posted(grid, selection="T"))
    assert grid.selected == {"70001", "70020"}
    grid.load(_posted(grid, selection=""))
    assert grid.selected == {"70001", "70020"}
    grid.load(_posted(grid, selection="U"))
    assert grid.selected == {"70001"}


def test_callback_states_are_chained() -> None:
    """The newest state and the one before it are good, an older one is stale."""
    grid = _grid()
    first, second = _posted(grid), _posted(grid)
    grid.load(first)
    grid.load(second)
    grid.state()
    grid.load(second)
    with pytest.raises(StaleStateError):
        grid.load(first)
