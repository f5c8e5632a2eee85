"""Signing in happens once, is known by the URL, and a refusal is never tried again."""

from contextlib import nullcontext

import pytest

from server.erp.session import Login, sign_in_again, still_signed_in
from server.errors import ErpLoginRejectedError, ErpUnavailableError
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator


@pytest.mark.parametrize("user", ["ikiA0001", "ikiA0010"])
async def test_an_agent_is_signed_in_in_either_language(agent_of: SignIn, user: str) -> None:
    """Italian and English sites are the same to us."""
    agent = await agent_of(user)
    assert "Login.aspx" not in agent.session.page.url
    assert await still_signed_in(agent.session)


async def test_a_wrong_password_is_tried_once(agent_of: SignIn, erp: Simulator) -> None:
    """A second try could lock the account."""
    await erp.clear_requests()
    with pytest.raises(ErpLoginRejectedError):
        await agent_of("ikiA0001", "wrong")
    assert len(await erp.requests("login")) == 1


async def test_a_session_that_the_erp_has_ended_is_noticed(agent_of: SignIn) -> None:
    """The URL tells, not the cookies."""
    agent = await agent_of()
    await agent.session.context.clear_cookies()
    assert not await still_signed_in(agent.session)


@pytest.mark.parametrize(
    ("fault", "on"), [("F13", "page"), ("F13", "login"), ("F1", "page"), ("F1", "login")]
)
async def test_an_erp_that_is_away_is_unavailable(
    agent_of: SignIn, erp: Simulator, fault: str, on: str
) -> None:
    """A server error or a cut connection says nothing about the password."""
    await erp.fault(fault, on)
    with pytest.raises(ErpUnavailableError):
        await agent_of()


async def test_a_warm_session_is_asked_without_a_page(agent_of: SignIn, erp: Simulator) -> None:
    """The home page leads on to the start view, which takes seconds and which nobody looks at."""
    agent = await agent_of()
    await erp.clear_requests()
    again = await sign_in_again(agent.session, nullcontext(Login("nobody", "nothing")))
    assert again is agent.session
    assert [entry["path"] for entry in await erp.requests()] == ["/Archibald/Default.aspx"]


@pytest.mark.parametrize("how", ["ended", "away"])
async def test_what_leads_nowhere_is_looked_at_on_a_page(
    agent_of: SignIn, erp: Simulator, how: str
) -> None:
    """A session that was ended is signed in anew; an answer that says nothing costs no login."""
    agent = await agent_of()
    if how == "ended":
        await agent.session.context.clear_cookies()
    else:
        await erp.fault("F13", "page", once=True)
    await erp.clear_requests()
    login = nullcontext(Login("ikiA0001", await password_of(erp, "ikiA0001")))
    again = await sign_in_again(agent.session, login)
    assert (again is agent.session) == (how == "away")
    assert len(await erp.requests("login")) == (how == "ended")
    assert "Login.aspx" not in again.page.url


async def password_of(erp: Simulator, user: str) -> str:
    return next(one["password"] for one in await erp.agents() if one["user"] == user)
