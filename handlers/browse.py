"""Looking at jobs in chat: the first fitting ones, and the buttons on a card."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.announcements.rules import Kind
from app.jobs.actions import (
    Shown,
    Tap,
    hide_job,
    record_impressions,
    save_job,
    unhide_job,
    unsave_job,
    view_job,
)
from app.jobs.feedback_messages import job_hidden, job_unhidden
from app.jobs.messages import (
    JobCard,
    job_carousel,
    job_closed,
    job_details,
    job_saved,
    job_unsaved,
    no_fitting_jobs,
    no_saved_jobs,
)
from app.jobs.queries import find_open_job, fitting_jobs, newest_impression, saved_ids, saved_jobs
from app.jobs.rules import HideReason, JobFacts, JobWishes, met_conditions, reasons
from app.line.addresses import WEB, is_address
from app.line.postback import Command
from handlers.announcements import tell_site
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Postback
from handlers.handoff import ask_for_person
from handlers.wishes import ask_to_change

SAVED_AT_ONCE = 10
NO_WISHES = JobWishes()
JobStep = Callable[[Context, Tap, JobFacts, Command], Answer]
"""What a tap on an open job's card does and says."""


def first_jobs(ctx: Context, wishes: JobWishes, *, count: int = 3) -> Answer:
    """The newest jobs that meet every wish, each with its reasons; or how to go on when there are none."""
    jobs = fitting_jobs(ctx.session, wishes, friend_id=ctx.friend.id, limit=count, now=ctx.now)
    if not jobs:
        return [no_fitting_jobs()]
    shown = [Shown(job.id, {"conditions": [c.value for c in met_conditions(job, wishes)]}) for job in jobs]
    record_impressions(ctx.session, ctx.friend.id, shown, ctx.now)
    return [job_carousel(_cards(ctx, jobs, wishes), heading="条件に合う求人")]


def show(ctx: Context, tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """詳しく."""
    view_job(ctx.session, tap, job.id)
    [card] = _cards(ctx, [job])
    return [job_details(replace(card, apply_url=_apply_url(ctx, job)))]


def apply(ctx: Context, _tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """応募したい, where the job has no page of its own: a person helps."""
    return ask_for_person(ctx, "apply", job=job)


def ask(ctx: Context, _tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """この求人を相談."""
    return ask_for_person(ctx, "job", job=job)


def save(ctx: Context, tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """保存; a second tap says the same and stores nothing."""
    save_job(ctx.session, tap, job.id)
    return [job_saved(job)]


def unsave(ctx: Context, tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """保存を取り消す."""
    unsave_job(ctx.session, tap, job.id)
    return [job_unsaved(job)]


def hide(ctx: Context, tap: Tap, job: JobFacts, command: Command) -> Answer:
    """興味なし, with a reason when one was tapped afterwards."""
    reason = _hide_reason(command)
    hide_job(ctx.session, tap, job.id, reason=reason)
    return [job_hidden(job) if reason is None else ask_to_change(ctx, job, reason)]


def unhide(ctx: Context, tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """興味なし is taken back."""
    unhide_job(ctx.session, tap, job.id)
    return [job_unhidden(job)]


def on_job_saved_list(event: Postback, command: Command, ctx: Context) -> Answer:
    """保存した求人, those still open, the last saved first."""
    jobs = saved_jobs(ctx.session, ctx.friend.id, limit=SAVED_AT_ONCE, now=ctx.now)
    if not jobs:
        return [no_saved_jobs()]
    return [job_carousel(_cards(ctx, jobs), heading="保存した求人")]


def _at_open_job(what: str, step: JobStep) -> PostbackHandler:
    """The handler of a button on a card: says so when the id is rubbish or unknown, or the job is closed.

    `what` names the tap for the job site, which hears of it.
    """

    def handle(event: Postback, command: Command, ctx: Context) -> Answer:
        job_id = command.integer("job")
        job = None if job_id is None else find_open_job(ctx.session, job_id, ctx.now)
        if job is None:
            return [job_closed()]
        tap = Tap(friend_id=ctx.friend.id, at=event.at, event_id=event.webhook_event_id)
        tell_site(
            ctx, Kind.JOB_TAPPED, {"job": job.external_id, "tap": what, "reason": _hide_reason(command)}
        )
        return step(ctx, tap, job, command)

    return handle


JOB_ACTIONS: dict[str, PostbackHandler] = {
    "job.show": _at_open_job("view", show),
    "job.apply": _at_open_job("apply", apply),
    "job.ask": _at_open_job("ask", ask),
    "job.save": _at_open_job("save", save),
    "job.unsave": _at_open_job("unsave", unsave),
    "job.hide": _at_open_job("hide", hide),
    "job.unhide": _at_open_job("unhide", unhide),
    "job.saved": on_job_saved_list,
}


def _hide_reason(command: Command) -> HideReason | None:
    text = command.values.get("reason", "")
    return HideReason(text) if text in set(HideReason) else None


def _apply_url(ctx: Context, job: JobFacts) -> str | None:
    """The tracked way to the job's own page; None where it has none."""
    if job.url is None or not is_address(job.url, WEB):
        return None
    tracked = ctx.surroundings.tracked
    if tracked is None:
        return job.url
    shown = newest_impression(ctx.session, ctx.friend.id, job.id)
    return tracked.address(ctx.friend.id, job.id, shown, ctx.now)


def _cards(ctx: Context, jobs: Sequence[JobFacts], wishes: JobWishes = NO_WISHES) -> list[JobCard]:
    saved = saved_ids(ctx.session, ctx.friend.id, [job.id for job in jobs])
    return [JobCard(job, reasons(job, wishes), job.id in saved) for job in jobs]
