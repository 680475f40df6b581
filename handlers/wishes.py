"""What a person wants, and how it changes outside of the surveys: asked first, kept as answers, taken back."""

from app.announcements.rules import Kind
from app.friends.messages import button_is_old
from app.jobs.feedback import WishChange, proposed_changes, read_change
from app.jobs.feedback_messages import (
    change_proposed,
    hide_reason_noted,
    wishes_changed,
    wishes_kept,
    wishes_restored,
)
from app.jobs.queries import find_occupation
from app.jobs.rules import HideReason, JobFacts, JobWishes, without_avoided
from app.line.limits import Message
from app.line.postback import Command, pack
from app.people.queries import wishes_profile
from handlers.announcements import tell_site
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Postback
from surveys.amending import Change, amend_answers, joined, undo_change
from surveys.queries import find_newest_sheet
from surveys.rules import State, report_of
from surveys.wishes import WISH_SURVEYS, change_answers, job_wishes, wish_answers


def wishes_of(ctx: Context) -> JobWishes:
    """The hard conditions in this friend's newest answers and, if linked, in what the job site knows."""
    return job_wishes(_known(ctx))


def ask_to_change(ctx: Context, job: JobFacts, reason: HideReason) -> Message:
    """The answer to the reason of a 興味なし: what may be learnt from it, if the person agrees."""
    changes = proposed_changes(job, reason, wishes_of(ctx))
    return change_proposed(job.id, changes) if changes else hide_reason_noted(job.id)


def on_wish_change(event: Postback, command: Command, ctx: Context) -> Answer:
    """はい: one more wish."""
    job_id, values = command.integer("job"), command.values
    occupation = None if job_id is None else find_occupation(ctx.session, job_id)
    change = read_change(values.get("aim", ""), values.get("v", ""), values.get("unit", ""), occupation or "")
    if change is None:
        return button_is_old()
    made = _keep(ctx, change)
    return [wishes_changed(change.words, None if made is None else undo_data(made))]


def on_wish_keep(event: Postback, command: Command, ctx: Context) -> Answer:
    """いいえ."""
    return [wishes_kept()]


def on_wish_undo(event: Postback, command: Command, ctx: Context) -> Answer:
    """元に戻す."""
    first, last = command.integer("from"), command.integer("to")
    if first is None or last is None:
        return button_is_old()
    undone = undo_change(ctx.session, ctx.friend.id, Change(first, last), ctx.now)
    tell_of_answers(ctx, undone)
    return [wishes_restored(is_undone=bool(undone))]


def replace_wishes(ctx: Context, wishes: JobWishes, words: str) -> Message:
    """These wishes instead of those before; licences, and what the person avoids, stay.

    What is wished for now is not avoided any more.
    """
    wished = without_avoided(wishes, wishes_of(ctx))
    made = {
        name: amend_answers(ctx.session, ctx.friend.id, name, answers, ctx.now)
        for name, answers in wish_answers(wished).items()
    }
    tell_of_answers(ctx, [name for name, change in made.items() if change is not None])
    change = joined(*made.values())
    return wishes_changed(words, None if change is None else undo_data(change))


def undo_data(change: Change) -> str:
    """What the button 元に戻す sends."""
    return pack("wish.undo", **{"from": change.first, "to": change.last})


def tell_of_answers(ctx: Context, names: list[str]) -> None:
    """The job site hears of surveys whose answers have changed, if they had come to their end."""
    for name in names:
        sheet = find_newest_sheet(ctx.session, ctx.friend.id, name)
        if sheet is not None and sheet.state is State.FINISHED:
            tell_site(ctx, Kind.SURVEY_ANSWERED, report_of(sheet), about=name)


WISH_ACTIONS: dict[str, PostbackHandler] = {
    "wish.change": on_wish_change,
    "wish.keep": on_wish_keep,
    "wish.undo": on_wish_undo,
}


def _keep(ctx: Context, change: WishChange) -> Change | None:
    name, answers = change_answers(change, _known(ctx))
    made = amend_answers(ctx.session, ctx.friend.id, name, answers, ctx.now)
    if made is not None:
        tell_of_answers(ctx, [name])
    return made


def _known(ctx: Context) -> dict[str, object]:
    return wishes_profile(ctx.session, ctx.friend.id, WISH_SURVEYS)
