"""配信許諾: what members agreed to, and to which text; only ever added."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Reading, Writing
from app.api.pages import read_page
from app.api.references import member_in_path
from app.api.values import Body, Moment, Page, PageQuery, Shown, Word
from app.members.actions import record_consent
from app.members.models import Consent
from app.members.values import ConsentGiven, ConsentKind, ConsentSource
from app.site_keys.scopes import Scope


class ConsentBody(Body):
    """A yes or a no, said on the site."""

    kind: ConsentKind = Field(description="service: messages about their own applications, by SMS.")
    given: bool
    at: Moment
    text_version: Word = Field(max_length=40, description="Which text they read.")


class ConsentShown(Shown):
    """A yes or a no, wherever it was said."""

    kind: ConsentKind
    given: bool
    at: datetime
    source: ConsentSource
    text_version: str


def add_consent(session: Session, call: Call[ConsentBody]) -> ConsentShown:
    """Add a yes or a no of a member; the newest of each kind counts. A time ahead of ours counts as now."""
    given = call.given
    consent = ConsentGiven(
        kind=given.kind,
        given=given.given,
        at=min(given.at, call.now),
        source=ConsentSource.SITE,
        text_version=given.text_version,
        member_id=member_in_path(session, call.path["member"]),
    )
    record_consent(session, consent)
    shown = {name: getattr(consent, name) for name in ConsentShown.model_fields}
    return ConsentShown(**shown)


def list_consents(session: Session, call: Call[PageQuery]) -> Page[ConsentShown]:
    """All that a member ever said, in order; `updated_since` looks at when it was said."""
    member_id = member_in_path(session, call.path["member"])
    rows = select(Consent).where(Consent.member_id == member_id)
    return read_page(session, rows, (Consent.at, Consent.id), call.given, _shown)


def _shown(rows: Sequence[Consent]) -> list[ConsentShown]:
    return [
        ConsentShown(
            kind=ConsentKind(row.kind),
            given=row.given,
            at=row.at,
            source=ConsentSource(row.source),
            text_version=row.text_version,
        )
        for row in rows
    ]


ENDPOINTS = (
    Writing(
        method="POST",
        path="/members/{member}/consents",
        scope=Scope.CONSENTS_WRITE,
        summary="Add a member's yes or no",
        given=ConsentBody,
        answer=ConsentShown,
        run=add_consent,
    ),
    Reading(
        method="GET",
        path="/members/{member}/consents",
        scope=Scope.CONSENTS_READ,
        summary="List what a member agreed to",
        given=PageQuery,
        answer=Page[ConsentShown],
        run=list_consents,
    ),
)
