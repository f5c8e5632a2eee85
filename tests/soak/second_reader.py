"""A second opinion on what is under review: plain GETs of the ERP's pages, and nothing of the server's code.

It sees what a person sees who opens the agent's orders one by one. By hand, for one order:
`python -m tests.soak.second_reader BASE_URL LOGIN ORDER`.
"""

import asyncio
import html
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

import httpx

INPUT = re.compile(r"<input[^>]*>")
NAME = re.compile(r'\bname="([^"]*)"')
VALUE = re.compile(r'\bvalue="([^"]*)"')
LOGON = re.compile(r"'Logon\$PopupActions', '(\d+)'")
ROW = re.compile(r'<tr id="[^"]*_dviSALESLINEs_[^"]*_DXDataRow\d+".*?</tr>', re.DOTALL)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
NOT_SENT = {"Modifica", "Edit"}


@dataclass(frozen=True)
class Reading:
    """Whether what the ERP shows leaves the question open, and what it shows."""

    undecided: bool
    told: str


@dataclass(frozen=True)
class Shown:
    """One order as its page shows it."""

    number: str
    fields: Mapping[str, str]
    cells: Sequence[Sequence[str]]

    def holds(self, code: str, quantity: str) -> int:
        """How many lines are of this article and quantity."""
        wanted = Decimal(quantity)
        return sum(1 for cells in self.cells if code in cells and wanted in _numbers(cells))


class Reader:
    """One agent signed in, without a browser."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        self._http = httpx.AsyncClient(follow_redirects=True, timeout=30)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def sign_in(self, login: str, password: str) -> None:
        """By the form's own fields."""
        page = await self._http.get(f"{self._base}/Default.aspx")
        fields = _inputs(page.text)
        for name in fields:
            if name.endswith("UserName_Edit"):
                fields[name] = login
            elif name.endswith("Password_Edit"):
                fields[name] = password
        button = LOGON.search(page.text)
        fields["__CALLBACKID"] = "globalCallbackControl"
        fields["__CALLBACKPARAM"] = (
            f"c0:Logon$PopupActions:{button[1] if button else 0}:XafCallback"
        )
        answer = await self._http.post(str(page.url), data=fields)
        if "redirect" not in answer.text:
            raise ValueError(f"{login} was not let in: {answer.status_code}")

    async def order(self, number: str) -> Shown | None:
        """The order's page; None when the ERP leads elsewhere."""
        path = f"/SALESTABLE_DetailViewAgent/{number}/"
        page = await self._http.get(f"{self._base}{path}?mode=View")
        if path not in str(page.url) or page.status_code != 200:
            return None
        names = ("ID", "TRANSFERSTATUS", "SALESID", "TRANSFERREDDATE", "PURCHORDERFORMNUM",
                 "TEXTINTERNAL", "SALESNAME")  # fmt: skip
        fields = {name: _field(page.text, name) for name in names}
        rows = [[_text(cell) for cell in CELL.findall(row)] for row in ROW.findall(page.text)]
        return Shown(number, fields, rows)


async def undecided(base_url: str, login: str, kind: str, request: Any, newest: int) -> Reading:
    """Whether the ERP's pages leave open what became of an order; ``newest`` is the ERP's last number."""
    async with Reader(base_url) as reader:
        await reader.sign_in(login, f"pw-{login}")
        if kind == "send-to-verona":
            return read_send(await reader.order(request.order_id.replace(".", "")))
        if kind == "submit-order":
            numbers = range(newest, newest - 1000, -1)
            shown = [await reader.order(str(number)) for number in numbers if number > 71_700]
            note = request.notes.split("\n")[0]
            return read_submit([one for one in shown if one is not None], request, note)
        if kind == "delete-order":
            found = await reader.order(request.order_id.replace(".", ""))
            return Reading(
                undecided=False, told="the order is gone" if found is None else "the order stands"
            )
    return Reading(undecided=True, told="customers are not read here")


def read_send(order: Shown | None) -> Reading:
    """Sent or not: anything but a draft without number and date decides it."""
    if order is None:
        return Reading(undecided=True, told="the ERP does not open the order")
    status = order.fields["TRANSFERSTATUS"]
    dated = any(character.isdigit() for character in order.fields["TRANSFERREDDATE"])
    told = f"{status}, number {order.fields['SALESID'] or 'none'}, date {order.fields['TRANSFERREDDATE'] or 'none'}"
    return Reading(
        undecided=status in NOT_SENT and not order.fields["SALESID"] and not dated, told=told
    )


def read_submit(orders: Sequence[Shown], request: Any, note: str) -> Reading:
    """Whether exactly one order is the asked one, whole or begun, or none can be it."""
    own = [o for o in orders if note in o.fields["TEXTINTERNAL"] + o.fields["PURCHORDERFORMNUM"]]
    asked = Counter((item.article_code, item.quantity) for item in request.items)
    whole = [
        one
        for one in own
        if all(one.holds(*item) >= count for item, count in asked.items())
        and len(one.cells) == len(request.items)
    ]
    bare = [
        one
        for one in orders
        if one not in own
        and one.fields["TRANSFERSTATUS"] in NOT_SENT
        and request.customer_name == one.fields["SALESNAME"]
        and not one.fields["PURCHORDERFORMNUM"]
    ]
    told = f"marked {[one.number for one in own]}, unmarked drafts {[one.number for one in bare]}"
    if len(own) == 1 and whole:
        return Reading(undecided=False, told=f"{told}: order {own[0].number} is the asked one")
    if len(own) == 1 and own[0].fields["TRANSFERSTATUS"] in NOT_SENT:
        return Reading(
            undecided=False, told=f"{told}: order {own[0].number} is the asked one, begun"
        )
    if not own and not bare:
        return Reading(undecided=False, told=f"{told}: there is none")
    return Reading(undecided=True, told=told)


def _inputs(page: str) -> dict[str, str]:
    fields = {}
    for tag in INPUT.findall(page):
        name, value = NAME.search(tag), VALUE.search(tag)
        if name:
            fields[html.unescape(name[1])] = html.unescape(value[1]) if value else ""
    return fields


def _field(page: str, name: str) -> str:
    """What stands behind the element of a field, up to the end of its cell."""
    found = re.search(
        rf'id="[^"]*_xaf_dvi{name}_View"[^>]*>(.*?)</(?:span|td|div)>', page, re.DOTALL
    )
    return _text(found[1]) if found else ""


def _text(markup: str) -> str:
    return html.unescape(TAG.sub("", markup)).strip()


def _numbers(cells: Sequence[str]) -> set[Decimal]:
    """The plain numbers of a row, in either spelling."""
    found = set()
    for cell in cells:
        if re.fullmatch(r"[\d.,]+", cell):
            whole, _, cents = cell.replace(",", ".").rpartition(".")
            found.add(Decimal(f"{whole.replace('.', '') or 0}.{cents or 0}"))
    return found


async def _by_hand(base_url: str, login: str, number: str) -> None:
    async with Reader(base_url) as reader:
        await reader.sign_in(login, f"pw-{login}")
        order = await reader.order(number)
        sys.stdout.write(f"{order}\n{read_send(order)}\n")


if __name__ == "__main__":
    asyncio.run(_by_hand(*sys.argv[1:4]))
