"""`/r/<token>`: where it leads, what is counted, and what can never happen; on both databases."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from app.clock import Clock
from app.db import Database, reading, transaction, write_lock
from app.encryption import Encryption
from app.factory import close_app, create_app
from app.friends.models import Friend
from app.jobs.actions import Shown, close_job, record_impressions
from app.jobs.models import Activity, ActivityKind, Impression, Job
from app.jobs.queries import newest_impression
from app.linking.clicks import ClickWriter
from app.settings import Settings
from app.tracking.links import TrackedLinks
from app.tracking.rules import TrackedLink
from tests.factories import make_friend
from tests.jobs.factories import make_row, store_jobs
from tests.routes.conftest import ready_channel
from tests.stack import KEY
from tests.waiting import wait_until

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"
BASE = "https://goen.example"
PAGE = "https://jobs.example.com/1?utm_source=line&q=%E6%A8%AA%E6%B5%9C&n=a%20b#entry"
POLITE = "LINEのトークに戻"


class Site:
    """A browser, a friend and a job that was shown to them."""

    def __init__(self, client: FlaskClient, database: Database) -> None:
        self.client = client
        self.database = database
        self.now = Clock().now()
        self.friend = make_friend(database, self.now - timedelta(days=9), ready_channel(database))
        store_jobs(database, make_row(url=PAGE), make_row(external_id="A-2", url=None))
        with transaction(database) as session:
            shown = [Shown(self.job()), Shown(self.job("A-2"))]
            record_impressions(session, self.friend.id, shown, self.now - timedelta(days=1))

    def job(self, external_id: str = "A-1") -> int:
        with reading(self.database) as session:
            return session.scalars(select(Job.id).where(Job.external_id == external_id)).one()

    def token(self, external_id: str = "A-1", made_at: datetime | None = None) -> str:
        job_id = self.job(external_id)
        with reading(self.database) as session:
            shown = newest_impression(session, self.friend.id, job_id)
        links = TrackedLinks(Encryption([KEY]), BASE)
        address = links.address(self.friend.id, job_id, shown, made_at or self.now)
        return address.removeprefix(f"{BASE}/r/")

    def open(self, token: str, query: str = "", **headers: str) -> TestResponse:
        return self.client.get(f"/r/{token}{query}", base_url=BASE, headers={"User-Agent": PHONE} | headers)

    def clicks(self) -> Sequence[Activity]:
        with reading(self.database) as session:
            return session.scalars(select(Activity).order_by(Activity.id)).all()

    def wait_for_reaction(self, since: datetime | None) -> datetime:
        """Until a click was written down; the reaction."""

        def reaction() -> datetime | None:
            with reading(self.database) as session:
                return session.get_one(Friend, self.friend.id).last_reaction_at

        wait_until(lambda: reaction() != since, 20, lambda: "the click is written")
        found = reaction()
        assert found is not None
        return found


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    url = database.reader.url.render_as_string(hide_password=False)
    settings = Settings.from_env({"DATABASE_URL": url, "SECRET_KEY": KEY, "BASE_URL": BASE})
    app = create_app(settings)
    yield Site(app.test_client(), database)
    close_app(app)


def settle(site: Site) -> None:
    """Until all that was noted is written."""
    site.client.application.extensions["goen.linking"].clicks.close()


def test_a_click_leads_to_the_jobs_own_page_and_is_counted(site: Site) -> None:
    answer = site.open(site.token())
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert answer.headers["Referrer-Policy"] == "same-origin"  # no other site is told where one comes from
    assert "no-store" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    site.wait_for_reaction(None)
    [click] = site.clicks()
    assert (click.kind, click.job_id, click.friend_id) == (ActivityKind.CLICK, site.job(), site.friend.id)
    assert click.source == "line"
    with reading(site.database) as session:
        clicked = session.scalars(select(Impression.job_id).where(Impression.clicked_at.is_not(None))).all()
    assert clicked == [site.job()]


def test_one_click_counts_for_each_person_and_job_and_every_one_is_a_reaction(site: Site) -> None:
    site.open(site.token())
    first = site.wait_for_reaction(None)
    site.open(site.token(made_at=site.now + timedelta(hours=2)))
    assert site.wait_for_reaction(first) > first
    assert len(site.clicks()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"}, id="LINE's preview"),
        pytest.param({"User-Agent": "Googlebot/2.1"}, id="a search engine"),
        pytest.param({"User-Agent": ""}, id="no agent"),
        pytest.param({"Sec-Purpose": "prefetch"}, id="a browser that guesses"),
    ],
)
def test_what_programs_open_is_not_counted(site: Site, headers: dict[str, str]) -> None:
    assert site.open(site.token(), **headers).status_code == 302
    assert site.client.head(f"/r/{site.token()}", headers={"User-Agent": PHONE}).status_code == 302
    settle(site)
    assert site.clicks() == []


@pytest.mark.parametrize("query", ["?url=https://evil.example", "?next=//evil.example", "?u=javascript:1"])
def test_nothing_in_the_address_changes_where_it_leads(site: Site, query: str) -> None:
    assert site.open(site.token(), query).headers["Location"] == PAGE


def test_the_page_is_the_one_that_is_stored_now(site: Site) -> None:
    token = site.token()
    store_jobs(site.database, make_row(url="https://jobs.example.com/moved"))
    assert site.open(token).headers["Location"] == "https://jobs.example.com/moved"


def test_a_closed_job_says_so_and_shows_the_way_back(site: Site) -> None:
    with transaction(site.database) as session:
        close_job(session, "A-1", site.now)
    page = site.open(site.token())
    assert page.status_code == 410
    assert "募集を終了しました" in page.text
    assert "https://line.me/R/oaMessage/%40000simul/?" in page.text
    assert "jobs.example.com" not in page.text
    settle(site)
    assert site.clicks() == []


def test_a_job_without_a_page_leads_back_to_the_chat(site: Site) -> None:
    page = site.open(site.token("A-2"))
    assert page.status_code == 404
    assert "oaMessage" in page.text


def test_an_address_that_is_none_leads_nowhere(site: Site) -> None:
    with transaction(site.database) as session:
        session.get_one(Job, site.job()).url = "javascript:alert(1)"
    page = site.open(site.token())
    assert page.status_code == 404
    assert "javascript" not in page.text


def test_a_link_from_long_ago_has_expired(site: Site) -> None:
    page = site.open(site.token(made_at=site.now - timedelta(days=31)))
    assert page.status_code == 410
    assert "期限" in page.text
    assert POLITE in page.text


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda token: token[:-1], id="cut off"),
        pytest.param(lambda token: "B" + token[1:], id="another friend"),
        pytest.param(lambda _token: "x", id="made up"),
        pytest.param(lambda _token: "%F0%9F%98%80" * 9, id="wild"),
    ],
)
def test_what_we_have_not_made_is_a_polite_page_without_a_hint(site: Site, change: object) -> None:
    assert callable(change)
    page = site.open(change(site.token()))
    assert page.status_code == 404
    assert POLITE in page.text
    assert "line.me" not in page.text
    assert "看護師" not in page.text


def test_somebody_who_was_forgotten_still_gets_there_and_leaves_no_trace(site: Site) -> None:
    with transaction(site.database) as session:
        session.get_one(Friend, site.friend.id).forgotten_at = site.now
    assert site.open(site.token()).status_code == 302
    settle(site)
    assert site.clicks() == []


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody writes for a long time: on SQLite at all, on PostgreSQL to the table of friends."""
    with write_lock(database.lock_path), database.writer.connect() as connection, connection.begin():
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE friend IN ACCESS EXCLUSIVE MODE"))
        yield


def test_a_locked_database_stops_nobody_and_the_click_is_counted_afterwards(site: Site) -> None:
    token = site.token()
    with locked(site.database):
        assert site.open(token).headers["Location"] == PAGE
        assert site.clicks() == []
    site.wait_for_reaction(None)
    assert len(site.clicks()) == 1


def test_a_click_that_can_never_be_written_takes_no_other_along(site: Site) -> None:
    until = site.now + timedelta(days=30)
    links = [TrackedLink(site.friend.id, job, None, until) for job in (site.job(), 2**70, site.job("A-2"))]
    writer = ClickWriter(site.database)
    with locked(site.database):  # so that all three wait for one transaction
        for link in links:
            writer.note(link, site.now)
    writer.close()
    assert sorted(click.job_id or 0 for click in site.clicks()) == sorted({site.job(), site.job("A-2")})
