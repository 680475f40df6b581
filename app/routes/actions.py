"""Routes are made, changed and ended; people come by them. Nothing here commits."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.errors import AppError
from app.friends.models import Friend
from app.inserting import insert_unless_there
from app.messaging.models import Channel
from app.routes.models import AddRoute, RouteVisit
from app.routes.rules import (
    CODE_LENGTH,
    CODE_LETTERS,
    LONGEST_PROMISE,
    LONGEST_TITLE,
    Acquaintance,
    Method,
    Route,
    came_to_know_us,
    is_route_name,
)


class RouteRefused(AppError):
    """A route cannot be as wished; the message says what to change, `field` where."""

    status = 422

    def __init__(self, message: str, field: str = "name") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class RouteDraft:
    """What staff say about a route."""

    title: str
    method: Method
    promise: str | None = None


def add_route(session: Session, channel_id: int, name: str, draft: RouteDraft, now: datetime) -> int:
    """A new route of an account; its id.

    Errors: RouteRefused when the name is taken or no name, or the account cannot do what is wished.
    """
    if not is_route_name(name):
        raise RouteRefused("名前は半角の英小文字・数字・ハイフンで、40文字までにしてください。")
    values = _checked(session, channel_id, draft)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    made = insert_unless_there(
        session, AddRoute, channel_id=channel_id, name=name, code=code, created_at=now, **values
    )
    if made is None:
        raise RouteRefused(f"「{name}」という名前は使われています。ほかの名前にしてください。")
    return made


def change_route(session: Session, route_id: int, draft: RouteDraft) -> None:
    """Other words, another way of proof; name and code stay, for they are printed. Errors: RouteRefused."""
    route = session.get_one(AddRoute, route_id)
    for key, value in _checked(session, route.channel_id, draft).items():
        setattr(route, key, value)


def end_route(session: Session, name: str, now: datetime) -> bool:
    """Its page says from now on that it has ended; False when there is no open route of this name."""
    ended = update(AddRoute).where(AddRoute.name == name, AddRoute.ended_at.is_(None)).values(ended_at=now)
    return session.scalar(ended.returning(AddRoute.id)) is not None


def reopen_route(session: Session, name: str) -> bool:
    """It invites again; False when there is no ended route of this name."""
    opened = update(AddRoute).where(AddRoute.name == name, AddRoute.ended_at.is_not(None))
    return session.scalar(opened.values(ended_at=None).returning(AddRoute.id)) is not None


def record_click(session: Session, route_id: int, now: datetime) -> None:
    """Somebody opened the route's page; nobody knows who, and nothing will ever say so."""
    visit = RouteVisit(route_id=route_id, at=now, visited_on=today_in_tokyo(now), proof=Method.NONE)
    session.add(visit)


def prove_by_login(
    session: Session, route: Route, friend: Friend, now: datetime, *, friendship_changed: bool | None = None
) -> bool:
    """LINE Login began at this route's page and says who it was; True when the route won a new friend.

    `friendship_changed` is the callback's `friendship_status_changed`, None where LINE did not send it.
    """
    return _prove(session, route, friend, now, Method.LOGIN, friendship_changed)


def prove_by_code(session: Session, route: Route, friend: Friend, now: datetime) -> bool:
    """The person sent the route's code; True when the route won a new friend."""
    return _prove(session, route, friend, now, Method.CODE)


def _prove(
    session: Session,
    route: Route,
    friend: Friend,
    now: datetime,
    proof: Method,
    friendship_changed: bool | None = None,
) -> bool:
    """One visit for a friend, route and day; twice is one."""
    if friend.channel_id != route.channel_id:
        raise ValueError(f"route {route.id} belongs to another account than friend {friend.id}")
    visit = {
        "route_id": route.id,
        "friend_id": friend.id,
        "at": now,
        "visited_on": today_in_tokyo(now),
        "proof": proof.value,
    }
    is_new = came_to_know_us(_acquaintance(session, friend), now, friendship_changed=friendship_changed)
    if is_new and insert_unless_there(session, RouteVisit, **visit, is_new=True) is not None:
        return True
    insert_unless_there(session, RouteVisit, **visit, is_new=False)
    return False


def _acquaintance(session: Session, friend: Friend) -> Acquaintance:
    origin = select(RouteVisit.id).where(RouteVisit.friend_id == friend.id, RouteVisit.is_new)
    return Acquaintance(
        known_since=friend.created_at,
        followed_at=friend.followed_at,
        first_followed_on=friend.first_followed_on,
        is_imported=friend.imported_at is not None,
        has_origin=session.scalar(origin) is not None,
    )


def _checked(session: Session, channel_id: int, draft: RouteDraft) -> dict[str, str | None]:
    title, promise = draft.title.strip(), (draft.promise or "").strip() or None
    if not title or len(title) > LONGEST_TITLE:
        raise RouteRefused(f"呼び名は1〜{LONGEST_TITLE}文字で入力してください。", "title")
    if promise is not None and len(promise) > LONGEST_PROMISE:
        raise RouteRefused(f"案内文は{LONGEST_PROMISE}文字までです(いま{len(promise)}文字)。", "promise")
    if draft.method is Method.LOGIN and session.get_one(Channel, channel_id).login_channel_id is None:
        raise RouteRefused(
            "このアカウントにはLINEログインの設定がありません。ほかの方法を選んでください。", "method"
        )
    return {"title": title, "promise": promise, "method": draft.method.value}
