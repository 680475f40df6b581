"""The menu's own buttons: how to use it, ways to search, where a person stands, how their new work is."""

from collections.abc import Callable

from app.jobs.queries import job_titles
from app.line.postback import Command
from app.links.queries import member_of
from app.members.progress import coming_appointments, running_applications
from app.members.values import AppointmentKind, Stage
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Postback
from handlers.handoff import ask_for_person
from richmenu.messages import glad_to_hear, how_is_work, how_to_use, progress_shown, ways_to_search

STAGES = {
    Stage.APPLIED: "応募",
    Stage.SCREENING: "書類選考",
    Stage.INTERVIEW: "面接",
    Stage.OFFER: "内定",
    Stage.PLACED: "入社",
    Stage.REJECTED: "不採用",
    Stage.WITHDRAWN: "辞退",
}
APPOINTMENTS = {
    AppointmentKind.CONSULTATION: "面談",
    AppointmentKind.INTERVIEW: "面接",
    AppointmentKind.SEMINAR: "セミナー",
}


def show_help(ctx: Context) -> Answer:
    """使い方."""
    return how_to_use(is_linked=member_of(ctx.session, ctx.friend.id) is not None)


def show_ways(_ctx: Context) -> Answer:
    """探す."""
    return ways_to_search()


def show_progress(ctx: Context) -> Answer:
    """応募・予定."""
    member_id = member_of(ctx.session, ctx.friend.id)
    running = [] if member_id is None else running_applications(ctx.session, member_id)
    titles = job_titles(ctx.session, [each.job_id for each in running if each.job_id is not None])
    return progress_shown(
        [(titles.get(each.job_id or 0, "求人"), STAGES[each.stage], each.stage_at) for each in running],
        [
            (APPOINTMENTS[each.kind], each.starts_at, each.place)
            for each in coming_appointments(ctx.session, ctx.friend.id, member_id, ctx.now)
        ],
        is_linked=member_id is not None,
    )


def on_work_ask(event: Postback, command: Command, ctx: Context) -> Answer:
    """お仕事はいかがですか."""
    return how_is_work()


def on_work_tell(event: Postback, command: Command, ctx: Context) -> Answer:
    """How it is: whoever is not quite well hears from a person."""
    return glad_to_hear() if command.values.get("how") == "well" else ask_for_person(ctx)


def _showing(show: Callable[[Context], Answer]) -> PostbackHandler:
    def handle(event: Postback, command: Command, ctx: Context) -> Answer:
        return show(ctx)

    return handle


GUIDE_ACTIONS: dict[str, PostbackHandler] = {
    "help.show": _showing(show_help),
    "job.ways": _showing(show_ways),
    "progress.show": _showing(show_progress),
    "work.ask": on_work_ask,
    "work.tell": on_work_tell,
}
