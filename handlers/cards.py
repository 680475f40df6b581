"""Jobs as cards for one friend. What a list shows is noted, in its order, with what it was chosen by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.jobs.actions import Shown, record_impressions
from app.jobs.card_messages import JobCard, fitted_carousel, job_carousel
from app.jobs.queries import newest_impression, saved_ids
from app.jobs.rules import JobFacts, JobWishes, met_conditions, reasons
from app.line.addresses import WEB, is_address
from app.line.limits import Message
from app.line.messages import Action
from handlers.context import Context


@dataclass(frozen=True)
class Choice:
    """A job to be shown, and why."""

    job: JobFacts
    reasons: tuple[str, ...] = ()
    """In words, each true of the job."""
    provisos: tuple[str, ...] = ()
    """What it is instead of what was wished."""
    parts: Mapping[str, Any] = field(default_factory=dict)
    """What it was chosen by, for the impression."""
    propensity: float | None = None
    badge: str | None = None
    """Stands first on the card, such as 1位."""


def fitting(job: JobFacts, wishes: JobWishes) -> Choice:
    """A job that was chosen because it meets wishes."""
    conditions = [condition.value for condition in met_conditions(job, wishes)]
    return Choice(job, reasons(job, wishes), parts={"conditions": conditions})


def show_cards(
    ctx: Context,
    chosen: Sequence[Choice],
    *,
    heading: str,
    more: Action | None = None,
    choices: Sequence[Action] = (),
) -> Message:
    """The carousel of one or more jobs; of those that LINE's limits cut off nothing is noted."""
    saved = saved_ids(ctx.session, ctx.friend.id, [each.job.id for each in chosen])
    cards = [_card(each, is_saved=each.job.id in saved) for each in chosen]
    message, count = fitted_carousel(cards, heading=heading, more=more, choices=choices)
    shown = [Shown(each.job.id, each.parts, each.propensity) for each in chosen[:count]]
    record_impressions(ctx.session, ctx.friend.id, shown, ctx.now)
    return message


def _card(choice: Choice, *, is_saved: bool) -> JobCard:
    return JobCard(choice.job, choice.reasons, choice.provisos, is_saved, badge=choice.badge)


def show_saved(ctx: Context, jobs: Sequence[JobFacts]) -> Message:
    """The carousel of jobs that the friend has saved: nothing was chosen for them, so nothing is noted."""
    return job_carousel([JobCard(job, is_saved=True) for job in jobs], heading="保存した求人")


def detail_card(ctx: Context, job: JobFacts, why: tuple[str, ...] = ()) -> JobCard:
    """One job with the way to apply."""
    saved = saved_ids(ctx.session, ctx.friend.id, [job.id])
    return JobCard(job, why, is_saved=job.id in saved, apply_url=_apply_url(ctx, job))


def _apply_url(ctx: Context, job: JobFacts) -> str | None:
    """The tracked way to the job's own page; None where it has none."""
    if job.url is None or not is_address(job.url, WEB):
        return None
    tracked = ctx.surroundings.tracked
    if tracked is None:
        return job.url
    shown = newest_impression(ctx.session, ctx.friend.id, job.id)
    return tracked.address(ctx.friend.id, job.id, shown, ctx.now)
