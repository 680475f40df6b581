"""What Goen says to a 興味なし: why, what to change, what was changed (pure)."""

from collections.abc import Sequence

from app.jobs.feedback import Aim, WishChange
from app.jobs.messages import change_wishes_action, job_name
from app.jobs.rules import HideReason, JobFacts
from app.line.limits import Message
from app.line.messages import Action, postback_action, text_message
from app.line.postback import pack
from app.line.text import clip_utf16, clip_words

HIDE_REASON_NAMES = {
    HideReason.WAGE: "給与が合わない",
    HideReason.PLACE: "場所が合わない",
    HideReason.HOURS: "時間が合わない",
    HideReason.WORK: "仕事内容が違う",
    HideReason.OTHER: "そのほか",
}
THANKS = "教えていただき、ありがとうございます。"


def job_hidden(job: JobFacts) -> Message:
    """Answer to 興味なし: asks why, and offers the way back."""
    why = [
        postback_action(name, pack("job.hide", job=job.id, reason=reason.value))
        for reason, name in HIDE_REASON_NAMES.items()
    ]
    text = f"承知しました。「{job_name(job)}」は今後表示しません。\nよろしければ、理由を教えてください。"
    return text_message(text, choices=[unhide_action(job.id), *why])


def hide_reason_noted(job_id: int) -> Message:
    """Answer to a reason from which no wish follows."""
    text = f"{THANKS}今後の参考にいたします。"
    return text_message(text, choices=[more_jobs_action(), change_wishes_action(), unhide_action(job_id)])


def change_proposed(job_id: int, changes: Sequence[WishChange]) -> Message:
    """Answer to a reason: whether a wish is to be changed, or which one; nothing is changed by itself."""
    no = postback_action("いいえ", pack("wish.keep"), display_text="希望条件はこのままにする")
    undo = unhide_action(job_id)
    if len(changes) == 1:
        [change] = changes
        text = f"{THANKS}\n{_question(change)}"
        yes = postback_action("はい", _data(job_id, change), display_text=_said(change))
        return text_message(text, choices=[yes, no, undo])
    text = f"{THANKS}\nどれかを希望条件に加えますか？"
    ways = [
        postback_action(change.words, _data(job_id, change), display_text=_said(change)) for change in changes
    ]
    return text_message(text, choices=[*ways, no, undo])


def wishes_changed(what: str, undo_data: str | None) -> Message:
    """The wish holds from now on; `undo_data` is None when it held before."""
    said = "希望条件を変えました。" if undo_data else "すでに希望条件に入っています。"
    undo = [postback_action("元に戻す", undo_data)] if undo_data else []
    choices = [more_jobs_action(), *undo, change_wishes_action(), extras_action()]
    return text_message(f"{said}\n・{clip_utf16(what, 1000)}", choices=choices)


def wishes_kept() -> Message:
    """いいえ: nothing changes."""
    return text_message(
        "承知しました。希望条件はこのままにします。", choices=[more_jobs_action(), change_wishes_action()]
    )


def wishes_restored(*, is_undone: bool) -> Message:
    """元に戻す; a wish that was changed again since stays as it is."""
    text = (
        "希望条件を元に戻しました。"
        if is_undone
        else "この条件は、その後に変わっています。元には戻しません。"
    )
    return text_message(text, choices=[more_jobs_action(), change_wishes_action(), extras_action()])


def job_unhidden(job: JobFacts) -> Message:
    """Answer to a taken-back 興味なし."""
    show = postback_action("詳しく", pack("job.show", job=job.id))
    return text_message(f"取り消しました。「{job_name(job)}」はまた表示されます。", choices=[show])


def unhide_action(job_id: int) -> Action:
    """The button 取り消す."""
    return postback_action("取り消す", pack("job.unhide", job=job_id))


def more_jobs_action() -> Action:
    """The button おすすめを見る."""
    return postback_action("おすすめを見る", pack("job.first"))


def extras_action() -> Action:
    """The button こだわり条件: what is wished or avoided besides the 希望条件."""
    return postback_action("こだわり条件", pack("survey.start", name="extras"))


def _data(job_id: int, change: WishChange) -> str:
    values: dict[str, str | int] = {"job": job_id, "aim": change.aim.value}
    if change.aim is not Aim.OCCUPATION:  # which is read from the job: it may be too long for a button
        values["v"] = change.value
    if change.wage_type is not None:
        values["unit"] = change.wage_type.value
    return pack("wish.change", **values)


def _question(change: WishChange) -> str:
    if change.aim in {Aim.WAGE, Aim.FLAG}:
        return f"今後は「{change.words}」の求人に絞りますか？"
    return f"今後、「{clip_words(change.words.removesuffix('を除く'), 100)}」の求人を除きますか？"


def _said(change: WishChange) -> str:
    return f"希望条件に加える：{clip_words(change.words, 60)}"
