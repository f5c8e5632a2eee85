"""Must show 5 of issue 8: a sound set-up passes, and each broken one is named with its remedy."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.embedded_cluster import locate
from tests.check.broken import EVERY_DAY, broken, store_login
from tests.check.house import House, parts
from tests.check.other_sites import certified_by_nobody, foreign_site
from tests.databases import temporary_folder


async def test_a_sound_set_up_passes(house: House) -> None:
    """Every part is looked at and well, also the login that its key opens; the lines are for a person."""
    await store_login(house, house.key_file.read_bytes())
    code, out, _ = await house.checked()
    assert code == 0, out
    lines = [line.split(maxsplit=1) for line in out.splitlines()]
    assert {verdict for verdict, _ in lines} == {"ok"}
    assert len(lines) == 12
    assert "the key opens 1 login" in out
    assert not (house.data / "secret.key").exists()


def test_the_set_ups_of_every_day_are_there() -> None:
    """A renamed one would be left out unseen."""
    assert broken.keys() > EVERY_DAY


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in EVERY_DAY else (pytest.mark.matrix,))
        for name in broken
    ],
)
async def test_a_broken_set_up_is_named_with_its_remedy(house: House, name: str) -> None:
    """That part alone is at fault."""
    breaking, part, seen, remedy = broken[name]
    await breaking(house)
    if house.wrap[:1] == ["unshare"] and (os.geteuid() != 0 or shutil.which("unshare") is None):
        pytest.skip("only root can mount a folder")
    [fault] = await house.faults()
    assert fault["part"] == part
    assert re.search(seen, fault["seen"]), fault
    assert re.search(remedy, fault["remedy"]), fault


async def test_a_postgres_without_fsync_is_refused(house: House, database: str) -> None:
    """Design §4.2. The tests' own Postgres is such a one."""
    house.environ["ARCHIBALD_DATABASE_URL"] = database
    [fault] = await house.faults()
    assert fault["part"] == "durability"
    assert "fsync off" in fault["seen"]
    assert "fsync = on and full_page_writes = on" in fault["remedy"]


async def test_another_site_is_not_the_erp(house: House) -> None:
    """It answers, and its page has nothing of the login page."""
    async with foreign_site() as url:
        house.environ["ARCHIBALD_ERP_URL"] = url
        [fault] = await house.faults()
    assert fault["part"] == "login page"
    assert "leads to /Archibald/Default.aspx and not to a login page" in fault["seen"]


async def test_a_certificate_that_nobody_signed_is_told(house: House, tmp_path: Path) -> None:
    """With the setting that accepts it; with that, the next fault is told: it is another site."""
    async with certified_by_nobody(tmp_path) as url:
        house.environ["ARCHIBALD_ERP_URL"] = url
        [fault] = await house.faults()
        assert fault["part"] == "erp"
        assert "certificate" in fault["seen"]
        assert "ARCHIBALD_ERP_INSECURE_TLS=true" in fault["remedy"]
        house.environ["ARCHIBALD_ERP_INSECURE_TLS"] = "true"
        assert parts(await house.faults()) == ["login page"]


@asynccontextmanager
async def own_folder() -> AsyncIterator[Path]:
    """A data folder that the embedded Postgres may enter."""
    with temporary_folder() as folder:
        yield folder


async def test_without_a_database_the_embedded_one_is_proved(house: House) -> None:
    """It starts, keeps what it is told, and is stopped again; the schema comes with the first start."""
    async with own_folder() as folder:
        del house.environ["ARCHIBALD_DATABASE_URL"]
        house.environ["ARCHIBALD_DATA_DIR"] = str(folder)
        code, out, _ = await house.checked()
        assert code == 0, out
        assert re.search(r"\d+ to be applied at the next start", out)
        assert not locate(folder).processes()
