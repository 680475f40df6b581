"""`goen recommend`: what somebody would be shown now, and why."""

import json
import os
from typing import TYPE_CHECKING, Any

import rich_click as click

from app.commands.common import opened_database, show_table
from app.errors import AppError
from app.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime

    from app.db import Database
    from app.recommend.ports import Picks, Seeker

COUNT = 10


@click.command()
@click.argument("person")
@click.option("--count", type=click.IntRange(1, 50), default=COUNT, show_default=True, help="Jobs at most.")
@click.option("--json", "as_json", is_flag=True, help="For machines, with the points of each signal.")
def recommend(person: str, count: int, as_json: bool) -> None:
    """Jobs that PERSON would be shown now, with reasons. Nothing is noted as shown.

    PERSON is the job site's id of a member, friend:ID, or a LINE user id.
    """
    from app.clock import Clock
    from app.db import reading
    from app.people.persons import find_person
    from app.recommend.seekers import seeker_of

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database:
        with reading(database) as session:
            friends = find_person(session, person).friend_ids
            if not friends:
                raise AppError("this member is nobody on LINE yet: there is nobody to recommend to")
            seeker = seeker_of(session, friends[0], now)
        picks = _picks(database, seeker, count, now)
        found = _told(database, seeker, picks, now)
    if as_json:
        click.echo(json.dumps({"model": picks.model_version, "jobs": found}, ensure_ascii=False))
        return
    shown = [
        {name: job[name] for name in ("job", "title", "employer", "reasons", "instead")} for job in found
    ]
    show_table(shown, f"by {picks.model_version or 'popularity: there is no model'}", as_json=False)


def _picks(database: "Database", seeker: "Seeker", count: int, now: "datetime") -> "Picks":
    """By the live model as the scoring process would, or the popular ones."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from app.db import reading
    from app.recommend.popular import PopularRecommender
    from app.recommend.serving import picks_for, scorer_of_live_model
    from app.recommend.store import live_model

    with reading(database) as session:
        has_model = live_model(session) is not None
    if not has_model:
        return PopularRecommender(database).recommend(seeker, count, now)
    scorer, version = scorer_of_live_model(database, now)
    return picks_for(scorer, version, seeker, count)


def _told(database: "Database", seeker: "Seeker", picks: "Picks", now: "datetime") -> list[dict[str, Any]]:
    """Each job with its reasons, as the chat would tell them."""
    from app.db import reading
    from app.jobs.searching import open_jobs
    from app.recommend.reasons import pick_reasons, relaxed_words
    from app.recommend.telling import telling_of

    with reading(database) as session:
        jobs = {job.id: job for job in open_jobs(session, [pick.job_id for pick in picks.picks], now)}
        telling = telling_of(session, picks.picks, now)
    return [
        {
            **pick.as_json(),
            "job": jobs[pick.job_id].external_id,
            "title": jobs[pick.job_id].title,
            "employer": jobs[pick.job_id].employer,
            "reasons": "、".join(pick_reasons(pick, jobs[pick.job_id], seeker.wishes, telling)),
            "instead": "、".join(relaxed_words(pick, jobs[pick.job_id], seeker.wishes)),
        }
        for pick in picks.picks
        if pick.job_id in jobs
    ]
