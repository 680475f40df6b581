"""Where personal data lies, and what becomes of it when a person is erased: every table, every text in it.

A test derives the list of all tables and columns from the metadata and fails for one that is not named here.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Table, false, or_

from app.people.persons import Person

DELETED = (
    *("answer", "survey_session", "message", "activity", "impression", "conversation"),
    *("application", "placement", "appointment", "link_ticket", "member_name", "recommendation"),
)
"""Whose rows of a person are deleted, those first that point to later ones."""

EMPTIED: Mapping[str, Mapping[str, Any]] = {
    "link": {"reason": None},
    "consent": {},
    "route_visit": {},
}
"""Whose rows of a person are kept without these contents: that something was, not what it said.

A consent is kept as proof that a message was allowed (特定電子メール法), by our numbers only.
"""

EMPTY_OUTBOX: Mapping[str, Any] = {
    "recipient": None,
    "body": {},
    "frozen": None,
    "preview": None,
    "reply_token": None,
    "reason": "forgotten",
    "content_key": None,
}
EMPTY_EVENT: Mapping[str, Any] = {"line_user_id": None, "payload": None, "error": None}
EMPTY_FRIEND: Mapping[str, Any] = {
    "display_name": None,
    "picture_url": None,
    "language": None,
    "profile_at": None,
    "greeting_version": None,
    "last_wrote_at": None,
    "last_reaction_at": None,
    "snoozed_until": None,
    "menu_live": None,
    "not_understood": 0,
}
EMPTY_MEMBER: Mapping[str, Any] = {
    "name": None,
    "phone": None,
    "phone_key": None,
    "mail": None,
    "mail_key": None,
    "facts": {},
    "recruiter_id": None,
    "last_visit_at": None,
}

ELSEWHERE = {
    "friend": "emptied last; its LINE user id becomes forgotten:<number>",
    "member": "emptied last; its external id becomes forgotten:<chance>",
    "attachment": "deleted with the message that it came with",
    "inbox_event": "payload and LINE user id emptied, found by the LINE user id",
    "outbox_message": "contents and recipient emptied, found by friend, recipient and what the body names",
    "audit": "contents emptied, found by the subject",
    "idempotency": "deleted where the stored answer names the member",
}
"""Tables whose rows need a way of their own (app/privacy/erasing.py)."""

OWN_WORDS: Mapping[str, frozenset[str]] = {
    "link": frozenset({"how", "ended_by"}),
    "consent": frozenset({"kind", "source", "text_version"}),
    "route_visit": frozenset({"proof"}),
    "outbox_message": frozenset(
        {"carrier", "purpose", "dedupe_key", "retry_key", "status", "reason", "request_id"}
    ),
    "inbox_event": frozenset({"webhook_event_id", "status"}),
    "friend": frozenset({"line_user_id"}),
    "member": frozenset({"external_id"}),
    "audit": frozenset({"action", "subject", "once_key"}),
}
"""Texts that stay: words and numbers of ours and of LINE's, and what the erasure itself writes."""

IMPERSONAL: Mapping[str, str] = {
    "add_route": "links that are given out",
    "api_key": "keys of the job site",
    "channel": "our accounts",
    "daily_count": "numbers of a day",
    "definition": "texts of our own",
    "erasure": "our numbers of those who were erased",
    "inbox_lane": "numbers of events",
    "job": "vacancies",
    "job_area": "vacancies",
    "live_menu": "menus",
    "menu_call": "menus",
    "menu_draft": "menus",
    "menu_picture": "menus",
    "menu_sync": "menus",
    "model_chunk": "models of vacancies: nobody can be read from them",
    "model_file": "models of vacancies",
    "ranking": "counts of vacancies",
    "scoring_state": "processes of ours",
    "sign_in_try": "staff, as keyed hashes, for a day",
    "staff": "staff",
    "staff_session": "staff",
    "suppression": "keyed hashes of those who were erased: what they are left alone by",
    "task_run": "our own work",
    "team": "staff",
    "webhook_endpoint": "addresses of the job site",
}
"""Tables that hold nothing about job seekers."""


def owned_by(table: Table, person: Person) -> ColumnElement[bool]:
    """The rows of a table that point to a person by a foreign key."""
    ids = {"friend": person.friend_ids, "member": person.member_ids}
    conditions = [
        column.in_(ids[key.column.table.name])
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ids
    ]
    return or_(false(), *conditions)


def personal_tables(metadata: MetaData) -> list[Table]:
    """Tables with a foreign key to friend or member, in the order of `DELETED`, then the others by name."""
    found = {
        table.name: table
        for table in metadata.tables.values()
        if any(key.column.table.name in {"friend", "member"} for key in table.foreign_keys)
    }
    names = [*(name for name in DELETED if name in found), *sorted(set(found) - set(DELETED))]
    return [found[name] for name in names]
