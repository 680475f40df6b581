"""What Goen says about jobs in words, and the buttons that stand under many lists (pure). Cards: card_messages.py."""

from app.jobs.rules import JobFacts
from app.line.limits import Message
from app.line.messages import Action, postback_action, text_message
from app.line.postback import pack
from app.line.text import clip_words


def job_name(job: JobFacts) -> str:
    """What a sentence calls a job: its title, cut to 40 letters."""
    return clip_words(stated(job.title), 40)


def job_saved(job: JobFacts) -> Message:
    """Answer to 保存."""
    choices = [saved_list_action(), postback_action("保存を取り消す", pack("job.unsave", job=job.id))]
    return text_message(f"「{job_name(job)}」を保存しました。", choices=choices)


def job_unsaved(job: JobFacts) -> Message:
    """Answer to a taken-back 保存."""
    return text_message(f"「{job_name(job)}」の保存を取り消しました。", choices=[saved_list_action()])


def job_closed() -> Message:
    """The button of a job that has ended meanwhile, or that never was."""
    choices = [saved_list_action(), change_wishes_action()]
    return text_message("この求人は募集を終了しました。", choices=choices)


def no_fitting_jobs() -> Message:
    """No open job meets all wishes."""
    return text_message(
        "ご希望の条件にすべて合う求人は、今のところ見つかりませんでした。\n条件を少し広げると見つかることがあります。",
        choices=[change_wishes_action(), ranking_action()],
    )


def no_similar_jobs() -> Message:
    """There is no job like this one."""
    return text_message(
        "似た求人は、今のところほかにありません。", choices=[saved_list_action(), change_wishes_action()]
    )


def no_saved_jobs() -> Message:
    """The saved list is empty."""
    return text_message(
        "保存した求人はありません。気になる求人の「保存」を押すと、ここで見られます。",
        choices=[change_wishes_action()],
    )


def stated(text: str) -> str:
    """Words of a job as they stand, or that there are none: LINE refuses texts that are only spaces."""
    return text if text.strip() else "(記載なし)"


def saved_list_action() -> Action:
    """The button 保存した求人."""
    return postback_action("保存した求人", pack("job.saved"))


def ranking_action() -> Action:
    """The button 人気ランキング."""
    return postback_action("人気ランキング", pack("ranking.show"))


def change_wishes_action() -> Action:
    """The button 条件を変える."""
    return postback_action("条件を変える", pack("survey.start", name="preferences"))
