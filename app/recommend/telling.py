"""Reads what reasons are told by: titles of jobs that were looked at, and places in rankings."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.jobs.queries import job_titles
from app.rankings.models import Ranking
from app.recommend.ports import Pick
from app.recommend.reasons import MOST_RANK, Ranked, Telling


def telling_of(session: Session, picks: Sequence[Pick], now: datetime) -> Telling:
    """For the reasons of these picks, in two statements."""
    because = sorted({pick.because for pick in picks if pick.because is not None})
    columns = (Ranking.job_id, Ranking.area, Ranking.occupation, Ranking.rank)
    ranked = select(*columns).where(
        Ranking.job_id.in_([pick.job_id for pick in picks]),
        Ranking.rank <= MOST_RANK,
        Ranking.is_thin.is_(False),
    )
    ranks: dict[int, Ranked] = {}
    ordered = ranked.order_by(Ranking.rank, Ranking.area, Ranking.occupation)
    for job_id, area, occupation, rank in session.execute(ordered):
        ranks.setdefault(job_id, Ranked(area, occupation, rank))
    return Telling(today_in_tokyo(now), job_titles(session, because) if because else {}, ranks)
