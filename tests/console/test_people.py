"""Lists and pages of people: search, filters, cursors, what is masked, what the audit keeps, why not sent."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from sqlalchemy import select, update

from app.clock import Clock
from app.console.paging import Place, read_id, read_place
from app.console.people_rows import Wanted, friend_rows, member_rows
from app.console.timeline_rows import Shown, timeline
from app.db import Database, reading, transaction
from app.friends.actions import known_friend
from app.friends.models import Friend
from app.members.actions import upsert_member
from app.members.values import MemberData
from app.messaging.models import Message, OutboxMessage
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier, Purpose
from app.people.persons import person_of
from app.privacy.actions import forget_person
from app.routes.actions import RouteDraft, add_route
from app.routes.models import RouteVisit
from app.routes.rules import Method
from app.staff.audit import NOBODY
from app.staff.models import Audit
from app.staff.rules import Role
from tests.console.conftest import SignIn
from tests.console.people import MAIL, PHONE, SEALING, People, make_friends, make_people
from tests.console.visiting import Visitor, words_of
from tests.factories import make_channel

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def people(database: Database) -> People:
    return make_people(database)


def audited(database: Database) -> list[tuple[str, str]]:
    with reading(database) as session:
        query = select(Audit.action, Audit.subject).where(Audit.action.not_like("staff.%")).order_by(Audit.id)
        return [(action, subject) for action, subject in session.execute(query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", {"架空 花子", "架空 太郎"}, id="all"),
        pytest.param("?q=花子", {"架空 花子"}, id="by a part of the LINE name"),
        pytest.param("?q=M-0001", {"架空 花子"}, id="by the site's id"),
        pytest.param("?q=090-1234-5678", {"架空 花子"}, id="by the phone number in any spelling"),
        pytest.param("?q=Hanako@Example.com", {"架空 花子"}, id="by the mail address"),
        pytest.param("?q=夜勤のない", {"架空 花子"}, id="by words she wrote"),
        pytest.param("?q=%25", set(), id="a sign of LIKE is a sign"),
        pytest.param("?q=_", set(), id="the other one too"),
        pytest.param("?q=いない人", set(), id="nobody"),
        pytest.param("?link=linked", {"架空 花子"}, id="linked"),
        pytest.param("?link=unlinked", {"架空 太郎"}, id="not linked"),
        pytest.param("?state=blocked", {"架空 太郎"}, id="blocked"),
        pytest.param("?state=followed", {"架空 花子"}, id="followed"),
        pytest.param("?state=opted_out", set(), id="opted out"),
        pytest.param("?state=nonsense&after=nonsense", {"架空 花子", "架空 太郎"}, id="nonsense is left out"),
    ],
)  # fmt: skip
def test_friends_are_found(admin: Visitor, people: People, query: str, found: set[str]) -> None:
    page = admin.get(f"/console/people{query}").text
    assert set(re.findall(r'class="rowlink"[^>]*>([^<]+)<', page)) == found


def test_members_are_found_by_what_names_them(database: Database, people: People) -> None:
    def found(wanted: Wanted) -> list[int]:
        with reading(database) as session:
            return [row.id for row in member_rows(session, SEALING, wanted, before=None, limit=9)]

    assert found(Wanted()) == [people.alone, people.member]
    assert found(Wanted(link="linked")) == [people.member]
    assert found(Wanted(link="unlinked")) == [people.alone]
    for text in (PHONE, MAIL, "M-0001", "花子", "架空花子", "花子 架空"):
        assert found(Wanted(text=text)) == [people.member]
    assert found(Wanted(text="架空")) == [people.alone, people.member]
    assert found(Wanted(text="架空", link="unlinked")) == [people.alone]
    assert found(Wanted(text="架空 花")) == []
    assert found(Wanted(text="M-000")) == []


def test_a_friend_is_found_by_the_name_that_the_site_gave(
    admin: Visitor, database: Database, people: People
) -> None:
    with transaction(database) as session:
        session.execute(update(Friend).where(Friend.id == people.hanako).values(display_name="❀"))
        upsert_member(session, SEALING, MemberData(external_id="M-0001", name="別名 ハナコ"), Clock().now())
    address = f"/console/people/friends/{people.hanako}"
    for text in ("別名", "はなこ", "別名ﾊﾅｺ", "ハナコ 別名"):
        assert address in admin.get(f"/console/people?q={text}").text
        found = admin.get(f"/console/search?q={text}").text
        assert address in found
        assert f"/console/people/members/{people.member}" in found
    for text in ("別", "別名 太郎"):
        assert address not in admin.get(f"/console/people?q={text}").text
    assert "会員名・会員番号・電話・メールで探せます" in words_of(admin.get("/console/members"))


def test_a_list_goes_on_where_it_ended_whatever_was_added_meanwhile(
    admin: Visitor, database: Database, people: People
) -> None:
    made = make_friends(database, people.channel_id, 120, Clock().now())
    address, seen = "/console/people", []
    while address:
        page = admin.get(address).text
        seen += [int(found) for found in re.findall(r"/console/people/friends/(\d+)\"", page)]
        more = re.search(r'href="([^"]+)" rel="next"', page)
        address = more[1].replace("&amp;", "&") if more else ""
        make_friends(database, people.channel_id, 1, Clock().now()) if len(seen) == 50 else None
    assert seen == [*reversed(made), people.taro, people.hanako]


def test_the_search_box_finds_people_and_messages(admin: Visitor, people: People) -> None:
    page = words_of(admin.get("/console/search?q=夜勤"))
    assert "夜勤のない求人はありますか" in page
    assert "架空 花子" in page
    assert "会員 M-0002" in words_of(admin.get("/console/search?q=M-0002"))
    assert "見つかりませんでした" in words_of(admin.get("/console/search?q=どこにもない"))
    admin.get("/console/search")


def test_a_persons_page_says_what_must_be_known_first(admin: Visitor, people: People) -> None:
    page = words_of(admin.get(f"/console/people/friends/{people.hanako}"))
    assert re.search(r"入社後2年 20\d\d/.*まで勧誘できません", page)
    assert "対応待ち" in page
    assert "会員連携済" in page
    blocked = words_of(admin.get(f"/console/people/friends/{people.taro}"))
    assert "現在ブロックされているため、メッセージは届きません。" in blocked
    assert "入社後2年" not in blocked


def test_what_must_be_known_of_somebody_who_was_erased_and_came_back_is_said(
    admin: Visitor, database: Database, people: People
) -> None:
    now = Clock().now()
    with transaction(database) as session:
        friend = session.get_one(Friend, people.hanako)
        user, channel = friend.line_user_id, friend.channel_id
        friend.opted_out_at = now
    with reading(database) as session:
        person = person_of(session, (), (people.hanako,))
    forget_person(database, SEALING, person, NOBODY, now)
    with transaction(database) as session:
        back = known_friend(session, channel, user, now)
        back.followed_at = now
        session.flush()
        address = f"/console/people/friends/{back.id}"
    page = words_of(admin.get(address))
    assert "入社後2年" in page
    assert "配信停止" in page


def test_both_addresses_of_a_linked_person_show_the_same_person(admin: Visitor, people: People) -> None:
    by_friend = words_of(admin.get(f"/console/people/friends/{people.hanako}"))
    by_member = words_of(admin.get(f"/console/people/members/{people.member}"))
    assert by_friend == by_member


def test_nothing_of_a_person_is_shown_in_full_or_by_line_id(
    admin: Visitor, people: People, database: Database
) -> None:
    with reading(database) as session:
        line_user_id = session.scalars(select(Friend.line_user_id).where(Friend.id == people.hanako)).one()
    for tab in ("", "profile", "consents", "links", "audit"):
        page = admin.get(f"/console/people/friends/{people.hanako}?tab={tab}").text
        assert line_user_id not in page
        assert PHONE not in page
        assert "90123456" not in page
        assert MAIL not in page
    assert "090-****-5678" in page


@pytest.mark.parametrize(("field", "shown"), [("phone", PHONE), ("mail", MAIL)])
def test_a_reveal_shows_one_thing_once_and_is_audited(
    admin: Visitor, people: People, database: Database, field: str, shown: str
) -> None:
    admin.get(f"/console/people/members/{people.member}")
    page = admin.post(f"/console/people/members/{people.member}/reveal", 200, field=field).text
    assert shown in page
    assert (MAIL if field == "phone" else PHONE) not in page
    assert shown not in admin.get(f"/console/people/members/{people.member}").text
    assert (f"{field}.shown", f"member:{people.member}") in audited(database)
    admin.post(f"/console/people/members/{people.member}/reveal", 400, field="name")
    admin.post("/console/people/members/999999/reveal", 404, field=field)


def test_looking_is_kept_once_for_each_person_and_hour(
    admin: Visitor, people: People, database: Database, signed_in_as: SignIn
) -> None:
    for tab in ("timeline", "links", "timeline"):
        admin.get(f"/console/people/friends/{people.hanako}?tab={tab}")
    admin.get(f"/console/people/friends/{people.taro}")
    viewed = [subject for action, subject in audited(database) if action == "person.viewed"]
    assert set(viewed) == {f"member:{people.member}", f"friend:{people.taro}"}
    assert len(viewed) <= 4  # twice, if the hour has just turned
    signed_in_as(Role.RECRUITER).get(f"/console/people/friends/{people.taro}")
    assert len(audited(database)) > len(viewed)


def test_the_timeline_says_why_something_was_not_sent(admin: Visitor, people: People) -> None:
    every = words_of(admin.get(f"/console/people/friends/{people.hanako}"))
    assert "横浜市の求人を3件ご紹介します" in every
    assert "(送信を取り消しました)" in every
    assert "連携コードで連携しました" in every
    refused = words_of(admin.get(f"/console/people/friends/{people.hanako}?show=not_sent"))
    assert "送らなかった 週刊ランキング 入社後2年のため" in refused
    assert "不明 面談のご案内 送信できたか確認できていません" in refused
    assert "失敗 求人のお知らせ LINEが受け付けなかったため" in refused
    assert "横浜市の求人を3件" not in refused
    assert "夜勤のない" not in refused


def test_the_timeline_pages_through_everything_once_even_at_one_moment(
    database: Database, people: People
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    with transaction(database) as session:
        rows = [
            NewOutboxMessage(
                Carrier.PUSH, people.channel_id, f"x:{n}", {}, Purpose.REPLY, people.taro, preview=f"r{n}"
            )
            for n in range(15)
        ]
        enqueue(session, rows, at)
        session.add_all([Message(friend_id=people.taro, kind="text", text=f"m{n}", at=at) for n in range(15)])
    seen: list[str] = []
    place = None
    while True:
        with reading(database) as session:
            person = person_of(session, (), (people.taro,))
            found = timeline(session, person, Shown.ALL, before=place, limit=7)
        seen += [item.words for item in found]
        if len(found) < 7:
            break
        place = read_place(str(found[-1].place))
    assert sorted(seen) == sorted(
        [
            *(f"r{n}" for n in range(15)),
            *(f"m{n}" for n in range(15)),
            "友だちになりました",
            "ブロックされました",
        ]
    )


def test_other_tabs_tell_the_rest(admin: Visitor, people: People) -> None:
    profile = words_of(admin.get(f"/console/people/friends/{people.hanako}?tab=profile"))
    assert "看護師" in profile
    assert "入社" in profile
    assert "面談" in profile
    consents = words_of(admin.get(f"/console/people/friends/{people.hanako}?tab=consents"))
    assert re.search(r"SMSでのご案内 いいえ いま有効 .* SMSでのご案内 はい ", consents)
    assert "M-0001" in words_of(admin.get(f"/console/people/friends/{people.hanako}?tab=links"))
    assert "個人の画面を開いた" in words_of(admin.get(f"/console/people/friends/{people.hanako}?tab=audit"))
    admin.get("/console/people/friends/999999", 404)
    admin.get("/console/people/others/1", 404)


def test_names_and_messages_are_never_markup(admin: Visitor, people: People, database: Database) -> None:
    with transaction(database) as session:
        session.execute(update(Friend).where(Friend.id == people.hanako).values(display_name=EVIL[:100]))
        session.execute(update(Message).values(text=EVIL))
        session.execute(update(OutboxMessage).values(preview=EVIL))
        upsert_member(session, SEALING, MemberData(external_id="M-0001", name=EVIL), Clock().now())
    hers = f"/console/people/friends/{people.hanako}"
    lists = (
        "/console/",
        "/console/people",
        "/console/members",
        "/console/failures",
        "/console/search?q=alert",
    )
    for address in (
        *lists,
        hers,
        f"{hers}?tab=links",
        "/console/failures?tab=sent",
        f"/console/people?q={EVIL}",
    ):
        page = admin.get(address).text
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address


def test_the_csv_is_for_admins_without_contacts_harmless_and_audited(
    admin: Visitor, people: People, database: Database, signed_in_as: SignIn
) -> None:
    with transaction(database) as session:
        session.execute(update(Friend).where(Friend.id == people.taro).values(display_name="＝HYPERLINK()"))
    answer = admin.get("/console/people.csv")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["LINEの名前", "'＝HYPERLINK()", "架空 花子"]
    assert rows[2][1:3] == ["M-0001", "架空 花子"]
    assert PHONE not in answer.text
    assert ("people.exported", "people:friends") in audited(database)
    signed_in_as(Role.RECRUITER).get("/console/people.csv", 403)


def test_the_audit_keeps_what_was_taken_before_it_goes(
    admin: Visitor, people: People, database: Database
) -> None:
    answer = admin.client.get("/console/people.csv?link=linked&state=followed&q=架空", buffered=False)
    with reading(database) as session:
        [change] = session.scalars(select(Audit.change).where(Audit.action == "people.exported"))
    assert change == {"link": "linked", "state": "followed"}, "what was searched for may be somebody's name"
    assert answer.is_streamed
    assert answer.data.decode("utf-8-sig").count("\r\n") == 2
    answer.close()


def test_friends_are_found_by_the_route_that_they_proved(
    admin: Visitor, people: People, database: Database
) -> None:
    with transaction(database) as session:
        now = Clock().now()
        seminar, flyer = (
            add_route(session, people.channel_id, name, RouteDraft(name, Method.CODE), now)
            for name in ("seminar", "flyer")
        )
        for route, friend, is_new in (
            (seminar, people.hanako, True),
            (flyer, people.hanako, False),
            (flyer, None, False),
        ):
            session.add(
                RouteVisit(
                    route_id=route,
                    friend_id=friend,
                    at=now,
                    visited_on=now.date(),
                    proof="code",
                    is_new=is_new,
                )
            )

    def found(route: object) -> set[str]:
        page = admin.get(f"/console/people?route={route}").text
        return set(re.findall(r'class="rowlink"[^>]*>([^<]+)<', page))

    assert found(seminar) == {"架空 花子"}
    assert found(flyer) == set(), "a later visit is not how they came"
    assert found("unknown") == {"架空 太郎"}
    assert found("nonsense") == {"架空 花子", "架空 太郎"}
    page = admin.get(f"/console/people?route={seminar}").text
    assert f'<option value="{seminar}" selected>seminar</option>' in page
    assert f"people.csv?route={seminar}" in page
    csv_page = admin.get(f"/console/people.csv?route={seminar}").text
    assert ("架空 花子" in csv_page, "架空 太郎" in csv_page) == (True, False)


def test_an_editor_sees_numbers_and_no_people(people: People, signed_in_as: SignIn) -> None:
    editor = signed_in_as(Role.EDITOR)
    page = editor.get("/console/").text
    assert "架空 花子" not in page
    assert "/console/people" not in page
    editor.get(f"/console/people/friends/{people.hanako}", 403)


def test_lists_keep_to_the_chosen_account(admin: Visitor, people: People, database: Database) -> None:
    other = make_people_of_another_account(database)
    admin.get("/console/people")
    admin.post("/console/account/channel", channel=other)
    page = admin.get("/console/people").text
    assert "別の人" in page
    assert "架空 花子" not in page


def make_people_of_another_account(database: Database) -> int:
    channel_id = make_channel(database)
    with transaction(database) as session:
        now = Clock().now()
        session.add(
            Friend(channel_id=channel_id, line_user_id="U" + "f" * 32, created_at=now, display_name="別の人")
        )
    return channel_id


@pytest.mark.parametrize(
    "text", ["", None, "x", "1_2", "20260101T000000.000000_x_1", "99999999T999999.0_1_1", "__"]
)
def test_a_cursor_that_is_none_is_the_beginning(text: str | None) -> None:
    assert read_place(text) is None


def test_cursors_come_back_as_they_were_written() -> None:
    place = Place(datetime(2026, 11, 20, 3, 0, 0, 123456, tzinfo=UTC), 4, 7)
    assert read_place(str(place)) == place
    assert (read_id("12"), read_id("9" * 19), read_id("9" * 20), read_id("-1"), read_id("１")) == (
        12, 2**63 - 1, None, None, None,
    )  # fmt: skip


def test_a_search_reads_a_year_back(database: Database, people: People) -> None:
    now = Clock().now()
    with transaction(database) as session:
        session.execute(update(Message).values(at=now - timedelta(days=366)))
    with reading(database) as session:
        found = friend_rows(session, SEALING, Wanted(text="夜勤"), now, before=None, limit=9)
    assert found == []


def test_a_link_is_ended_from_the_page_and_the_person_is_told(
    admin: Visitor, people: People, database: Database
) -> None:
    hers = f"/console/people/friends/{people.hanako}"
    assert "連携を解除する" in admin.get(f"{hers}?tab=links").text
    answer = admin.post(f"{hers}/unlink")
    assert answer.headers["Location"] == f"{hers}?tab=links"
    page = words_of(admin.get(f"{hers}?tab=links"))
    assert "会員連携を解除しました。" in page
    assert "担当者が解除" in page
    assert "担当者が解除" in words_of(admin.get(f"/console/people/members/{people.member}?tab=links"))
    with reading(database) as session:
        told = session.scalars(select(OutboxMessage.dedupe_key).where(OutboxMessage.carrier == "push")).all()
    assert any(key.startswith("unlinked:") for key in told)
    admin.post(f"{hers}/unlink")
    assert "すでに解除されていました" in words_of(admin.get(f"{hers}?tab=links"))
