"""Searching open vacancies by a sentence or by explicit conditions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Reading
from app.api.offers import Offer, offers_of
from app.api.pages import make_cursor, read_cursor
from app.api.values import Page, Query
from app.jobs.conditions import conditions, is_newest_twin, is_open_now
from app.jobs.models import Job
from app.jobs.queries import facts_of
from app.jobs.rules import reasons
from app.jobs.vocabulary import EmploymentType, JobFlag, WageType, occupation_named
from app.line.text import clean_text
from app.search.query import JobQuery
from app.search.reading import read_request
from app.search.wishes import job_wishes, unused
from app.site_keys.scopes import Scope

MOST_YEN = 1_000_000_000
_ANY_OF = "One or several, separated by commas."


def _words(kind: type[EmploymentType] | type[JobFlag]) -> str:
    one = "|".join(kind)
    return f"^({one})(,({one}))*$"


Codes = Annotated[str, Field(pattern="^[0-9]{1,5}(,[0-9]{1,5}){0,99}$")]
Names = Annotated[str, Field(min_length=1, max_length=200)]
Yen = Annotated[int, Field(ge=1, le=MOST_YEN)]


class SearchQuery(Query):
    """A sentence, or conditions; without either everything that is open."""

    q: str | None = Field(None, max_length=500, description="A request as people type it, in Japanese.")
    pref: Codes | None = Field(None, description=f"JIS codes of prefectures. {_ANY_OF}")
    city: Codes | None = Field(None, description=f"JIS codes of municipalities. {_ANY_OF}")
    exclude_area: Codes | None = Field(None, description=f"Codes of both kinds. {_ANY_OF}")
    occupation: Names | None = Field(None, description=_ANY_OF)
    exclude_occupation: Names | None = Field(None, description=_ANY_OF)
    employment: str | None = Field(None, pattern=_words(EmploymentType), max_length=200, description=_ANY_OF)
    flags: str | None = Field(
        None, pattern=_words(JobFlag), max_length=400, description=f"All of them must be offered. {_ANY_OF}"
    )
    salary_min: Yen | None = Field(None, description="Yen.")
    salary_max: Yen | None = Field(None, description="Yen.")
    salary_unit: WageType | None = Field(None, description="Of the amounts; month, if it is not given.")
    cursor: str | None = Field(None, max_length=200, description="`next` of the page before.")
    limit: int = Field(20, ge=1, le=100, description="How many at most.")

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        given = self.model_fields_set - {"q", "cursor", "limit"}
        if self.q is not None and given:
            raise ValueError(f"q says everything: it cannot go with {', '.join(sorted(given))}")
        return self


class SearchPage(Page[Offer]):
    """One part of what was found, the newest first."""

    query: dict[str, Any] = Field(description="What was understood: only the slots that were said.")
    unused: list[str] = Field(description="What was understood and does not filter, in Japanese.")


def search_jobs(session: Session, call: Call[SearchQuery]) -> SearchPage:
    """Open vacancies that meet every condition, each once however often it was posted, the newest first."""
    query = _query_of(call.given)
    wishes = job_wishes(query)
    found = (
        select(Job.id, Job.opened_on)
        .where(is_open_now(call.now), *conditions(wishes), is_newest_twin(call.now))
        .order_by(Job.opened_on.desc(), Job.id.desc())
        .limit(call.given.limit + 1)
    )
    if call.given.cursor is not None:
        found = found.where(tuple_(Job.opened_on, Job.id) < _place(call.given.cursor))
    rows = session.execute(found).all()
    page = rows[: call.given.limit]
    ids = [id_ for id_, _ in page]
    why = {job.id: reasons(job, wishes) for job in facts_of(session, ids)}
    return SearchPage(
        items=offers_of(session, ids, why),
        next=_cursor(page[-1].opened_on, page[-1].id) if len(rows) > len(page) else None,
        query=query.as_json(),
        unused=list(unused(query)),
    )


def _query_of(given: SearchQuery) -> JobQuery:
    if given.q is not None:
        return read_request(clean_text(given.q))
    amounts = given.salary_min is not None or given.salary_max is not None
    slots: Mapping[str, Any] = {
        "pref": _codes(given.pref),
        "city": _codes(given.city),
        "exclude_area": _codes(given.exclude_area),
        "occupation": _names(given.occupation),
        "exclude_occupation": _names(given.exclude_occupation),
        "employment": tuple(EmploymentType(word) for word in _listed(given.employment)),
        "flags": tuple(JobFlag(word) for word in _listed(given.flags)),
        "salary_min": given.salary_min,
        "salary_max": given.salary_max,
        "salary_unit": (given.salary_unit or WageType.MONTH) if amounts else None,
    }
    return JobQuery(**slots)


def _listed(text: str | None) -> list[str]:
    """Sorted, nothing twice."""
    words = (word.strip() for word in (text or "").split(","))
    return sorted({word for word in words if word})


def _codes(text: str | None) -> tuple[int, ...]:
    return tuple(sorted(int(word) for word in _listed(text)))


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(sorted({occupation_named(clean_text(word)) for word in _listed(text)}))


def _cursor(opened_on: date, id_: int) -> str:
    return make_cursor(datetime.combine(opened_on, time(), UTC), id_)


def _place(cursor: str) -> tuple[date, int]:
    at, id_ = read_cursor(cursor)
    return at.date(), id_


ENDPOINTS = (
    Reading(
        method="GET",
        path="/search",
        scope=Scope.JOBS_READ,
        summary="Search open vacancies by a sentence or by conditions",
        given=SearchQuery,
        answer=SearchPage,
        run=search_jobs,
    ),
)
