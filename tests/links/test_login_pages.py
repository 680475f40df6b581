"""LINE Login over HTTP: site, our pages, the simulated LINE, and everybody who tries to come in between."""

import hmac
from base64 import b64encode
from collections.abc import Callable
from itertools import count
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import select

from app.db import reading, transaction
from app.factory import close_app, create_app
from app.linking.patience import MOST_FAILURES
from app.messaging.models import Channel
from app.routes.actions import RouteDraft, add_route
from app.routes.models import AddRoute, RouteVisit
from app.routes.rules import Method
from tests.links.site import MY_PAGE, Browser, Site, query_of
from tests.payloads import body_of, event
from tests.scenarios.people import eventually, friend_row, labels_in, new_friend, words
from tests.stack import SECRET, SITE_ORIGIN, Stack

_numbers = count(1)


@pytest.fixture(scope="module")
def site(stack: Stack) -> Site:
    return Site(stack)


@pytest.fixture
def member(site: Site) -> str:
    return site.sign_up(f"M-{next(_numbers)}")


@pytest.fixture
def browser(stack: Stack) -> Browser:
    return Browser(stack)


def session_url(site: Site, member: str) -> str:
    return str(site.link_session(member).json()["url"])


def linked_person(stack: Stack, site: Site, member: str, browser: Browser) -> str:
    """Somebody who has linked by login just now."""
    person = new_friend(stack)
    back = browser.get(browser.agree(browser.begin_link(session_url(site, member)), person))
    assert query_of(back.headers["Location"])["goen"] == "linked"
    return person


def test_signing_up_linking_and_befriending_are_one_step(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    person = stack.line.add_person("架空 花子")
    url = session_url(site, member)
    page = browser.get(url)
    assert "見** 花**" in page.text
    assert "見本" not in page.text
    assert "いつでも解除" in page.text
    line_url = browser.begin_link(url)
    assert query_of(line_url)["bot_prompt"] == "aggressive"
    back = browser.get(browser.agree(line_url, person))
    assert back.status_code == 303
    assert back.headers["Location"] == f"{MY_PAGE}?goen=linked&friend=yes"
    assert [link["how"] for link in site.links(member)] == ["login"]
    messages = stack.line.wait_for_messages(person, 3)
    said = " ".join(map(words, messages))
    assert "会員連携が完了しました" in said
    assert "いつでも解除" in said


def test_a_friend_who_links_at_the_site_is_told_by_a_push_with_jobs(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    person = linked_person(stack, site, member, browser)
    messages = stack.line.wait_for_messages(person, 4)[2:]
    assert "会員連携が完了しました" in words(messages[0])
    assert len(messages) == 2
    assert friend_row(stack, person).followed_at is not None


def test_whoever_links_without_befriending_hears_of_it_with_the_greeting(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    person = stack.line.add_person("架空 太郎")
    line_url = browser.begin_link(session_url(site, member))
    back = browser.get(browser.agree(line_url, person, add_friend=""))
    assert query_of(back.headers["Location"]) == {"goen": "linked", "friend": "no"}
    stack.line.follow(person)
    said = [words(each) for each in stack.line.wait_for_messages(person, 3)]
    assert "友だち追加ありがとうございます" in said[0]
    assert "会員連携が完了しました" in said[1]


def test_the_access_token_of_a_log_in_is_ended_at_once(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    linked_person(stack, site, member, browser)
    revoked = [each for each in stack.line.wire() if "/oauth2/v2.1/revoke" in str(each)]
    assert revoked


Step = Callable[[Stack, Site, str, Browser], requests.Response]


def forged_session(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    return browser.post("/login/line", {"t": "invented" * 5})


def session_twice(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    url = session_url(site, member)
    browser.begin_link(url)
    return Browser(stack).post("/login/line", {"t": query_of(url)["t"]})


def callback_in_another_browser(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    callback = browser.agree(browser.begin_link(session_url(site, member)), new_friend(stack))
    return Browser(stack).get(callback)


def callback_with_another_state(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    callback = browser.agree(browser.begin_link(session_url(site, member)), new_friend(stack))
    return browser.get(callback.replace("state=", "state=x"))


def callback_twice(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    other = Browser(stack)
    callback = other.agree(other.begin_link(session_url(site, "M-victim")), new_friend(stack))
    other.get(callback)
    return other.get(callback)


def forged_code(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    line_url = browser.begin_link(session_url(site, member))
    return browser.get(f"/login/line/callback?code=invented&state={query_of(line_url)['state']}")


def code_of_another_attempt(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    """The attacker's own code, slipped under the victim's state: PKCE and nonce do not fit."""
    attacker = Browser(stack)
    theirs = attacker.agree(attacker.begin_link(session_url(site, "M-victim")), new_friend(stack))
    line_url = browser.begin_link(session_url(site, member))
    return browser.get(
        f"/login/line/callback?code={query_of(theirs)['code']}&state={query_of(line_url)['state']}"
    )


def refused_by_person(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    line_url = browser.begin_link(session_url(site, member))
    return browser.get(browser.agree(line_url, new_friend(stack), decision="deny"))


def neither_code_nor_error(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    line_url = browser.begin_link(session_url(site, member))
    return browser.get(f"/login/line/callback?state={query_of(line_url)['state']}")


def another_site(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    return browser.get("/login/line?return_to=https://evil.example/")


def no_return_address(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    return browser.get("/login/line")


def another_account(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    return browser.get(f"/login/line?return_to={MY_PAGE}&channel=nobody")


def not_linked(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    line_url = browser.get(f"/login/line?return_to={MY_PAGE}").headers["Location"]
    return browser.get(browser.agree(line_url, new_friend(stack)))


def silent_line(stack: Stack, site: Site, member: str, browser: Browser) -> requests.Response:
    callback = browser.agree(browser.begin_link(session_url(site, member)), new_friend(stack))
    stack.line.set_faults({"endpoint": "login.token", "kind": "500", "times": 1})
    return browser.get(callback)


@pytest.mark.parametrize(
    ("step", "status", "title"),
    [
        pytest.param(forged_session, 404, "このページは開けません", id="forged session"),
        pytest.param(session_twice, 410, "このページは使用済みです", id="session in two browsers"),
        pytest.param(
            callback_in_another_browser, 403, "連携できませんでした", id="callback in another browser"
        ),
        pytest.param(callback_with_another_state, 403, "連携できませんでした", id="another state"),
        pytest.param(callback_twice, 403, "連携できませんでした", id="callback replayed"),
        pytest.param(forged_code, 502, "LINEで確認できませんでした", id="forged code"),
        pytest.param(code_of_another_attempt, 502, "LINEで確認できませんでした", id="another attempt's code"),
        pytest.param(refused_by_person, 403, "キャンセルしました", id="the person says no"),
        pytest.param(neither_code_nor_error, 502, "LINEで確認できませんでした", id="neither code nor error"),
        pytest.param(silent_line, 502, "LINEにつながりませんでした", id="LINE fails"),
        pytest.param(another_site, 403, "このページは開けません", id="back to another site"),
        pytest.param(no_return_address, 403, "このページは開けません", id="back to nowhere"),
        pytest.param(another_account, 404, "まだご利用いただけません", id="unknown account"),
        pytest.param(not_linked, 403, "まだ連携していないLINEです", id="log-in by nobody we know"),
    ],
)
def test_an_attempt_is_refused_with_a_page_that_says_why(
    stack: Stack, site: Site, member: str, browser: Browser, step: Step, status: int, title: str
) -> None:
    site.sign_up("M-victim")
    answer = step(stack, site, member, browser)
    assert (answer.status_code, title in answer.text) == (status, True), answer.text
    assert site.links(member) == []


def test_a_session_is_over_after_ten_minutes(stack: Stack, site: Site, member: str, browser: Browser) -> None:
    url = session_url(site, member)
    line_url = browser.begin_link(session_url(site, member))
    stack.line.advance(11 * 60)
    late = browser.get(url)
    assert (late.status_code, "時間が経ちました" in late.text) == (410, True)
    answer = browser.get(f"/login/line/callback?code=x&state={query_of(line_url)['state']}")
    assert answer.status_code == 403


def test_a_linked_member_logs_in_without_a_password(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    person = linked_person(stack, site, member, browser)
    line_url = browser.get(f"/login/line?return_to={MY_PAGE}?mine=1").headers["Location"]
    assert "bot_prompt" not in query_of(line_url)
    back = browser.get(browser.agree(line_url, person)).headers["Location"]
    assert back.startswith(f"{MY_PAGE}?mine=1&goen=login&handover=")
    token = query_of(back)["handover"]
    assert site.handover(token).json() == {"member": member}
    again = site.handover(token)
    assert (again.status_code, "used" in again.text) == (410, True)


def test_unlinking_at_the_site_is_told_in_the_chat_and_ends_log_ins(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    person = linked_person(stack, site, member, browser)
    before = len(stack.line.wait_for_messages(person, 4))
    assert site.call("DELETE", f"/members/{member}/links").json() == {"ended": 1}
    assert site.call("DELETE", f"/members/{member}/links").json() == {"ended": 0}
    told = stack.line.wait_for_messages(person, before + 2)[before:]
    assert "解除されました" in words(told[0])
    assert "許可を取り消す" in labels_in(told[1]), "LINE keeps a permission, whoever ends the link"
    line_url = browser.get(f"/login/line?return_to={MY_PAGE}").headers["Location"]
    assert browser.get(browser.agree(line_url, person)).status_code == 403


def test_the_permission_of_line_login_is_taken_back_by_the_person_only(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    person = linked_person(stack, site, member, browser)
    assert "許可を取り消します" in browser.get("/login/line/leave").text
    line_url = browser.post("/login/line/leave", {"channel": ""}).headers["Location"]
    done = browser.get(browser.agree(line_url, person))
    assert (done.status_code, "許可を取り消しました" in done.text) == (200, True)
    assert [each for each in stack.line.wire() if "/user/v1/deauthorize" in str(each)]


def test_whoever_only_logged_in_by_line_is_offered_to_take_that_back_too(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    person = new_friend(stack)
    stack.line.say(person, site.code(member)["code"])
    eventually(lambda: site.links(member) != [], "linked by a code")
    line_url = browser.get(f"/login/line?return_to={MY_PAGE}").headers["Location"]
    browser.get(browser.agree(line_url, person))
    site.call("DELETE", f"/members/{member}/links")
    eventually(
        lambda: any("許可を取り消す" in labels_in(each) for each in stack.line.messages_to(person)),
        "the button is offered",
    )


@pytest.mark.parametrize("address", ["https://evil.example/", f"{SITE_ORIGIN}0/", "javascript:alert(1)", ""])
def test_a_session_leads_back_to_the_site_only(site: Site, member: str, address: str) -> None:
    answer = site.link_session(member, address)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "return_url"


def test_pages_are_not_kept_framed_or_scripted(stack: Stack, site: Site, member: str) -> None:
    answer = Browser(stack).get(session_url(site, member))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin", "else our own forms would have no origin"
    assert Browser(stack).get("/link/static/linking.css").headers["Content-Type"].startswith("text/css")


def test_the_cookie_is_for_this_browser_and_our_own_server_only(
    stack: Stack, site: Site, member: str
) -> None:
    answer = Browser(stack).post("/login/line", {"t": query_of(session_url(site, member))["t"]})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/login/line" in cookie


def test_a_route_is_proven_by_logging_in_and_the_friendship_is_its_own(
    stack: Stack, browser: Browser
) -> None:
    name = f"seminar-{next(_numbers)}"
    with transaction(stack.database) as session:
        channel = session.scalars(select(Channel)).one()
        add_route(session, channel.id, name, RouteDraft("QR", Method.LOGIN), stack.clock.now())
    person = stack.line.add_person("架空 四子")
    line_url = browser.get(f"/login/line?route={name}").headers["Location"]
    assert query_of(line_url)["bot_prompt"] == "aggressive"
    done = browser.get(browser.agree(line_url, person))
    assert (done.status_code, "ありがとうございます" in done.text) == (200, True)
    stack.line.wait_for_messages(person, 2)
    with reading(stack.database) as session:
        [visit] = session.execute(
            select(RouteVisit.proof, RouteVisit.is_new)
            .join(AddRoute, AddRoute.id == RouteVisit.route_id)
            .where(AddRoute.name == name)
        ).all()
    assert tuple(visit) == ("login", True)
    assert browser.get("/login/line?route=nobody-knows").status_code == 404
    assert browser.get("/login/line?route=a%00b").status_code == 404


def test_line_is_not_asked_without_end_for_one_address(stack: Stack) -> None:
    app = create_app(stack.settings)
    client = app.test_client()

    def junk(address: str) -> int:
        begun = client.get(f"/login/line?return_to={MY_PAGE}").headers["Location"]
        callback = f"/login/line/callback?code=junk&state={query_of(begun)['state']}"
        return client.get(callback, headers={"X-Forwarded-For": address}).status_code

    def asked() -> int:
        return len([each for each in stack.line.wire() if "/oauth2/v2.1/token" in str(each)])

    assert {junk("198.51.100.1") for _ in range(MOST_FAILURES)} == {502}
    before = asked()
    assert junk("198.51.100.1") == 429
    assert asked() == before
    assert junk("198.51.100.2") == 502
    close_app(app)


def test_a_line_that_hangs_takes_two_threads_and_webhooks_go_on(
    stack: Stack, site: Site, member: str, browser: Browser
) -> None:
    app = create_app(stack.settings)
    client = app.test_client()
    begun = client.post("/login/line", data={"t": query_of(session_url(site, member))["t"]})
    callback = urlsplit(browser.agree(begun.headers["Location"], new_friend(stack)))
    few = app.extensions["goen.linking"].few
    with few.turn(), few.turn():
        answer = client.get(f"{callback.path}?{callback.query}")
        body = body_of(event())
        signature = b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()
        accepted = client.post("/line/webhook", data=body, headers={"X-Line-Signature": signature})
    assert (answer.status_code, "混み合っています" in answer.text) == (503, True)
    assert accepted.status_code == 200
    close_app(app)
    assert site.links(member) == []


@pytest.mark.parametrize(
    "where_from",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a neighbour's host"),
        pytest.param({"Origin": "https://evil.example"}, id="an older browser, another site"),
        pytest.param({"Origin": "null"}, id="an older browser, a page that hides where it is"),
    ],
)
def test_a_form_of_another_site_links_nobody_and_spends_nothing(
    stack: Stack, site: Site, member: str, where_from: dict[str, str]
) -> None:
    token = query_of(session_url(site, member))["t"]
    for address, form in (("/login/line", {"t": token}), ("/login/line/leave", {})):
        answer = requests.post(
            f"{stack.web_url}{address}",
            data=form,
            headers=where_from,
            allow_redirects=False,
            timeout=10,
        )
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers
    own = requests.post(
        f"{stack.web_url}/login/line",
        data={"t": token},
        headers={"Origin": stack.web_url} if "Origin" in where_from else {"Sec-Fetch-Site": "same-origin"},
        allow_redirects=False,
        timeout=10,
    )
    assert own.status_code == 303
