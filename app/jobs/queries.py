"""Reads: jobs that fit hard conditions, a friend's saved ones, one open job."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.areas import cities_in, covers
from app.clock import today_in_tokyo
from app.jobs.models import Activity, ActivityKind, Job, JobArea
from app.jobs.rules import JobFacts, JobWishes
from app.jobs.vocabulary import (
    JobFlag,
    WageType,
    flag_bits,
    flags_of,
    held_licences,
    licence_bits,
    licences_of,
)
from app.jobs.wages import wage_floor

PER_EMPLOYER = 2
_PAGE = 100


def fitting_jobs(
    session: Session, wishes: JobWishes, *, friend_id: int, limit: int, now: datetime
) -> list[JobFacts]:
    """Open jobs that meet every hard condition, newest first, at most two per employer.

    Never one that this friend has hidden or applied to. 0..limit jobs; the same order every time.
    """
    fitting = (
        select(Job.id, Job.opened_on, Job.employer)
        .where(_is_open(now), *_conditions(wishes))
        .where(
            Job.fold_key.not_in(_fold_keys(_hidden(friend_id))),
            Job.fold_key.not_in(_fold_keys(_applied(friend_id))),
            is_newest_twin(now),
        )
        .order_by(Job.opened_on.desc(), Job.id.desc())
        .limit(_PAGE)
    )
    ids = _capped_ids(session, fitting, limit)
    found = {job.id: job for job in session.scalars(select(Job).where(Job.id.in_(ids)))}
    return _facts(session, [found[job_id] for job_id in ids])


def find_open_job(session: Session, job_id: int, now: datetime) -> JobFacts | None:
    """The job if it is open now; None for a closed or unknown one."""
    jobs = session.scalars(select(Job).where(Job.id == job_id, _is_open(now))).all()
    return next(iter(_facts(session, jobs)), None)


def saved_jobs(session: Session, friend_id: int, *, limit: int, now: datetime) -> list[JobFacts]:
    """Open jobs that the friend has saved and not hidden since, the last saved first."""
    newest = _newest(friend_id, (ActivityKind.SAVE, ActivityKind.UNSAVE)).subquery()
    saved = (
        select(Job)
        .join(newest, newest.c.job_id == Job.id)
        .where(newest.c.nth == 1, newest.c.kind == ActivityKind.SAVE, _is_open(now))
        .where(Job.id.not_in(_hidden(friend_id)))
        .order_by(newest.c.at.desc(), Job.id.desc())
        .limit(limit)
    )
    return _facts(session, session.scalars(saved).all())


def newest_kind(
    session: Session, friend_id: int, job_id: int, kinds: Sequence[ActivityKind]
) -> ActivityKind | None:
    """Which of these the friend did last with the job; None: none of them."""
    return session.scalars(
        select(Activity.kind)
        .where(Activity.friend_id == friend_id, Activity.job_id == job_id, Activity.kind.in_(kinds))
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(1)
    ).first()


def saved_ids(session: Session, friend_id: int, job_ids: Sequence[int]) -> frozenset[int]:
    """Those of these jobs that the friend has saved."""
    newest = _newest(friend_id, (ActivityKind.SAVE, ActivityKind.UNSAVE)).subquery()
    saved = select(newest.c.job_id).where(newest.c.nth == 1, newest.c.kind == ActivityKind.SAVE)
    return frozenset(session.scalars(saved.where(newest.c.job_id.in_(job_ids))))


def job_titles(session: Session, job_ids: Sequence[int]) -> dict[int, str]:
    """What jobs are called, closed ones too."""
    return dict(session.execute(select(Job.id, Job.title).where(Job.id.in_(job_ids))).all())


def open_job_count(session: Session, now: datetime) -> int:
    """How many jobs are open."""
    return session.scalars(select(func.count()).select_from(Job).where(_is_open(now))).one()


def job_count(session: Session) -> int:
    """How many jobs there are, open or closed."""
    return session.scalars(select(func.count()).select_from(Job)).one()


def _capped_ids(session: Session, ordered: Select[int, date, str], limit: int) -> list[int]:
    """The first ids of a newest-first query, with few of each employer; a page at a time.

    An employer with enough jobs is left out of the pages that follow, so each page gives at least one id
    and the index is walked once at most, even when one employer has offered half of all jobs.
    """
    ids: list[int] = []
    shown: Counter[str] = Counter()
    page = ordered
    while True:
        rows = session.execute(page).all()
        for job_id, _, employer in rows:
            shown[employer] += 1
            if shown[employer] <= PER_EMPLOYER:
                ids.append(job_id)
        if len(rows) < _PAGE or len(ids) >= limit:
            return ids[:limit]
        last_id, opened_on, _ = rows[-1]
        page = ordered.where(
            tuple_(Job.opened_on, Job.id) < (opened_on, last_id),
            Job.employer.not_in([employer for employer, count in shown.items() if count >= PER_EMPLOYER]),
        )


def is_newest_twin(now: datetime) -> ColumnElement[bool]:
    """That no newer open job is this one again (app/jobs/folding.py): what every list asks of its jobs."""
    twin = aliased(Job)
    newer = exists().where(
        twin.fold_key == Job.fold_key,
        tuple_(twin.opened_on, twin.id) > tuple_(Job.opened_on, Job.id),
        twin.opened_on <= today_in_tokyo(now),
        or_(twin.closed_at.is_(None), twin.closed_at > now),
    )
    return ~newer


def _fold_keys(ids: Select[int | None]) -> Select[str]:
    """The fold keys of these jobs: who hid one has hidden its twins."""
    chosen = aliased(Job)
    return select(chosen.fold_key).where(chosen.id.in_(ids))


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(Job.opened_on <= today_in_tokyo(now), or_(Job.closed_at.is_(None), Job.closed_at > now))


def _conditions(wishes: JobWishes) -> Iterator[ColumnElement[bool]]:
    """The hard conditions as SQL; they must say what `unmet_conditions` says."""
    if wishes.prefectures or wishes.cities:
        yield _place_condition(wishes)
    if wishes.no_night:
        yield Job.flags.bitwise_and(flag_bits({JobFlag.NO_NIGHT})) != 0
    if wishes.wage_type is not None and wishes.wage_min is not None:
        yield _wage_condition(wishes.wage_type, wishes.wage_min)
    if wishes.occupations:
        yield Job.occupation.in_(wishes.occupations)
    if wishes.employment_types:
        yield Job.employment.in_(wishes.employment_types)
    if wishes.licences is not None:
        held = licence_bits(held_licences(wishes.licences))
        yield Job.licences.bitwise_and(_ALL_BITS ^ held) == 0


_ALL_BITS = 2**63 - 1


def _place_condition(wishes: JobWishes) -> ColumnElement[bool]:
    places: list[ColumnElement[bool]] = []
    if wishes.prefectures:
        further = select(JobArea.job_id).where(JobArea.prefecture.in_(wishes.prefectures))
        places += [Job.prefecture.in_(wishes.prefectures), Job.id.in_(further)]
    if wishes.cities:
        places.append(Job.city.in_(_covered(wishes.cities)))
    return or_(*places)


def _covered(wanted: Sequence[int]) -> list[int]:
    """The codes themselves and those of every place that lies in one of them, such as wards."""
    known = {
        city.code
        for code in wanted
        for city in cities_in(code if code < 100 else code // 1000)
        if covers(code, city.code)
    }
    return sorted(known.union(wanted))


def _wage_condition(wished: WageType, wage_min: int) -> ColumnElement[bool]:
    choices = []
    for offered in WageType:
        floor = wage_floor(wished, wage_min, offered)
        is_unit = Job.wage_type == offered
        choices.append(is_unit if floor is None else and_(is_unit, Job.wage_min >= floor))
    return or_(*choices)


def _newest(friend_id: int, kinds: Sequence[ActivityKind]) -> Select[int | None, ActivityKind, datetime, int]:
    """What the friend did with each job; `nth` 1 is the newest."""
    nth = func.row_number().over(
        partition_by=Activity.job_id, order_by=(Activity.at.desc(), Activity.id.desc())
    )
    return select(Activity.job_id, Activity.kind, Activity.at, nth.label("nth")).where(
        Activity.friend_id == friend_id, Activity.job_id.is_not(None), Activity.kind.in_(kinds)
    )


def _hidden(friend_id: int) -> Select[int | None]:
    newest = _newest(friend_id, (ActivityKind.HIDE, ActivityKind.UNHIDE)).subquery()
    return select(newest.c.job_id).where(newest.c.nth == 1, newest.c.kind == ActivityKind.HIDE)


def _applied(friend_id: int) -> Select[int | None]:
    return select(Activity.job_id).where(
        Activity.friend_id == friend_id,
        Activity.kind == ActivityKind.APPLY,
        Activity.job_id.is_not(None),  # NOT IN with a null among them is never true
    )


def _facts(session: Session, jobs: Sequence[Job]) -> list[JobFacts]:
    further: dict[int, list[int]] = defaultdict(list)
    rows = session.execute(
        select(JobArea.job_id, JobArea.prefecture).where(JobArea.job_id.in_([job.id for job in jobs]))
    )
    for job_id, prefecture in rows:
        further[job_id].append(prefecture)
    return [_job_facts(job, tuple(sorted([job.prefecture, *further[job.id]]))) for job in jobs]


def _job_facts(job: Job, prefectures: tuple[int, ...]) -> JobFacts:
    return JobFacts(
        id=job.id,
        external_id=job.external_id,
        title=job.title,
        employer=job.employer,
        occupation=job.occupation,
        employment=job.employment,
        prefecture=job.prefecture,
        prefectures=prefectures,
        city=job.city,
        worksite=job.worksite,
        wage_type=job.wage_type,
        wage_min=job.wage_min,
        wage_max=job.wage_max,
        hours=job.hours,
        holidays=job.holidays,
        flags=flags_of(job.flags),
        licences=licences_of(job.licences),
        text=job.text,
        url=job.url,
        image_url=job.image_url,
        opened_on=job.opened_on,
        closed_at=job.closed_at,
    )
