"""The buttons on a job's card."""

from collections.abc import Callable

from app.announcements.rules import Kind
from app.jobs.actions import Tap, hide_job, save_job, unhide_job, unsave_job, view_job
from app.jobs.card_messages import job_details
from app.jobs.feedback_messages import job_hidden, job_unhidden
from app.jobs.messages import job_closed, job_saved, job_unsaved, no_saved_jobs, no_similar_jobs
from app.jobs.queries import find_open_job, saved_jobs
from app.jobs.rules import HideReason, JobFacts, reasons
from app.jobs.searching import similar_jobs
from app.line.postback import Command
from app.recommend.seekers import seeker_of
from handlers.announcements import tell_site
from handlers.cards import Choice, detail_card, show_cards, show_saved
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Postback
from handlers.handoff import ask_for_person
from handlers.wishes import ask_to_change, wishes_of

SAVED_AT_ONCE = 10
SIMILAR_AT_ONCE = 5
JobStep = Callable[[Context, Tap, JobFacts, Command], Answer]
"""What a tap on an open job's card does and says."""


def show(ctx: Context, tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """詳しく, with what of it fits this person."""
    view_job(ctx.session, tap, job.id)
    return [job_details(detail_card(ctx, job, reasons(job, wishes_of(ctx))))]


def apply(ctx: Context, _tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """応募したい, where the job has no page of its own: a person helps."""
    return ask_for_person(ctx, "apply", job=job)


def ask(ctx: Context, _tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """この求人を相談."""
    return ask_for_person(ctx, "job", job=job)


def similar(ctx: Context, _tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """似た求人: the same work near the same place."""
    seeker = seeker_of(ctx.session, ctx.friend.id, ctx.now)
    wishes, done_with = seeker.wishes, seeker.excluded - seeker.shown
    found = similar_jobs(ctx.session, job, wishes, done_with, ctx.now, count=SIMILAR_AT_ONCE)
    if not found:
        return [no_similar_jobs()]
    chosen = [Choice(each, reasons(each, wishes), parts={"similar_to": job.id}) for each in found]
    return [show_cards(ctx, chosen, heading="似た求人")]


def save(ctx: Context, tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """保存; a second tap says the same and stores nothing."""
    save_job(ctx.session, tap, job.id)
    return [job_saved(job)]


def unsave(ctx: Context, tap: Tap, job: JobFacts, _command: Command) -> Answer:
    """保存を取り消す."""
    unsave_job(ctx.session, tap, job.id)
    return [job_unsaved(job)]


def hide(ctx: Context, tap: Tap, job: JobFacts, command: Command) -> Answer:
    """興味なし; with the reason that was tapped afterwards, what may be learnt from it."""
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
    return [show_saved(ctx, jobs)] if jobs else [no_saved_jobs()]


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
    "job.similar": _at_open_job("similar", similar),
    "job.save": _at_open_job("save", save),
    "job.unsave": _at_open_job("unsave", unsave),
    "job.hide": _at_open_job("hide", hide),
    "job.unhide": _at_open_job("unhide", unhide),
    "job.saved": on_job_saved_list,
}


def _hide_reason(command: Command) -> HideReason | None:
    text = command.values.get("reason", "")
    return HideReason(text) if text in set(HideReason) else None
