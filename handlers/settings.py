"""配信停止, お休み and 再開, by word and by button; and how things are set now."""

from app.friends.actions import opt_out, resume, take_break
from app.friends.commands import Command as Word
from app.friends.messages import on_break, opted_out, resumed
from app.line.postback import Command
from app.links.queries import member_of
from app.members.values import ConsentSource
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Postback
from handlers.follow import say_to_promotion
from richmenu.messages import SettingsShown, settings_shown
from surveys.queries import has_answers


def obey(word: Word, ctx: Context) -> Answer:
    """Do what one of the three words asks for."""
    match word:
        case Word.OPT_OUT:
            opt_out(ctx.friend, ctx.now)
            say_to_promotion(ctx, ConsentSource.CHAT, ctx.now, given=False)
            return opted_out()
        case Word.BREAK:
            return on_break(take_break(ctx.friend, ctx.now))
        case Word.RESUME:
            resume(ctx.friend)
            say_to_promotion(ctx, ConsentSource.CHAT, ctx.now, given=True)
            return resumed()


def show_settings(ctx: Context) -> Answer:
    """いまの設定."""
    friend = ctx.friend
    is_ahead = friend.snoozed_until is not None and friend.snoozed_until > ctx.now
    return settings_shown(
        SettingsShown(
            is_linked=member_of(ctx.session, friend.id) is not None,
            has_wishes=has_answers(ctx.session, friend.id),
            opted_out=friend.opted_out_at is not None,
            snoozed_until=friend.snoozed_until if is_ahead else None,
        )
    )


def _obeying(word: Word) -> PostbackHandler:
    def handle(event: Postback, command: Command, ctx: Context) -> Answer:
        return obey(word, ctx)

    return handle


def _on_settings(event: Postback, command: Command, ctx: Context) -> Answer:
    return show_settings(ctx)


SETTINGS_ACTIONS: dict[str, PostbackHandler] = {
    "settings.show": _on_settings,
    "settings.stop": _obeying(Word.OPT_OUT),
    "settings.break": _obeying(Word.BREAK),
    "settings.resume": _obeying(Word.RESUME),
}
