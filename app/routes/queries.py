"""Routes and who came by them; what is not proven is counted apart and never given to a route."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.messaging.models import Channel
from app.routes.models import AddRoute, RouteVisit
from app.routes.rules import Account, Method, Route, is_route_name


@dataclass(frozen=True)
class RouteFigures:
    """What came by one route in a period."""

    clicks: int = 0
    """Page openings, one for each browser and day; of nobody in particular."""
    new_friends: int = 0
    """Proven, and they added the account."""
    older_friends: int = 0
    """Proven visits of people who were friends before; one for each person and day."""
    not_added: int = 0
    """Proven, and they have not added the account so far."""


@dataclass(frozen=True)
class Day:
    """One day of an account."""

    on: date
    new_friends: int = 0
    proven: int = 0
    clicks: int = 0

    @property
    def unknown(self) -> int:
        """New friends whose way nobody knows."""
        return self.new_friends - self.proven


@dataclass(frozen=True)
class RouteReport:
    """All routes of an account, and its new friends: proven and unknown apart."""

    since: date
    until: date
    """The last day, included."""
    figures: dict[int, RouteFigures]
    """By route; a route without a row had none of anything."""
    days: list[Day] = field(default_factory=list)
    """Every day of the period, oldest first."""

    @property
    def new_friends(self) -> int:
        """Everybody who added the account for the first time."""
        return sum(day.new_friends for day in self.days)

    @property
    def proven(self) -> int:
        """Those of them who proved by which route they came."""
        return sum(day.proven for day in self.days)

    @property
    def unknown(self) -> int:
        """The others: LINE does not tell where they came from, and a guess would be a false number."""
        return self.new_friends - self.proven


def find_route(session: Session, name: str) -> Route | None:
    """By the name in its address; None for what can be no name, which a database may not even take."""
    if not is_route_name(name):
        return None
    row = session.scalars(select(AddRoute).where(AddRoute.name == name)).one_or_none()
    return _route(row) if row is not None else None


def route_with_id(session: Session, route_id: int) -> Route | None:
    """By its id, as the console names it."""
    row = session.get(AddRoute, route_id)
    return _route(row) if row is not None else None


def find_route_by_code(session: Session, channel_id: int, code: str) -> Route | None:
    """By the code that somebody sent to this account; another account's code is unknown here."""
    query = select(AddRoute).where(AddRoute.code == code, AddRoute.channel_id == channel_id)
    row = session.scalars(query).one_or_none()
    return _route(row) if row is not None else None


def all_routes(session: Session, channel_id: int | None = None) -> list[Route]:
    """Of one account or of all: open ones first, the newest first."""
    query = select(AddRoute).order_by(AddRoute.ended_at.is_not(None), AddRoute.id.desc())
    if channel_id is not None:
        query = query.where(AddRoute.channel_id == channel_id)
    return [_route(row) for row in session.scalars(query)]


def account_of(session: Session, channel_id: int) -> Account:
    """What links to this account are made of."""
    row = session.get_one(Channel, channel_id)
    return Account(row.title or row.name, row.basic_id, has_login=row.login_channel_id is not None)


def origins_of(session: Session, friend_ids: Collection[int]) -> dict[int, str]:
    """By which route each of these friends came to know us: its title. Who is missing is unknown."""
    query = (
        select(RouteVisit.friend_id, AddRoute.title)
        .join(AddRoute, AddRoute.id == RouteVisit.route_id)
        .where(RouteVisit.friend_id.in_(friend_ids), RouteVisit.is_new)
    )
    return {friend_id: title for friend_id, title in session.execute(query) if friend_id is not None}


def route_report(session: Session, channel_id: int, since: date, until: date) -> RouteReport:
    """The numbers of a period, both days included.

    A new friend belongs to the day of the first follow, a visit and a click to their own.
    """
    new = {on: (all_, proven) for on, all_, proven in session.execute(_new_friends(channel_id, since, until))}
    clicks = dict(session.execute(_clicks_by_day(channel_id, since, until)).all())
    span = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    days = [Day(on, *new.get(on, (0, 0)), clicks=clicks.get(on, 0)) for on in span]
    return RouteReport(since, until, _figures(session, channel_id, since, until), days)


def report_data(report: RouteReport, routes: Iterable[Route]) -> dict[str, Any]:
    """The report as plain values, for commands, exports and the site."""
    rows = [
        {"name": route.name, "title": route.title, "method": route.method.value, "ended_at": route.ended_at}
        | asdict(report.figures.get(route.id, RouteFigures()))
        for route in routes
    ]
    return {
        "since": report.since,
        "until": report.until,
        "new_friends": {"all": report.new_friends, "proven": report.proven, "unknown": report.unknown},
        "routes": rows,
        "days": [asdict(day) | {"unknown": day.unknown} for day in report.days],
    }


def _new_friends(channel_id: int, since: date, until: date) -> Select[date | None, int, int]:
    origin = select(RouteVisit.friend_id).where(RouteVisit.is_new, RouteVisit.friend_id.is_not(None))
    proven = func.sum(case((Friend.id.in_(origin), 1), else_=0))
    return (
        select(Friend.first_followed_on, func.count(), proven)
        .where(Friend.channel_id == channel_id, Friend.first_followed_on.between(since, until))
        .group_by(Friend.first_followed_on)
    )


def _clicks_by_day(channel_id: int, since: date, until: date) -> Select[date, int]:
    return (
        _visits(channel_id, since, until)
        .with_only_columns(RouteVisit.visited_on, func.count())
        .where(RouteVisit.proof == Method.NONE)
        .group_by(RouteVisit.visited_on)
    )


def _visits(channel_id: int, since: date, until: date) -> Select[int]:
    return (
        select(RouteVisit.id)
        .join(AddRoute, AddRoute.id == RouteVisit.route_id)
        .where(AddRoute.channel_id == channel_id, RouteVisit.visited_on.between(since, until))
    )


def _figures(session: Session, channel_id: int, since: date, until: date) -> dict[int, RouteFigures]:
    new = dict(session.execute(_new_friends_by_route(channel_id, since, until)).all())
    rest = {row[0]: row[1:] for row in session.execute(_visits_by_route(channel_id, since, until))}
    found: dict[int, RouteFigures] = {}
    for id_ in rest.keys() | new.keys():
        clicks, older, not_added = rest.get(id_, (0, 0, 0))
        found[id_] = RouteFigures(clicks, new.get(id_, 0), older, not_added)
    return found


def _new_friends_by_route(channel_id: int, since: date, until: date) -> Select[int, int]:
    return (
        select(RouteVisit.route_id, func.count())
        .join(Friend, Friend.id == RouteVisit.friend_id)
        .where(
            RouteVisit.is_new,
            Friend.channel_id == channel_id,
            Friend.first_followed_on.between(since, until),
        )
        .group_by(RouteVisit.route_id)
    )


def _visits_by_route(channel_id: int, since: date, until: date) -> Select[int, int, int, int]:
    is_proven = RouteVisit.proof != Method.NONE
    is_waiting = RouteVisit.is_new & Friend.first_followed_on.is_(None)
    return (
        _visits(channel_id, since, until)
        .outerjoin(Friend, Friend.id == RouteVisit.friend_id)
        .with_only_columns(
            RouteVisit.route_id,
            _count(~is_proven),
            _count(is_proven & ~RouteVisit.is_new),
            _count(is_proven & is_waiting),
        )
        .group_by(RouteVisit.route_id)
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _route(row: AddRoute) -> Route:
    return Route(
        id=row.id,
        channel_id=row.channel_id,
        name=row.name,
        title=row.title,
        method=Method(row.method),
        code=row.code,
        promise=row.promise,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
