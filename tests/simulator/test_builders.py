"""Whatever Goen's builders make, the platform takes; whatever is over a limit, it refuses."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.friends import messages as friends
from app.handoff import messages as handoff
from app.jobs import feedback_messages as feedback
from app.jobs import messages as jobs
from app.jobs.card_messages import JobCard, job_carousel, job_details
from app.jobs.rules import JobFacts
from app.line import messages
from app.line.limits import Message, MessageRefused
from app.simulator.checks.sendable import error_body
from surveys import messages as surveys
from surveys.area_menu import Page
from surveys.loading import shipped_surveys
from surveys.rules import Sheet, State, Value
from surveys.schema import Question, QuestionType
from tests.jobs.test_job_messages import JOBS, WILD
from tests.simulator.reference import PICTURE, bubble, flex, postback, template, text

QUICK = settings(max_examples=30, deadline=None)
SHIPPED = [(survey, question) for survey in shipped_surveys().values() for question in survey.questions]


def refusal(*sent: Message) -> Any:
    """What the platform says about each, sent one by one, as it would have been read from the wire."""
    answers = [error_body("push", {"to": "x", "messages": [json.loads(json.dumps(one))]}) for one in sent]
    return next(filter(None, answers), None)


labels = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | WILD
days = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str)
addresses = st.sampled_from(
    (
        "https://example.com/",
        "tel:0300000000",
        "line://nv/chat",
        "http://a.example/?q=%E8",
        "https://",
        "ftp://a.b/",
    )
) | st.text(max_size=40).map("https://example.com/{}".format)
actions = st.one_of(
    st.builds(
        messages.postback_action, labels, st.text(min_size=1, max_size=310), display_text=st.none() | labels
    ),
    st.builds(messages.message_action, labels, st.none() | labels),
    st.builds(messages.uri_action, labels, addresses),
    st.builds(messages.date_picker_action, labels, labels, initial=days),
)
choices = st.lists(actions, max_size=14)
words = st.text(min_size=1, max_size=60) | WILD
sizes = st.sampled_from(("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"))
parts = st.one_of(
    words.map(messages.flex_text),
    actions.map(messages.button),
    st.just(messages.separator(margin="md")),
)
bodies = st.lists(parts, max_size=6).map(lambda inner: messages.box("vertical", inner))
bubbles = st.builds(messages.bubble, body=bodies, footer=st.none() | bodies, size=sizes)
BUILDERS = [
    pytest.param(lambda draw: messages.text_message(draw(words), choices=draw(choices)), id="text"),
    pytest.param(
        lambda draw: messages.confirm_message(draw(words), draw(actions), draw(actions)), id="confirm"
    ),
    pytest.param(
        lambda draw: messages.buttons_message(draw(words), draw(choices), title=draw(st.none() | words)),
        id="buttons",
    ),
    pytest.param(lambda draw: messages.flex_message(draw(words), draw(bubbles)), id="bubble"),
    pytest.param(
        lambda draw: messages.flex_message(
            draw(words), messages.carousel(draw(st.lists(bubbles, max_size=13)))
        ),
        id="carousel",
    ),
]


@pytest.mark.parametrize("build", BUILDERS)
@QUICK
@given(data=st.data())
def test_what_a_builder_returns_is_taken(build: Callable[..., Message], data: st.DataObject) -> None:
    try:
        message = build(data.draw)
    except MessageRefused:
        return
    assert refusal(message) is None


@QUICK
@given(found=st.lists(JOBS, min_size=1, max_size=12), reasons=st.lists(WILD, max_size=8))
def test_messages_about_any_jobs_are_taken(found: list[JobFacts], reasons: list[str]) -> None:
    cards = [JobCard(job, tuple(reasons), is_saved=job.id % 2 == 0) for job in found]
    one = found[0]
    about = (jobs.job_saved, jobs.job_unsaved, feedback.job_hidden, feedback.job_unhidden)
    assert refusal(job_carousel(cards), job_details(cards[0]), *(build(one) for build in about)) is None


pages = st.builds(
    Page,
    region=st.none() | st.integers(-1, 9),
    prefecture=st.none() | st.integers(0, 48),
    number=st.integers(0, 12),
)


def value_for(question: Question) -> st.SearchStrategy[Value]:
    """An answer as it is stored."""
    options = [option.value for option in question.options]
    if question.type is QuestionType.MULTI:
        return st.lists(st.sampled_from(options), unique=True)
    if options:
        return st.sampled_from(options)
    if question.type is QuestionType.DATE:
        return st.just("2026-12-01")
    return st.none()


@st.composite
def sheets(draw: st.DrawFn) -> tuple[Sheet, Question]:
    """Somebody in the middle of a shipped survey."""
    survey, question = draw(st.sampled_from(SHIPPED))
    answers = {each.key: draw(value_for(each)) for each in survey.questions if draw(st.booleans())}
    options = [option.value for option in question.options]
    draft = draw(st.lists(st.sampled_from(options), unique=True)) if options else []
    sheet = Sheet(
        session_id=draw(st.integers(1, 10**18)),
        friend_id=1,
        version=draw(st.integers(1, 9999)),
        survey=survey,
        state=State.ASKING,
        question_key=question.key,
        answers=answers,
        draft=tuple(draft) if question.type is QuestionType.MULTI else (),
        last_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return sheet, question


@QUICK
@given(asked=sheets(), lead=st.text(max_size=100), page=pages)
def test_whatever_a_survey_says_is_taken(asked: tuple[Sheet, Question], lead: str, page: Page) -> None:
    sheet, question = asked
    said = [
        surveys.question_message(sheet, question, lead=lead, page=page),
        surveys.hint_message(sheet, question, "ヒント"),
        surveys.already_answered_message(sheet, question),
        surveys.resume_offer(sheet),
        surveys.stopped_message(sheet),
        *surveys.finished_messages(sheet),
        *surveys.already_finished_messages(sheet),
    ]
    assert refusal(*said) is None


FIXED: Sequence[Message] = [
    *friends.greeting(),
    *friends.welcome_back(has_answers=True),
    *friends.opted_out(),
    *friends.on_break(datetime(2026, 12, 1, tzinfo=UTC)),
    *friends.resumed(),
    *friends.not_understood(),
    *friends.thanks_for("写真"),
    *friends.small_talk(),
    *friends.linking_is_off(),
    *friends.button_is_old(),
    *(each for why in (None, "not_understood", "asked") for each in handoff.person_will_answer(why)),
    *handoff.back_to_bot(),
    *(jobs.job_closed(), jobs.no_fitting_jobs(), jobs.no_saved_jobs(), feedback.hide_reason_noted(1)),
    *(
        feedback.wishes_changed("夜勤なし", "v1:wish.undo?from=1&to=2"),
        feedback.wishes_changed("夜勤なし", None),
    ),
    *(
        feedback.wishes_kept(),
        feedback.wishes_restored(is_undone=True),
        feedback.wishes_restored(is_undone=False),
    ),
    *(surveys.unknown_button_message(), surveys.unknown_survey_message()),
]


def test_fixed_messages_are_taken() -> None:
    assert refusal(*FIXED) is None


def with_reply(field: str, value: str) -> Message:
    action = postback("はい") | {field: value}
    return text(quickReply={"items": [{"type": "action", "action": action}]})


LIMITS: list[Any] = [
    pytest.param(text, 5000, "utf16", id="text"),
    pytest.param(lambda said: {"type": "textV2", "text": said}, 5000, "utf16", id="textV2"),
    pytest.param(lambda said: flex(bubble(), altText=said), 1500, "utf16", id="altText"),
    pytest.param(lambda said: with_reply("label", said), 20, "grapheme", id="a quick reply's label"),
    pytest.param(lambda said: with_reply("displayText", said), 300, "grapheme", id="displayText"),
    pytest.param(lambda said: with_reply("data", said), 300, "utf16", id="data"),
    pytest.param(
        lambda said: template(type="confirm", text=said, actions=[postback("a")] * 2),
        240,
        "grapheme",
        id="a confirm's text",
    ),
    pytest.param(
        lambda said: template(type="buttons", title=said, text="x", actions=[postback("a")]),
        40,
        "grapheme",
        id="a title",
    ),
    pytest.param(
        lambda said: template(
            type="image_carousel", columns=[{"imageUrl": PICTURE, "action": postback(said)}]
        ),
        12,
        "grapheme",
        id="a square's label",
    ),
    pytest.param(
        lambda said: flex(bubble({"type": "button", "action": postback(said)})),
        40,
        "grapheme",
        id="a Flex label",
    ),
]
LETTERS = {
    "utf16": (("a", 1), ("あ", 1), ("🍎", 2), ("𠮷", 2)),
    "grapheme": (("a", 1), ("👨‍👩‍👧", 1), ("が", 1)),
}


@pytest.mark.parametrize(("build", "most", "unit"), LIMITS)
@QUICK
@given(data=st.data())
def test_a_length_is_taken_up_to_its_limit_and_refused_beyond(
    build: Callable[[str], Message], most: int, unit: str, data: st.DataObject
) -> None:
    letter, length = data.draw(st.sampled_from(LETTERS[unit]))
    fitting = data.draw(st.integers(1, most // length) | st.just(most // length))
    beyond = data.draw(st.integers(1, 50))
    assert refusal(build(letter * fitting)) is None
    assert refusal(build(letter * (most // length + beyond))) is not None


COUNTS: list[Any] = [
    pytest.param(
        lambda n: text(quickReply={"items": [{"type": "action", "action": postback("a")}] * n}),
        13,
        id="chips",
    ),
    pytest.param(lambda n: flex({"type": "carousel", "contents": [bubble()] * n}), 12, id="bubbles"),
    pytest.param(lambda n: template(type="buttons", text="x", actions=[postback("a")] * n), 4, id="buttons"),
    pytest.param(
        lambda n: template(type="carousel", columns=[{"text": "x", "actions": [postback("a")]}] * n),
        10,
        id="columns",
    ),
]


@pytest.mark.parametrize(("build", "most"), COUNTS)
@QUICK
@given(count=st.integers(0, 40))
def test_a_number_is_taken_from_one_up_to_its_limit(
    build: Callable[[int], Message], most: int, count: int
) -> None:
    assert (refusal(build(count)) is None) is (1 <= count <= most)
