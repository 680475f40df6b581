"""What an endpoint of the API is: one row of a table that the dispatcher and the OpenAPI document both read.

A module adds its endpoints by a table of its own, which app/api/table.py lists:

    class LinkCode(Shown):
        code: str
        expires_at: datetime

    def make_link_code(session: Session, call: Call[None]) -> LinkCode:
        \"\"\"A one-time code … (this text stands in the documentation).\"\"\"
        member_id = find_member_id(session, call.path["member"])  # or raise not_found("member")
        ...

    ENDPOINTS = (
        Writing(
            method="POST",
            path="/members/{member}/link-codes",
            scope=Scope.LINKS_WRITE,
            summary="Make a one-time code that links this member",
            answer=LinkCode,
            run=make_link_code,
        ),
    )

Key, scope, body limit, parsing, Idempotency-Key, transaction and problems are the dispatcher's. A function
gets what was asked as a checked value, raises `Problem` (nothing is kept then), and never commits. What has
to talk to LINE is a `Networked`: it gets no session and opens its own transactions around the network call.
A path's `{name}` that is also a field of `given` becomes that field: `PUT /jobs/{external_id}` takes the same
model as a line of `POST /jobs/bulk`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.api.door import ApiDoor
from app.api.problems import Fault
from app.site_keys.scopes import Scope
from app.staff.audit import Doer

G = TypeVar("G", bound=BaseModel | None)
A = TypeVar("A", bound=BaseModel | None)
L = TypeVar("L", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Call(Generic[G]):
    """One request, as the function behind an endpoint gets it."""

    given: G
    """The checked body; of a GET the checked query; None where an endpoint takes neither."""
    path: Mapping[str, str]
    """The values of `{names}` in the path, each a possible key of the job site."""
    by: Doer
    """The key, for the audit."""
    now: datetime
    """Business time."""
    door: ApiDoor


@dataclass(frozen=True, kw_only=True)
class Endpoint(Generic[G, A]):
    """What all endpoints have."""

    method: str
    path: str
    """Below /api/v1, with `{names}`."""
    scope: Scope
    summary: str
    given: type[G] | None = None
    """The model of the body (of a GET: of the query); None: there is none."""
    answer: type[A] | None = None
    """The model of the answer; None: 204 without a body."""
    run: Callable[..., Any]
    """What answers; its name and docstring are the documentation's."""

    @property
    def names(self) -> list[str]:
        """The `{names}` in the path, in order."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def body(self) -> type[Any] | None:
        """The model of the body; None: there is none."""
        return None if self.method == "GET" else self.given

    @property
    def query(self) -> type[Any] | None:
        """The model of the query; None: there is none."""
        return self.given if self.method == "GET" else None

    @property
    def shared_names(self) -> list[str]:
        """The `{names}` in the path that are fields of the body too."""
        return [] if self.body is None else [name for name in self.names if name in self.body.model_fields]


@dataclass(frozen=True, kw_only=True)
class Reading(Endpoint[G, A]):
    """Looks and changes nothing."""

    run: Callable[[Session, Call[G]], A]


@dataclass(frozen=True, kw_only=True)
class Writing(Endpoint[G, A]):
    """Changes something in one transaction, together with the answer to its Idempotency-Key."""

    run: Callable[[Session, Call[G]], A]


@dataclass(frozen=True, kw_only=True)
class Networked(Endpoint[G, A]):
    """Talks to LINE, or works for long: no transaction may be open meanwhile, so it opens its own."""

    run: Callable[[Call[G]], A]


@dataclass(frozen=True, kw_only=True)
class Bulk(Endpoint[L, None]):
    """JSON lines in, one result for each line out; `given` is the model of a line.

    `run` gets the lines of one batch, no two with the same `key`, in one short transaction. It gives for each
    line the faults it was refused for (none: it is in), in the same order.
    """

    given: type[L]
    run: Callable[[Session, Call[None], Sequence[L]], Sequence[Sequence[Fault]]]
    key: Callable[[L], str]
