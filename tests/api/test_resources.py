"""What each resource takes, refuses, keeps and shows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.models import Activity
from app.links.actions import Ending, unlink
from app.links.models import Link
from app.links.rules import EndedBy
from app.members.models import Appointment, Member
from app.members.queries import member_id_of
from app.messaging.models import Channel, OutboxMessage
from app.messaging.rules import Carrier
from app.routes.models import AddRoute, RouteVisit
from app.staff.audit import NOBODY
from app.staff.models import Audit, Staff
from surveys.actions import load_shipped_surveys, record_answer, start_survey
from tests.api.site import (
    AT,
    Site,
    activity_body,
    application_body,
    appointment_body,
    consent_body,
    fields_of,
    job_body,
    kind_of,
    member_body,
    moment,
    placement_body,
)
from tests.factories import make_friend
from tests.people.factories import make_link

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def link(site: Site, external_id: str = "M-1", channel: str = "default") -> str:
    """A friend of this account who is this member; their LINE user id."""
    with transaction(site.database) as session:
        row = session.scalars(select(Channel).where(Channel.name == channel)).one_or_none()
        if row is None:
            row = Channel(name=channel, secrets="")
            session.add(row)
            session.flush()
        member_id = session.scalars(select(Member.id).where(Member.external_id == external_id)).one()
    friend = make_friend(site.database, NOW, row.id)
    with transaction(site.database) as session:
        values = {"member_id": member_id, "friend_id": friend.id, "channel_id": row.id}
        session.add(Link(**values, how="code", at=NOW))
    return friend.line_user_id


REFUSALS = [
    *(
        pytest.param("/members/M-2", member_body(**{field: value}), [named], id=f"a member: {why}")
        for field, value, named, why in (
            ("phone", "110", "phone", "a number nobody can have"),
            ("phone", "hello", "phone", "no number"),
            ("mail", "hello", "mail", "no mail address"),
            ("mail", "a@b@site.example", "mail", "two at signs"),
            ("facts", {"religion": "x"}, "facts.religion", "what may not be collected"),
            ("facts", {"night": 3}, "facts.night", "a fact of another type"),
            ("facts", [], "facts", "facts that are no object"),
            ("facts_at", "yesterday", "facts_at", "no time"),
            ("recruiter", "nobody@agency.example", "recruiter", "a recruiter who is none"),
            ("name", "", "name", "an empty name"),
            ("name", "x" * 201, "name", "an endless name"),
        )
    ),
    *(
        pytest.param("/jobs/J-2", job_body(**{field: value}), [field], id=f"a job: {why}")
        for field, value, why in (
            ("title", "", "no title"),
            ("wage_min", "lots", "no amount"),
            ("prefecture", "Atlantis", "no prefecture"),
            ("licences", ["wizard"], "an unknown licence"),
            ("url", "javascript:alert(1)", "no web address"),
        )
    ),
    *(
        pytest.param(
            "/applications/A-2", application_body(**{field: value}), [field], id=f"an application: {why}"
        )
        for field, value, why in (
            ("member", "nobody", "of nobody"),
            ("job", "nothing", "for nothing"),
            ("stage", "dreaming", "an unknown stage"),
            ("stage_at", "2026-11-20T12:00:00", "a time without a zone"),
            ("stage_at", 1700000000, "seconds"),
        )
    ),
    *(
        pytest.param("/placements/P-2", placement_body(**{field: value}), [named], id=f"a placement: {why}")
        for field, value, named, why in (
            ("member", "nobody", "member", "of nobody"),
            ("start_on", "2026-13-01", "start_on", "no day"),
            ("start_on", "2026-12-01T00:00:00+09:00", "start_on", "a time for a day"),
            ("start_on", 0, "start_on", "a number for a day"),
            ("contract", "forever", "contract", "an unknown contract"),
            ("by_us", "yes", "by_us", "a word for a yes"),
            ("left_on", "2026-11-30", "", "left before it began"),
        )
    ),
    *(
        pytest.param(
            "/appointments/T-2", appointment_body(**{field: value}), [named], id=f"an appointment: {why}"
        )
        for field, value, named, why in (
            ("member", "nobody", "member", "of nobody"),
            ("member", None, "", "of no one"),
            ("friend", {"line_user_id": "U" + "0" * 32}, "", "of two"),
            ("kind", "dinner", "kind", "an unknown kind"),
            ("place", "", "place", "an empty place"),
            ("state", "maybe", "state", "an unknown state"),
        )
    ),
]


@pytest.fixture(scope="module")
def peopled(shared: Site) -> Site:
    """A member and a vacancy are known."""
    shared.has_member()
    shared.has_job()
    return shared


@pytest.mark.parametrize(("path", "body", "fields"), REFUSALS)
def test_a_wrong_value_is_refused_by_name_and_nothing_is_kept(
    peopled: Site, path: str, body: dict[str, Any], fields: list[str]
) -> None:
    answer = peopled.put(path, body)
    assert (answer.status_code, fields_of(answer)) == (422, fields)
    assert peopled.get(path).status_code == 404


@pytest.mark.parametrize("path", ["members/X", "jobs/X", "applications/X", "placements/X", "appointments/X"])
def test_what_is_not_there_is_a_404(peopled: Site, path: str) -> None:
    answer = peopled.get(f"/{path}")
    assert (answer.status_code, kind_of(answer)) == (404, "not-found")


def test_a_member_is_kept_encrypted_and_shown_readable(site: Site) -> None:
    site.has_member(phone="０９０ー１２３４ー５６７８", mail=" Hanako@Site.Example ", name=" 架空 花子 ")
    shown = site.get("/members/M-1").get_json()
    assert (shown["name"], shown["phone"], shown["mail"]) == (
        "架空 花子",
        "+819012345678",
        "hanako@site.example",
    )
    assert shown["facts"]["night"]["value"] == "none"
    assert (shown["linked"], shown["recruiter"], shown["last_visit_at"]) == ([], None, None)
    with reading(site.database) as session:
        row = session.scalars(select(Member)).one()
    assert "9012345678" not in f"{row.phone}{row.phone_key}"


def test_what_is_not_said_of_a_member_stays_and_null_empties(site: Site) -> None:
    site.has_member()
    site.put("/members/M-1", {"phone": None, "facts": {"situation": "working"}})
    shown = site.get("/members/M-1").get_json()
    assert (shown["name"], shown["phone"]) == ("架空 花子", None)
    assert set(shown["facts"]) == {"night", "situation"}


def test_the_same_word_about_a_member_again_changes_nothing(site: Site) -> None:
    first, second = (site.put("/members/M-1", member_body()).get_json() for _ in range(2))
    assert first == second


def test_a_recruiter_is_named_by_mail_address(site: Site) -> None:
    with transaction(site.database) as session:
        values = {"name": "架空 一郎", "password_hash": "", "role": "recruiter", "shifts": {}, "settings": {}}
        session.add(Staff(email="ichiro@agency.example", created_at=NOW, **values))
    site.has_member(recruiter="Ichiro@agency.example")
    assert site.get("/members/M-1").get_json()["recruiter"] == "ichiro@agency.example"
    site.put("/members/M-1", {"recruiter": None})
    assert site.get("/members/M-1").get_json()["recruiter"] is None


def test_nothing_is_said_to_or_about_a_forgotten_member(site: Site) -> None:
    site.has_member()
    site.has_job()
    with transaction(site.database) as session:
        session.execute(update(Member).values(forgotten_at=NOW))
    assert site.get("/members/M-1").status_code == 410
    assert site.get("/members").get_json()["items"] == []
    assert fields_of(site.put("/members/M-1", member_body())) == ["external_id"]
    assert fields_of(site.put("/applications/A-1", application_body())) == ["member"]
    assert kind_of(site.post("/members/M-1/consents", consent_body())) == "gone"
    assert site.bulk("/activity/bulk", [activity_body()])[0]["errors"][0]["field"] == "member"


def test_a_deleted_member_is_erased_certified_and_audited(site: Site) -> None:
    site.has_member()
    line_user_id = link(site)
    site.put("/placements/P-1", placement_body(start_on="2026-10-01"))
    made = site.ask("DELETE", "/members/M-1", {"Idempotency-Key": "k"}).get_json()
    assert (made["members"], made["friends"], made["left_alone"]) == (1, 1, {"placed": "2028-10-01"})
    assert made["kept_elsewhere"]
    assert site.get("/members/M-1").status_code == 404
    assert site.get(f"/friends/{line_user_id}").status_code == 404
    assert site.get("/members").get_json()["items"] == []
    assert site.ask("DELETE", "/members/M-1", {"Idempotency-Key": "k"}).get_json() == made
    assert site.ask("DELETE", "/members/M-1").status_code == 404
    with reading(site.database) as session:
        entries = session.scalars(select(Audit).where(Audit.action == "person.forgotten")).all()
    assert entries
    assert all(entry.api_key_id is not None for entry in entries)


def test_a_job_is_read_in_any_words_and_shown_in_the_canonical_ones(site: Site) -> None:
    site.put(
        "/jobs/J-1", job_body(flags=["夜勤なし"], licences=["正看"], prefectures=["東京都"], wage_max="30万")
    )
    shown = site.get("/jobs/J-1").get_json()
    assert (shown["employment"], shown["wage_max"]) == ("full_time", 300_000)
    assert (shown["flags"], shown["licences"]) == (["no_night"], ["看護師"])
    assert (shown["prefecture"], shown["prefectures"], shown["city"]) == (14, [13, 14], 14104)
    assert shown["opened_on"] == "2026-11-01"


def test_a_closed_job_is_shown_closed_and_the_same_row_does_not_open_it(site: Site) -> None:
    site.has_job()
    closed = site.post("/jobs/J-1/close")
    assert closed.status_code == 200
    assert site.post("/jobs/J-1/close").get_json() == closed.get_json()
    site.has_job()
    assert site.get("/jobs/J-1").get_json()["closed_at"] is not None
    site.put("/jobs/J-1", job_body(title="another"))
    assert site.get("/jobs/J-1").get_json()["closed_at"] is None
    assert site.post("/jobs/nothing/close").status_code == 404


def test_activity_told_twice_is_kept_once_and_a_visit_is_a_sign_of_life(site: Site) -> None:
    site.has_member()
    site.has_job()
    older = "2026-11-19T12:00:00+09:00"
    lines = [
        activity_body(),
        activity_body(external_id="a-2", kind="visit", job=None),
        activity_body(external_id="a-3", kind="visit", job=None, at=older),
        activity_body(external_id="a-4", kind="hide", reason="wage", at="2099-01-01T00:00:00Z"),
    ]
    for _ in range(2):
        *_, end = site.bulk("/activity/bulk", lines)
        assert (end["done"], end["written"]) == (True, 4)
    with reading(site.database) as session:
        kept = session.scalars(select(Activity).order_by(Activity.external_id)).all()
    assert [row.external_id for row in kept] == ["a-1", "a-2", "a-3", "a-4"]
    assert kept[3].at < datetime(2099, 1, 1, tzinfo=UTC), "a time ahead of ours counts as now"
    assert {row.source for row in kept} == {"site"}
    assert site.get("/members/M-1").get_json()["last_visit_at"] == "2026-11-20T03:00:00Z"


def test_a_visit_is_a_reaction_of_the_friend_they_are_linked_to(site: Site) -> None:
    site.has_member()
    member = member_id_named(site.database, "M-1")
    friend, former, other = (make_friend(site.database, NOW) for _ in range(3))
    make_link(site.database, member, friend)
    make_link(site.database, member, former)
    with transaction(site.database) as session:
        unlink(session, Ending(EndedBy.CHAT, NOBODY), NOW, friend_id=former.id)

    def told(number: int, at: str) -> None:
        visit = activity_body(external_id=f"v-{number}", kind="visit", job=None, at=at)
        assert site.bulk("/activity/bulk", [visit, activity_body(external_id=f"w-{number}")])[-1]["done"]

    site.has_job()
    told(1, "2026-11-20T12:00:00+09:00")
    told(2, "2026-11-19T12:00:00+09:00")
    with reading(site.database) as session:
        reacted = {row.id: row.last_reaction_at for row in session.scalars(select(Friend))}
    newest = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert reacted == {friend.id: newest, former.id: None, other.id: None}


def member_id_named(database: Database, external_id: str) -> int:
    with reading(database) as session:
        return member_id_of(session, external_id)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        pytest.param({"member": "nobody"}, ["member"], id="of nobody"),
        pytest.param({"job": "nothing"}, ["job"], id="with nothing"),
        pytest.param({"job": None}, [""], id="a view of no vacancy"),
        pytest.param({"reason": "wage"}, [""], id="a reason for a view"),
        pytest.param({"kind": "dream"}, ["kind"], id="an unknown kind"),
        pytest.param({"external_id": " x"}, ["external_id"], id="a key that is none"),
    ],
)
def test_activity_that_cannot_be_is_refused_by_name(
    peopled: Site, changes: dict[str, Any], fields: list[str]
) -> None:
    result, end = peopled.bulk("/activity/bulk", [activity_body(**changes)])
    assert [fault["field"] for fault in result["errors"]] == fields
    assert (end["written"], end["rejected"]) == (0, 1)


def test_the_newest_stage_of_an_application_counts_whatever_order_they_come_in(site: Site) -> None:
    site.has_member()
    site.has_job()
    later, older = "2026-11-21T12:00:00+09:00", "2026-11-19T12:00:00+09:00"
    site.put("/applications/A-1", application_body(stage="interview"))
    site.put("/applications/A-1", application_body(stage="applied", stage_at=older))
    assert site.get("/applications/A-1").get_json()["stage"] == "interview"
    site.put("/applications/A-1", application_body(stage="offer", stage_at=later, job=None))
    shown = site.get("/applications/A-1").get_json()
    assert (shown["stage"], shown["member"], moment(shown["stage_at"])) == ("offer", "M-1", moment(later))


def test_a_placement_is_kept_and_the_menus_of_that_person_are_looked_at(site: Site) -> None:
    site.has_member()
    link(site)
    link(site, channel="second")
    for _ in range(2):
        assert site.put("/placements/P-1", placement_body()).status_code == 200
    shown = site.get("/placements/P-1").get_json()
    assert (shown["start_on"], shown["contract"], shown["by_us"]) == ("2026-12-01", "permanent", True)
    with reading(site.database) as session:
        menus = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.carrier == Carrier.MENU)
        assert session.scalars(menus).one() == 2
    site.put("/placements/P-1", placement_body(left_on="2027-03-31"))
    assert site.get("/placements/P-1").get_json()["left_on"] == str(date(2027, 3, 31))


def test_a_placement_that_was_told_of_the_wrong_member_gives_both_their_right_menu(site: Site) -> None:
    site.has_member()
    site.has_member(external_id="M-2")
    first, second = link(site), link(site, "M-2")
    site.put("/placements/P-1", placement_body())
    with transaction(site.database) as session:
        session.execute(delete(OutboxMessage))
    site.put("/placements/P-1", placement_body(member="M-2"))
    with reading(site.database) as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.carrier == Carrier.MENU))
        assert {row.recipient for row in rows} == {first, second}


def test_another_time_or_place_counts_an_appointments_version_up(site: Site) -> None:
    site.has_member()
    versions = [
        site.put("/appointments/T-1", appointment_body(**changes)).get_json()["version"]
        for changes in (
            {},
            {},
            {"state": "confirmed"},
            {"place": "東京(架空)"},
            {"starts_at": "2026-12-01T10:00Z"},
        )
    ]
    assert versions == [1, 1, 1, 2, 3]


def test_an_appointment_of_a_friend_names_them_as_line_does(site: Site) -> None:
    site.has_member()
    name = {"channel": "default", "line_user_id": link(site)}
    assert site.put("/appointments/T-1", appointment_body(member=None, friend=name)).status_code == 200
    assert site.get("/appointments/T-1").get_json()["friend"] == name
    other = {"channel": "elsewhere", "line_user_id": name["line_user_id"]}
    assert fields_of(site.put("/appointments/T-2", appointment_body(member=None, friend=other))) == ["friend"]
    with transaction(site.database) as session:
        values = {"kind": "seminar", "starts_at": NOW, "state": "planned", "updated_at": NOW}
        session.add(Appointment(external_id=None, **values))
    assert len(site.get("/appointments").get_json()["items"]) == 1, "staff's own are not the site's"


def test_consents_are_added_and_listed_in_order(site: Site) -> None:
    site.has_member()
    site.post("/members/M-1/consents", consent_body())
    site.post("/members/M-1/consents", consent_body(given=False, at="2026-11-21T00:00:00Z"))
    items = site.get("/members/M-1/consents").get_json()["items"]
    assert [(item["given"], item["source"]) for item in items] == [(True, "site"), (False, "site")]
    assert fields_of(site.post("/members/M-1/consents", consent_body(kind="fax"))) == ["kind"]
    assert site.get("/members/X/consents").status_code == 404


def test_a_friend_is_shown_with_member_and_proven_route_of_this_account_only(site: Site) -> None:
    site.has_member()
    line_user_id = link(site)
    with transaction(site.database) as session:
        channel_id = session.scalars(select(Channel.id).where(Channel.name == "default")).one()
        friend_id = session.scalars(select(Link.friend_id)).one()
        named = {"name": "seminar", "title": "架空", "method": "code", "code": "ABCDEFGH"}
        route = AddRoute(channel_id=channel_id, created_at=NOW, **named)
        session.add(route)
        session.flush()
        for days, proof, is_new in ((0, "code", True), (1, "login", False)):
            at = NOW + timedelta(days=days)
            visit = {"route_id": route.id, "friend_id": friend_id, "proof": proof, "is_new": is_new}
            session.add(RouteVisit(at=at, visited_on=at.date(), **visit))
    shown = site.get(f"/friends/{line_user_id}").get_json()
    assert (shown["member"], shown["linked_by"], shown["reachable"]) == ("M-1", "code", True)
    assert shown["route"]["name"] == "seminar"
    assert shown["route"]["proof"] == "code"
    assert site.get(f"/friends/{line_user_id}", channel="elsewhere").status_code == 404
    assert site.get("/friends/" + "U" + "f" * 32).status_code == 404
    assert site.get("/members/M-1").get_json()["linked"] == ["default"]


def test_answers_are_listed_of_all_of_one_friend_and_of_one_member(site: Site) -> None:
    site.has_member()
    site.has_member("M-2")
    line_user_id = link(site)
    with transaction(site.database) as session:
        load_shipped_surveys(session, NOW)
        friend_id = session.scalars(select(Link.friend_id)).one()
        sheet = start_survey(session, friend_id, "preferences", NOW)
        assert sheet is not None
        record_answer(session, sheet, "occupation", "看護師", NOW)
    (item,) = site.get("/answers").get_json()["items"]
    assert (item["member"], item["line_user_id"], item["survey"]) == ("M-1", line_user_id, "preferences")
    assert (item["question_key"], item["text"], item["taken_back"]) == ("occupation", "看護師", False)
    assert "friend_id" not in item
    for query, count in (
        ({"member": "M-1"}, 1),
        ({"member": "M-2"}, 0),
        ({"line_user_id": line_user_id}, 1),
        ({"survey": "another"}, 0),
        ({"updated_since": AT}, 1),
        ({"updated_since": "2026-11-20T03:00:01Z"}, 0),
    ):
        assert len(site.get("/answers", **query).get_json()["items"]) == count, query
    assert fields_of(site.get("/answers", member="nobody")) == ["member"]
    assert fields_of(site.get("/answers", line_user_id=line_user_id, channel="x")) == ["line_user_id"]
