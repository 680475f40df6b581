"""Joining friend and member, and parting them: audited, announced, and told to whom it concerns.

Nothing is copied between the two, so parting loses nothing. Nothing here commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from app.announcements.actions import Announcement, Kind, announce
from app.friends.models import Friend
from app.friends.rules import FriendFacts, is_reachable
from app.inserting import insert_unless_there
from app.links.models import Link
from app.links.rules import EndedBy, How, Refusal
from app.members.models import Member
from app.messaging.menus import enqueue_menu
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier, Purpose
from app.staff.audit import Doer, record_audit

LINKED_BUILDER = "linked"
"""The builder of handlers/rendering.py that tells a person of a new link and shows jobs for them."""
UNLINKED_BUILDER = "unlinked"
"""The one that tells a person of the end of a link that they did not end in the chat themselves."""


@dataclass(frozen=True)
class Pair:
    """A link by its id, and whom it joins or joined."""

    id: int
    member_id: int
    friend_id: int


@dataclass(frozen=True)
class Linked:
    """A link that holds now."""

    link_id: int
    member_id: int
    friend_id: int
    is_new: bool = True
    """False: the two were linked already, and nothing has changed."""
    replaced: tuple[Pair, ...] = ()
    """Links that stood in the way: of this member with another LINE, of this LINE with another member."""

    @property
    def replaced_member(self) -> bool:
        """This LINE was linked to another member before."""
        return any(each.friend_id == self.friend_id for each in self.replaced)

    @property
    def replaced_line(self) -> bool:
        """This member was linked to another LINE before."""
        return any(each.friend_id != self.friend_id for each in self.replaced)


@dataclass(frozen=True)
class Ending:
    """Who ends a link, and why."""

    ended_by: EndedBy
    by: Doer
    reason: str | None = None


def link(
    session: Session, member_id: int, friend_id: int, how: How, by: Doer, now: datetime
) -> Linked | Refusal:
    """Join the two, in place of whatever links either of them had on this account. Both sides must be proven.

    Whoever is linked at the same moment waits here for its turn: the rows of both are locked, the friend's
    first, and the table's unique rules would stop what gets past. MEMBER_GONE: no such member, or one of the
    two has been erased meanwhile.
    """
    friend = _locked_friend(session, friend_id)
    if friend.forgotten_at is not None or not _lock_member(session, member_id):
        return Refusal.MEMBER_GONE
    holding = _holding(session, member_id, friend)
    same = next(
        (each for each in holding if (each.member_id, each.friend_id) == (member_id, friend_id)), None
    )
    if same is not None:
        return Linked(same.id, member_id, friend_id, is_new=False)
    replaced = _end(session, holding, Ending(EndedBy.RELINKED, by, f"linked by {how}"), now)
    values = {"member_id": member_id, "friend_id": friend_id, "channel_id": friend.channel_id}
    link_id = insert_unless_there(session, Link, **values, how=how, at=now)
    if link_id is None:
        raise RuntimeError("another link of the same friend or member appeared although both were locked")
    _report_linked(session, Linked(link_id, member_id, friend_id, replaced=replaced), friend, how, by, now)
    return Linked(link_id, member_id, friend_id, replaced=replaced)


def unlink(
    session: Session,
    ending: Ending,
    now: datetime,
    *,
    friend_id: int | None = None,
    member_id: int | None = None,
) -> list[Pair]:
    """Part a friend from their member, or a member from all their friends, or just this pair; what has ended.

    An empty list when there was nothing to part. The person is told by a push, unless they did it in the chat
    themselves, where the answer tells them, or are being erased.
    """
    if friend_id is None and member_id is None:
        raise ValueError("whose link?")
    wanted: list[ColumnElement[bool]] = [Link.ended_at.is_(None)]
    if friend_id is not None:
        wanted.append(Link.friend_id == friend_id)
    if member_id is not None:
        wanted.append(Link.member_id == member_id)
    rows = session.execute(select(Link.id, Link.member_id, Link.friend_id).where(*wanted).order_by(Link.id))
    ended = _end(session, [Pair(*row) for row in rows], ending, now)
    if ending.ended_by in {EndedBy.SITE, EndedBy.CONSOLE}:
        for each in ended:
            _tell_unlinked(session, each, "会員連携が解除されました。", f"unlinked:{each.id}", now)
    return list(ended)


def tell_linked(session: Session, linked: Linked, now: datetime) -> None:
    """Push the news and the first jobs to somebody who linked outside the chat, if a push can arrive.

    If it cannot, because they are not a friend yet, the answer to their follow does it (handlers/follow.py).
    """
    friend = session.get_one(Friend, linked.friend_id)
    if not _is_reachable(friend, now):
        return
    values = {
        "link_id": linked.link_id,
        "replaced_member": linked.replaced_member,
        "replaced_line": linked.replaced_line,
    }
    row = NewOutboxMessage(
        carrier=Carrier.PUSH,
        channel_id=friend.channel_id,
        friend_id=friend.id,
        recipient=friend.line_user_id,
        dedupe_key=f"linked:{linked.link_id}",
        body={"build": LINKED_BUILDER, "values": values},
        purpose=Purpose.REPLY,
        preview="会員連携が完了しました。",
    )
    enqueue(session, [row], now)


def _locked_friend(session: Session, friend_id: int) -> Friend:
    """The friend as committed last; nobody else changes them until we are done. Outbox rows may name them."""
    session.flush()
    query = select(Friend).where(Friend.id == friend_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _lock_member(session: Session, member_id: int) -> bool:
    """False when there is no such member, or no longer."""
    query = select(Member.forgotten_at).where(Member.id == member_id).with_for_update(key_share=True)
    row = session.execute(query).one_or_none()
    return row is not None and row.forgotten_at is None


def _holding(session: Session, member_id: int, friend: Friend) -> list[Pair]:
    """The links that hold for either of the two on the friend's account."""
    of_member = and_(Link.member_id == member_id, Link.channel_id == friend.channel_id)
    query = select(Link.id, Link.member_id, Link.friend_id).where(
        Link.ended_at.is_(None), or_(of_member, Link.friend_id == friend.id)
    )
    return [Pair(*row) for row in session.execute(query.order_by(Link.id))]


def _end(session: Session, links: Sequence[Pair], ending: Ending, now: datetime) -> tuple[Pair, ...]:
    """End those that still hold, with everything that follows; those that were really ended by this."""
    statement = (
        update(Link)
        .where(Link.id.in_([each.id for each in links]), Link.ended_at.is_(None))
        .values(ended_at=now, ended_by=ending.ended_by, reason=ending.reason)
        .returning(Link.id)
        .execution_options(synchronize_session=False)
    )
    won = set(session.scalars(statement)) if links else set()
    ended = tuple(each for each in links if each.id in won)
    for each in ended:
        change = {"friend": each.friend_id, "link": each.id, "ended_by": ending.ended_by}
        record_audit(session, ending.by, "link.ended", f"member:{each.member_id}", now, change)
        friend = session.get_one(Friend, each.friend_id)
        _announce(session, Kind.UNLINKED, each, friend, {"ended_by": ending.ended_by}, now)
        _look_at_menu(session, friend, f"unlinked:{each.id}", now)
    return ended


def _report_linked(
    session: Session, linked: Linked, friend: Friend, how: How, by: Doer, now: datetime
) -> None:
    change = {"friend": friend.id, "link": linked.link_id, "how": how}
    change |= {"replaced": [each.id for each in linked.replaced]} if linked.replaced else {}
    record_audit(session, by, "link.made", f"member:{linked.member_id}", now, change)
    made = Pair(linked.link_id, linked.member_id, friend.id)
    _announce(session, Kind.LINKED, made, friend, {"how": how}, now)
    _look_at_menu(session, friend, f"linked:{linked.link_id}", now)
    for each in linked.replaced:
        if each.friend_id != friend.id:
            _tell_unlinked(
                session, each, "この会員情報は別のLINEと連携されました。", f"relinked:{each.id}", now
            )


def _announce(
    session: Session, kind: Kind, about: Pair, friend: Friend, data: dict[str, str], now: datetime
) -> None:
    external_id = session.scalars(select(Member.external_id).where(Member.id == about.member_id)).one()
    said = Announcement(
        kind=kind,
        channel_id=friend.channel_id,
        friend_id=friend.id,
        cause=f"link:{about.id}",
        data={"member": external_id, **data},
    )
    announce(session, said, now)


def _look_at_menu(session: Session, friend: Friend, cause: str, now: datetime) -> None:
    enqueue_menu(session, friend.channel_id, friend.id, friend.line_user_id, cause=cause, now=now)


def _tell_unlinked(session: Session, ended: Pair, preview: str, key: str, now: datetime) -> None:
    """A push to somebody whose link ended without their doing it in the chat; it is put into words when it leaves."""
    friend = session.get_one(Friend, ended.friend_id)
    row = NewOutboxMessage(
        carrier=Carrier.PUSH,
        channel_id=friend.channel_id,
        friend_id=friend.id,
        recipient=friend.line_user_id,
        dedupe_key=key,
        body={"build": UNLINKED_BUILDER, "values": {"link_id": ended.id}},
        purpose=Purpose.TRANSACTION,
        preview=preview,
    )
    enqueue(session, [row], now)


def _is_reachable(friend: Friend, now: datetime) -> bool:
    facts = FriendFacts(friend.followed_at, friend.blocked_at, friend.last_wrote_at, friend.imported_at)
    return is_reachable(facts, now)
