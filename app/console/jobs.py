"""求人: the list, one job with what happened to it, and who was shown it and why."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.areas import PREFECTURES, area_name, place_code
from app.console.desk import desk, doer, now
from app.console.job_rows import (
    Wanted,
    happenings,
    job_lines,
    occupations_there,
    prefectures_of,
    showings,
)
from app.console.pages import show_page
from app.console.paging import ROWS, page_of, read_id
from app.console.people import search_text
from app.db import reading, transaction
from app.jobs.models import Job
from app.jobs.vocabulary import EMPLOYMENT_NAMES, FLAG_NAMES, LICENCES, JobFlag, flags_of, licences_of
from app.jobs.wages import wage_text
from app.rankings.messages import ranking_title
from app.staff.audit import record_view

bp = Blueprint("jobs", __name__)
STATES = {"open": "募集中", "closed": "終了・公開前"}
WORDS: dict[str, Any] = {
    "employments": EMPLOYMENT_NAMES,
    "wage_text": wage_text,
    "ranking_title": ranking_title,
    "states": STATES,
}


@bp.get("/jobs")
def list_jobs() -> Response:
    """求人, those that came last first."""
    wanted = _wanted()
    with reading(desk().database) as session:
        before = read_id(request.args.get("after"))
        found = job_lines(session, wanted, now(), before=before, limit=ROWS + 1)
        occupations = occupations_there(session)
    return show_page(
        "jobs/list.html",
        rows=page_of(found, lambda row: row.id),
        wanted=wanted,
        occupations=occupations,
        prefectures=PREFECTURES,
        place=place_words,
        **WORDS,
    )


@bp.get("/jobs/<int:job_id>")
def show_job(job_id: int) -> Response:
    """One job: all that is known of it, and its last four weeks."""
    with reading(desk().database) as session:
        job = session.scalars(select(Job).where(Job.id == job_id)).one_or_none()
        if job is None:
            abort(404)
        happened = happenings(session, job, now())
        prefectures = prefectures_of(session, job)
    return show_page(
        "jobs/show.html",
        job=job,
        happened=happened,
        days=[happened.first_day + timedelta(days=day) for day in range(len(happened.series[0].days))],
        place=place_words(job.prefecture, job.city),
        prefectures=[area_name(code) for code in prefectures],
        flags=[FLAG_NAMES[flag] for flag in JobFlag if flag in flags_of(job.flags)],
        licences=[name for name in LICENCES if name in licences_of(job.licences)],
        **WORDS,
    )


@bp.get("/jobs/<int:job_id>/people")
def list_people(job_id: int) -> Response:
    """To whom it was shown and why. Looking is kept in the audit, once an hour."""
    with reading(desk().database) as session:
        title = session.scalars(select(Job.title).where(Job.id == job_id)).one_or_none()
        if title is None:
            abort(404)
        before = read_id(request.args.get("after"))
        found = showings(session, job_id, before=before, limit=ROWS + 1)
    with transaction(desk().database) as session:
        record_view(session, doer(), f"job:{job_id}", now(), action="job.people_shown")
    rows = page_of(found, lambda row: row.id)
    return show_page("jobs/people.html", job_id=job_id, title=title, rows=rows)


def place_words(prefecture: int, city: int | None) -> str:
    """神奈川県横浜市中区."""
    return area_name(place_code(prefecture, city), full=True)


def _wanted() -> Wanted:
    state, prefecture = request.args.get("state", "open"), read_id(request.args.get("prefecture"))
    return Wanted(
        text=search_text(),
        state=state if state in STATES else None,
        occupation=request.args.get("occupation", "")[:100],
        prefecture=prefecture if prefecture is not None and 1 <= prefecture <= 47 else None,
    )
