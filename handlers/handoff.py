"""担当者に相談: a person is wanted, or no longer."""

from app.announcements.rules import Kind
from app.handoff.actions import close_conversation_of, open_conversation
from app.handoff.messages import back_to_bot, person_will_answer
from app.jobs.messages import job_name
from app.jobs.rules import JobFacts
from app.line.postback import Command
from handlers.announcements import tell_site
from handlers.context import Answer, Context
from handlers.events import Postback


def ask_for_person(ctx: Context, why: str = "wish", *, job: JobFacts | None = None) -> Answer:
    """Note that this friend waits for a person, about a job or anything; a second wish is the same one."""
    is_new = open_conversation(ctx.session, ctx.friend.id, why, ctx.now)
    if is_new:
        tell_site(ctx, Kind.HANDOFF_WANTED, {"why": why} | ({} if job is None else {"job": job.external_id}))
    return person_will_answer(why if is_new else None, about=None if job is None else job_name(job))


def on_staff_ask(event: Postback, command: Command, ctx: Context) -> Answer:
    """The button 担当者に相談."""
    return ask_for_person(ctx)


def on_staff_done(event: Postback, command: Command, ctx: Context) -> Answer:
    """自動の案内に戻る: the bot answers again; nobody is waited for any more."""
    close_conversation_of(ctx.session, ctx.friend.id, ctx.now)
    return back_to_bot()
