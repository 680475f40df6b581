"""Routes: names, codes, links, robots, and who is a new friend by a proof."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.routes.messages import came_by_ended_route, came_by_route, code_unknown
from app.routes.rules import (
    CODE_LENGTH,
    CODE_LETTERS,
    LONGEST_PROMISE,
    ONE_SITTING,
    Account,
    Acquaintance,
    Method,
    Route,
    came_to_know_us,
    is_route_name,
    line_link,
    prefilled_text,
    read_code,
    working_method,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
CODE = "7KMQ2P9X"
LINE = "https://line.me"
ACCOUNT = Account("ごえん（架空）", "@000simul", has_login=True)
SECOND = timedelta(seconds=1)


def route(method: Method = Method.CODE) -> Route:
    return Route(1, 1, "seminar", "セミナーのQR", method, CODE, None, NOW, None)


@pytest.mark.parametrize(
    ("name", "is_name"),
    [
        pytest.param("seminar", True, id="a word"),
        pytest.param("seminar-2026-11", True, id="with hyphens and digits"),
        pytest.param("a", True, id="one letter"),
        pytest.param("a" * 40, True, id="40 letters"),
        pytest.param("a" * 41, False, id="41 letters"),
        pytest.param("", False, id="nothing"),
        pytest.param("-seminar", False, id="a hyphen in front"),
        pytest.param("seminar-", False, id="a hyphen at the end"),
        pytest.param("Seminar", False, id="a capital"),
        pytest.param("セミナー", False, id="Japanese"),
        pytest.param("a.png", False, id="a dot"),
        pytest.param("a/b", False, id="a slash"),
        pytest.param("seminar\n", False, id="a line break"),
    ],
)
def test_a_name_can_be_typed_and_printed(name: str, is_name: bool) -> None:
    assert is_route_name(name) is is_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(prefilled_text(CODE), CODE, id="as the chat opens with it"),
        pytest.param("R-7KMQ2P9X", CODE, id="the code alone"),
        pytest.param("r-7kmq2p9x です", CODE, id="small letters and words around"),
        pytest.param("Ｒ－７ＫＭＱ２Ｐ９Ｘ", CODE, id="full-width letters"),
        pytest.param("受付コードR−7KMQ2P9Xです", CODE, id="in Japanese, with another hyphen"),
        pytest.param("7KMQ2P9X", None, id="without the mark: a one-time code of linking looks so"),
        pytest.param("R-7KMQ2P9", None, id="too short"),
        pytest.param("R-7KMQ2P9XY", None, id="too long"),
        pytest.param("R-7KMQ2P90", None, id="a letter that no code has"),
        pytest.param("AR-7KMQ2P9X", None, id="part of another word"),
        pytest.param("横浜 看護師", None, id="a wish"),
    ],
)
def test_a_code_is_read_from_what_a_person_sends(text: str, code: str | None) -> None:
    assert read_code(text) == code


@given(st.text(CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_every_code_comes_back_from_its_own_text(code: str) -> None:
    assert read_code(prefilled_text(code)) == code


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    read_code(text)


@pytest.mark.parametrize(
    ("method", "link"),
    [
        pytest.param(Method.NONE, "https://line.me/R/ti/p/%40000simul", id="none: the add link"),
        pytest.param(Method.LOGIN, None, id="login: begins at our own page"),
    ],
)
def test_a_link_of_lines_own(method: Method, link: str | None) -> None:
    assert line_link(route(method), ACCOUNT, LINE) == link


def test_the_code_link_opens_the_chat_with_the_text() -> None:
    link = line_link(route(), ACCOUNT, LINE)
    assert link is not None
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "line.me", "/R/oaMessage/%40000simul/")
    assert unquote(parts.query) == prefilled_text(CODE)
    assert link.isascii()


def test_without_the_accounts_id_there_is_no_link() -> None:
    assert line_link(route(), Account("ごえん", None, has_login=True), LINE) is None


@pytest.mark.parametrize(
    ("method", "has_login", "working"),
    [
        pytest.param(Method.LOGIN, True, Method.LOGIN, id="login where there is a login channel"),
        pytest.param(Method.LOGIN, False, Method.CODE, id="without one the code proves as well"),
        pytest.param(Method.CODE, False, Method.CODE, id="the code needs none"),
        pytest.param(Method.NONE, True, Method.NONE, id="a plain link stays one"),
    ],
)
def test_a_route_proves_itself_as_the_account_can(method: Method, has_login: bool, working: Method) -> None:
    assert working_method(route(method), Account("ごえん", "@x", has_login)) is working


def friend(
    known: timedelta = timedelta(minutes=1),
    followed: timedelta | None = timedelta(minutes=1),
    first: date | None = TODAY,
    *,
    is_imported: bool = False,
    has_origin: bool = False,
) -> Acquaintance:
    followed_at = None if followed is None else NOW - followed
    return Acquaintance(NOW - known, followed_at, first, is_imported, has_origin)


@pytest.mark.parametrize(
    ("who", "changed", "is_new"),
    [
        pytest.param(friend(), None, True, id="followed a minute ago"),
        pytest.param(friend(followed=ONE_SITTING), None, True, id="followed an hour ago"),
        pytest.param(friend(followed=ONE_SITTING + SECOND), None, False, id="a second longer ago"),
        pytest.param(friend(followed=None, first=None), None, True, id="just heard of, follow still to come"),
        pytest.param(
            friend(known=ONE_SITTING + SECOND, followed=None, first=None), None, False, id="known for longer"
        ),
        pytest.param(friend(has_origin=True), None, False, id="another route has won them"),
        pytest.param(friend(is_imported=True, first=None), None, False, id="a friend from before Goen"),
        pytest.param(friend(first=None), None, False, id="back after a block from before Goen"),
        pytest.param(friend(first=date(2026, 5, 8)), None, False, id="back after a block"),
        pytest.param(friend(followed=None, first=None), True, True, id="login made the friendship"),
        pytest.param(
            friend(known=timedelta(days=9), followed=None, first=None),
            True,
            True,
            id="login made the friendship of somebody who only wrote before",
        ),
        pytest.param(friend(first=None), True, False, id="login unblocked an old friend"),
        pytest.param(
            friend(followed=None, first=None), False, True, id="declined to add us: not added so far"
        ),
        pytest.param(friend(), False, False, id="login found the friendship there"),
    ],
)
def test_a_route_wins_only_who_came_to_know_us_by_it(
    who: Acquaintance, changed: bool | None, is_new: bool
) -> None:
    assert came_to_know_us(who, NOW, friendship_changed=changed) is is_new


def test_the_words_of_a_route_fit_into_a_message() -> None:
    for messages in (came_by_route("あ" * LONGEST_PROMISE * 2), came_by_ended_route(), code_unknown()):
        (message,) = messages
        assert len(message["text"]) < 5000
        assert message["quickReply"]["items"]
    assert "無料の相談会" in came_by_route("無料の相談会にご案内します。")[0]["text"]
