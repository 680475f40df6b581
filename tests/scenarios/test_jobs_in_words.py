"""Jobs in the chat over HTTP, from typed words to a counted click, on both databases."""

from collections.abc import Iterator, Sequence

import pytest
import requests
from sqlalchemy import select

from app.db import reading, transaction
from app.jobs.actions import close_job
from app.jobs.models import Activity, ActivityKind
from tests.databases import KINDS, Databases
from tests.jobs.factories import make_row, store_jobs
from tests.scenarios.people import (
    actions_in,
    answer_to,
    eventually,
    friend_row,
    labels_in,
    new_friend,
    tap,
    words,
)
from tests.stack import Stack, running_stack

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Mobile Safari/604.1"}
PREVIEW = {"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"}
REQUEST = "横浜 看護師 夜勤なし 月30万以上"
PAGE = "https://jobs.example.com/1?utm_source=line"


@pytest.fixture(scope="module", params=KINDS)
def stack(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """A running Goen with a handful of jobs around Yokohama."""
    with running_stack(databases.fresh_url(request.param), tmp_path_factory.mktemp("words")) as running:
        fits = {"flags": "夜勤なし", "wage_min": "310000", "url": PAGE}
        rows = [make_row(external_id=f"fits-{n}", employer=f"第{n}病院(架空)", **fits) for n in range(7)]
        rows += [
            make_row(
                external_id="tokyo", employer="都(架空)", **fits | {"prefecture": "東京都", "city": "大田区"}
            ),
            make_row(external_id="care", employer="介(架空)", **fits | {"occupation": "介護職"}),
        ]
        store_jobs(running.database, *rows)
        yield running


def kinds(stack: Stack, person: str) -> list[ActivityKind]:
    friend_id = friend_row(stack, person).id
    with reading(stack.database) as session:
        query = select(Activity.kind).where(Activity.friend_id == friend_id).order_by(Activity.id)
        return list(session.scalars(query))


def apply_address(messages: Sequence[dict[str, object]]) -> str:
    [action] = [each for each in actions_in(messages) if each["label"] == "応募したい"]
    return str(action["uri"])


def test_words_become_jobs_and_one_counted_click(stack: Stack) -> None:
    person = new_friend(stack)
    said, cards = answer_to(stack, person, REQUEST)
    assert "「横浜市・看護師・夜勤なし・月給30万円以上」で探しました" in words(said)
    assert "7件見つかりました" in words(said)
    address = apply_address(tap(stack, person, "詳しく"))
    assert address.startswith(f"{stack.web_url}/r/")
    for headers in (PREVIEW, PHONE, PHONE):
        answer = requests.get(address, headers=headers, allow_redirects=False, timeout=10)
        assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    wanted = [ActivityKind.SEARCH, ActivityKind.VIEW, ActivityKind.CLICK]
    eventually(lambda: kinds(stack, person) == wanted, "one click is counted")
    assert labels_in(cards).count("詳しく") == 5


def test_more_comes_to_an_end(stack: Stack) -> None:
    person = new_friend(stack)
    answer_to(stack, person, REQUEST)
    cards, end = tap(stack, person, "もっと見る")
    assert labels_in(cards).count("詳しく") == 2
    assert "以上です" in words(end)


def test_a_job_that_closed_meanwhile_is_told_of_in_the_chat_and_on_the_page(stack: Stack) -> None:
    store_jobs(
        stack.database,
        make_row(external_id="short", title="短い募集", occupation="薬剤師", url=PAGE, licences=""),
    )
    person = new_friend(stack)
    answer_to(stack, person, "横浜 薬剤師")
    address = apply_address(tap(stack, person, "詳しく"))
    with transaction(stack.database) as session:
        close_job(session, "short", stack.clock.now())
    page = requests.get(address, headers=PHONE, timeout=10)
    assert page.status_code == 410
    assert "募集を終了しました" in page.text
    assert "募集を終了しました" in words(tap(stack, person, "保存")[0])


def test_no_interest_in_a_place_changes_the_next_list(stack: Stack) -> None:
    person = new_friend(stack)
    answer_to(stack, person, "関東 看護師 夜勤なし 月30万以上")
    tap(stack, person, "興味なし")
    tap(stack, person, "場所が合わない")
    place = words(stack.line.messages_to(person)[-1]).split("「")[1].split("」")[0]
    assert "希望条件を変えました" in words(tap(stack, person, "はい")[0])
    after = tap(stack, person, "おすすめを見る")
    assert place not in str(after[-1])


def test_a_typed_quick_reply_is_a_tapped_one(stack: Stack) -> None:
    person = new_friend(stack)
    answer_to(stack, person, REQUEST)
    tap(stack, person, "興味なし")
    assert "に絞りますか" in words(answer_to(stack, person, "給与が合わない")[0])
    assert "希望条件を変えました" in words(answer_to(stack, person, "はい。")[0])
    assert "希望条件を変えました" not in words(answer_to(stack, person, "はい")[0])


def test_a_typed_choice_keeps_the_other_conditions(stack: Stack) -> None:
    person = new_friend(stack)
    answer_to(stack, person, "府中市 看護師 夜勤なし")
    assert "「府中市・看護師・夜勤なし」" in words(answer_to(stack, person, "東京都府中市")[0])


def test_what_was_widened_is_said(stack: Stack) -> None:
    person = new_friend(stack)
    answer_to(stack, person, "川崎市 看護師 夜勤なし 月30万以上")
    said = words(stack.line.messages_to(person)[-1])
    assert "見つかりませんでした" in said
    assert "・神奈川県に広げる：7件" in said
    assert "7件見つかりました" in words(tap(stack, person, "神奈川県に広げる")[0])
    tap(stack, person, "この条件で保存")
    tap(stack, person, "はい")
    note, cards = tap(stack, person, "おすすめを見る")
    assert "少し広げてお探ししました" in words(note)
    assert "△ 勤務地は東京都大田区" in str(cards)


@pytest.mark.parametrize(
    ("text", "said", "label"),
    [
        pytest.param("府中市 看護師", "いくつかあります", "東京都府中市", id="a place with two readings"),
        pytest.param("横浜で貿易事務の仕事", "もしかして", "一般事務", id="an unknown title"),
    ],
)
def test_nothing_is_guessed(stack: Stack, text: str, said: str, label: str) -> None:
    person = new_friend(stack)
    [answer] = answer_to(stack, person, text)
    assert said in words(answer)
    assert label in labels_in(answer)
