"""Jobs as cards and in detail (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.areas import area_name, place_code
from app.jobs.messages import change_wishes_action, job_name, ranking_action, saved_list_action, stated
from app.jobs.rules import EMPLOYMENT_NAMES, JobFacts
from app.jobs.vocabulary import FLAG_NAMES, LICENCES, JobFlag
from app.jobs.wages import wage_text
from app.line.addresses import WEB, is_address
from app.line.limits import CAROUSEL_BYTES, MAX_BUBBLES, Message, json_bytes
from app.line.messages import (
    GREEN,
    GREY,
    Action,
    Component,
    box,
    bubble,
    button,
    carousel,
    flex_message,
    flex_text,
    postback_action,
    separator,
    uri_action,
    with_choices,
)
from app.line.postback import pack
from app.line.text import clip_utf16

TINT = "#E8F3EC"
MEDALS = {"1位": "#F2C94C", "2位": "#CBD3DA", "3位": "#E3AE85"}
"""Behind black letters."""
MAX_REASONS = 4


@dataclass(frozen=True)
class JobCard:
    """A job with what fits this person; each reason is true of the job."""

    job: JobFacts
    reasons: tuple[str, ...] = ()
    provisos: tuple[str, ...] = ()
    """What it is instead of what was wished; each is true of the job, too."""
    is_saved: bool = False
    apply_url: str | None = None
    """Where 応募したい leads; None: to a person."""
    badge: str | None = None
    """Stands first on the card, such as 1位."""


def job_carousel(
    cards: Sequence[JobCard],
    *,
    heading: str = "おすすめの求人",
    more: Action | None = None,
    choices: Sequence[Action] = (),
) -> Message:
    """1–12 cards side by side: the first ones, as many as LINE's limits of number and size leave room for.

    `more` stands on a card of its own at the end, and with `choices` in the quick replies.
    """
    return fitted_carousel(cards, heading=heading, more=more, choices=choices)[0]


def fitted_carousel(
    cards: Sequence[JobCard], *, heading: str, more: Action | None, choices: Sequence[Action]
) -> tuple[Message, int]:
    """The same, and how many of the cards it shows."""
    ending = [] if more is None else [_more_card(more)]
    bubbles = [*_as_many_as_fit(cards[: MAX_BUBBLES - len(ending)], ending)]
    title = clip_utf16(stated(cards[0].job.title), 80)
    rest = f" ほか{len(bubbles) - 1}件" if len(bubbles) > 1 else ""
    standing = [saved_list_action(), ranking_action(), change_wishes_action()]
    message = flex_message(
        f"{heading}{len(bubbles)}件: {title}{rest}",
        carousel([*bubbles, *ending]),
        choices=[*([] if more is None else [more]), *choices, *standing],
    )
    return message, len(bubbles)


def _as_many_as_fit(cards: Sequence[JobCard], ending: Sequence[Component]) -> Iterator[Component]:
    """The bubbles of the first cards, one at least, with room for the ending."""
    size = json_bytes(carousel(ending))
    for number, card in enumerate(cards):
        contents = _card(card)
        size += json_bytes(contents) + 1
        if number and size > CAROUSEL_BYTES:
            return
        yield contents


def job_details(card: JobCard) -> Message:
    """Everything about one job, with the way to apply."""
    job = card.job
    title = clip_utf16(stated(job.title), 120)
    body = [
        flex_text(title, size="lg", weight="bold", maxLines=4),
        flex_text(clip_utf16(stated(job.employer), 120), size="sm", color=GREY),
        flex_text(_wage(job), size="lg", weight="bold", color=GREEN),
        *_reason_block(card),
        separator(margin="lg"),
        *(_row(name, text) for name, text in _particulars(job)),
    ]
    if job.text is not None:
        body += [
            separator(margin="lg"),
            flex_text(clip_utf16(stated(job.text), 1000), size="sm", margin="lg"),
        ]
    contents = bubble(
        hero=_picture(job),
        body=box("vertical", body, spacing="sm"),
        footer=box("vertical", _detail_buttons(card), spacing="sm"),
        size="mega",
    )
    message = flex_message(clip_utf16(f"求人の詳細: {title}", 400), contents)
    return with_choices(message, [_similar_action(job), _ask_about_action(job), saved_list_action()])


def _card(card: JobCard) -> Component:
    job = card.job
    body = [
        _badges(card),
        flex_text(clip_utf16(stated(job.title), 100), weight="bold", maxLines=3, margin="md"),
        flex_text(clip_utf16(stated(job.employer), 60), size="xs", color=GREY, maxLines=2),
        flex_text(_wage(job), size="lg", weight="bold", color=GREEN, margin="md"),
        flex_text(_place(job), size="sm", maxLines=2),
        *_tag_line(job),
        *_reason_block(card),
    ]
    return bubble(
        hero=_picture(job),
        body=box("vertical", body, spacing="xs"),
        footer=box("vertical", [_show_button(card), _small_buttons(card)], spacing="sm"),
        size="kilo",
    )


def _more_card(more: Action) -> Component:
    """LINE on a computer shows no quick replies, so the way on stands beside the jobs too."""
    words = flex_text("ほかにもあります", align="center", color=GREY, size="sm")
    body = box("vertical", [words, button(more, style="primary", margin="lg")], justifyContent="center")
    return bubble(body=body, size="kilo")


def _badges(card: JobCard) -> Component:
    job = card.job
    words = [EMPLOYMENT_NAMES[job.employment], clip_utf16(stated(job.occupation), 24)]
    first = [] if card.badge is None else [_first_badge(card.badge)]
    return box("horizontal", [*first, *(_badge(word) for word in words)], spacing="sm")


def _first_badge(word: str) -> Component:
    text = flex_text(word, size="sm", weight="bold", wrap=False)
    colour = MEDALS.get(word, TINT)
    return box("vertical", [text], flex=0, backgroundColor=colour, cornerRadius="sm", paddingAll="4px")


def _badge(word: str) -> Component:
    text = flex_text(word, size="xxs", color=GREEN, wrap=False)
    return box("vertical", [text], flex=0, backgroundColor=TINT, cornerRadius="sm", paddingAll="4px")


def _tag_line(job: JobFacts) -> list[Component]:
    tags = [FLAG_NAMES[flag] for flag in JobFlag if flag in job.flags]
    return [flex_text("・".join(tags), size="xs", color=GREY, maxLines=2)] if tags else []


def _reason_block(card: JobCard) -> list[Component]:
    """What fits, and what of the wishes does not; nothing where there is nothing to say."""
    fitting = [_reason_line("✓", reason) for reason in card.reasons[:MAX_REASONS]]
    other = [_reason_line("△", proviso) for proviso in card.provisos[:MAX_REASONS]]
    if not fitting and not other:
        return []
    label = flex_text("合っている点" if fitting else "希望と違う点", size="xs", weight="bold", color=GREEN)
    return [separator(margin="lg"), box("vertical", [label, *fitting, *other], spacing="xs", margin="lg")]


def _reason_line(mark: str, words: str) -> Component:
    return flex_text(f"{mark} {clip_utf16(stated(words), 60)}", size="sm", maxLines=2)


def _particulars(job: JobFacts) -> list[tuple[str, str]]:
    rows = (
        ("職種", job.occupation),
        ("雇用形態", EMPLOYMENT_NAMES[job.employment]),
        ("勤務地", _place(job)),
        ("勤務時間", job.hours),
        ("休日", job.holidays),
        ("必要資格", "・".join(name for name in LICENCES if name in job.licences)),
        ("特徴", "・".join(FLAG_NAMES[flag] for flag in JobFlag if flag in job.flags)),
    )
    return [(name, text) for name, text in rows if text and text.strip()]


def _row(name: str, text: str) -> Component:
    label = flex_text(name, size="sm", color=GREY, flex=2)
    return box("horizontal", [label, flex_text(clip_utf16(text, 300), size="sm", flex=5)], margin="md")


def _detail_buttons(card: JobCard) -> list[Component]:
    return [button(_apply_action(card), style="primary"), _small_buttons(card)]


def _apply_action(card: JobCard) -> Action:
    url = card.apply_url
    if url is not None and len(url) <= 1000 and is_address(url, WEB):
        return uri_action("応募したい", url)
    said = f"「{job_name(card.job)}」に応募したい"
    return postback_action("応募したい", pack("job.apply", job=card.job.id), display_text=said)


def _similar_action(job: JobFacts) -> Action:
    return postback_action(
        "似た求人", pack("job.similar", job=job.id), display_text=f"「{job_name(job)}」に似た求人"
    )


def _ask_about_action(job: JobFacts) -> Action:
    said = f"「{job_name(job)}」について相談したい"
    return postback_action("この求人を相談", pack("job.ask", job=job.id), display_text=said)


def _show_button(card: JobCard) -> Component:
    said = f"「{job_name(card.job)}」を詳しく"
    return button(
        postback_action("詳しく", pack("job.show", job=card.job.id), display_text=said), style="primary"
    )


def _small_buttons(card: JobCard) -> Component:
    job = card.job
    if card.is_saved:
        save = postback_action("保存を取消", pack("job.unsave", job=job.id))
    else:
        save = postback_action("保存", pack("job.save", job=job.id))
    hide = postback_action("興味なし", pack("job.hide", job=job.id))
    return box("horizontal", [button(save, style="secondary"), button(hide, style="secondary")], spacing="sm")


def _picture(job: JobFacts) -> Component | None:
    url = job.image_url
    if url is None or len(url) > 1000 or not is_address(url, {"https"}):
        return None
    return {"type": "image", "url": url, "size": "full", "aspectRatio": "20:11", "aspectMode": "cover"}


def _wage(job: JobFacts) -> str:
    return wage_text(job.wage_type, job.wage_min, job.wage_max)


def _place(job: JobFacts) -> str:
    where = area_name(place_code(job.prefecture, job.city), full=True)
    more = "ほか" if len(job.prefectures) > 1 else ""
    site = f" {clip_utf16(job.worksite, 80)}" if job.worksite and job.worksite.strip() else ""
    return f"{where}{more}{site}"
