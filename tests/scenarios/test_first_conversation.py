"""F1 and F2 from end to end: signed webhooks in, calls to LINE out, on both databases."""

import pytest
from sqlalchemy import func, select

from app.db import reading
from app.friends.messages import greeting, welcome_back
from app.invention import invent
from app.jobs.models import Activity
from app.messaging.models import Attachment, InboxEvent, Message
from surveys.queries import answers_of
from tests.scenarios.people import (
    actions_in,
    answer_to,
    eventually,
    friend_row,
    labels_in,
    new_friend,
    tap,
    words,
)
from tests.stack import Stack


def test_a_new_friend_is_greeted_with_four_ways_to_go_on(stack: Stack) -> None:
    person = new_friend(stack)
    assert [words(m) for m in stack.line.messages_to(person)] == [words(m) for m in greeting()]
    labels = labels_in(stack.line.messages_to(person)[-1])
    assert labels == ["希望条件を登録(1分)", "会員連携", "求人を探す", "担当者に相談"]
    assert friend_row(stack, person).followed_at is not None


def test_the_greeting_is_one_free_reply_though_the_event_is_delivered_twice(stack: Stack) -> None:
    stack.line.set_faults({"endpoint": "webhook", "kind": "twice", "times": 1})
    person = new_friend(stack)
    stack.line.settle()
    answer_to(stack, person, "こんにちは")
    calls = [call["endpoint"] for call in stack.line.accepted() if call["to"] == person]
    assert calls == ["reply", "reply"]


def test_the_profile_is_fetched_in_the_background(stack: Stack) -> None:
    person = new_friend(stack, "架空 太郎")
    eventually(lambda: friend_row(stack, person).profile_at is not None, "the profile is kept")
    assert friend_row(stack, person).display_name == "架空 太郎"


def test_a_friend_who_comes_back_is_welcomed_shortly_and_keeps_everything(stack: Stack) -> None:
    person = new_friend(stack)
    stack.line.block(person)
    # Two events of one millisecond may arrive in either order, and then nobody can tell which was first.
    eventually(lambda: friend_row(stack, person).blocked_at is not None, "the block is known")
    stack.line.unblock(person)
    messages = stack.line.wait_for_messages(person, 3)
    assert [words(m) for m in messages[2:]] == [words(m) for m in welcome_back(has_answers=False)]
    assert friend_row(stack, person).blocked_at is None


def test_every_button_of_the_greeting_is_answered(stack: Stack) -> None:
    person = new_friend(stack)
    assert "会員情報と連携します" in words(tap(stack, person, "会員連携")[0])
    assert "担当者におつなぎします" in words(tap(stack, person, "担当者に相談")[0])
    assert "伝わっています" in words(answer_to(stack, person, "担当者と話したい")[0])
    assert tap(stack, person, "求人を探す")
    assert "1/" in words(tap(stack, person, "希望条件を登録(1分)")[0])


def test_a_person_taps_through_the_survey_and_gets_three_jobs_with_reasons(stack: Stack) -> None:
    invent(stack.settings, stack.database, jobs=3000, people=0, seed=2)
    person = new_friend(stack)
    tap(stack, person, "希望条件を登録(1分)")
    for text in (
        "看護師",
        "東京都",
        "正社員",
        "月給",
        "25万円",
        "3か月以内",
        "看護師・准看護師",
        "夜勤もできる",
    ):
        messages = answer_to(stack, person, text)
    assert "まとめ" in words(messages[-2]) or "ありがとう" in words(messages[0])
    *cards, more = messages[-1]["contents"]["contents"]
    assert len(cards) == 3
    assert [action["label"] for action in actions_in(more)] == ["もっと見る"]
    for card in cards:
        assert "看護師" in str(card)
        assert "希望の東京都" in str(card)


def test_a_job_is_looked_at_saved_and_hidden(stack: Stack) -> None:
    invent(stack.settings, stack.database, jobs=50, people=0, seed=3)
    person = new_friend(stack)
    cards = tap(stack, person, "求人を探す")
    [show, save, hide, *_] = actions_in(cards[-1]["contents"])
    assert [show["label"], save["label"], hide["label"]] == ["詳しく", "保存", "興味なし"]
    for action in (show, save, save, hide):
        before = len(stack.line.messages_to(person))
        stack.line.tap(person, action)
        stack.line.wait_for_messages(person, before + 1)
    friend = friend_row(stack, person)
    with reading(stack.database) as session:
        kinds = session.scalars(
            select(Activity.kind).where(Activity.friend_id == friend.id).order_by(Activity.id)
        )
        assert [str(kind) for kind in kinds] == ["view", "save", "hide"]


def test_the_three_words_work_at_any_time_even_inside_a_survey(stack: Stack) -> None:
    person = new_friend(stack)
    tap(stack, person, "希望条件を登録(1分)")
    assert "停止しました" in words(answer_to(stack, person, "配信停止")[0])
    assert friend_row(stack, person).opted_out_at is not None
    assert "お休みします" in words(answer_to(stack, person, "お休み")[0])
    assert friend_row(stack, person).snoozed_until is not None
    assert "再開しました" in words(answer_to(stack, person, "再開")[0])
    friend = friend_row(stack, person)
    assert (friend.opted_out_at, friend.snoozed_until) == (None, None)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("こんにちは", "お仕事探しをお手伝いします"),
        ("ありがとうございました", "いつでもどうぞ"),
        ("使い方を教えてください", "このトークでできること"),
        ("求人の探し方を教えて", "どのように探しますか"),
        ("応募状況は?", "会員連携"),
        ("いまの設定", "会員連携"),
        ("メニュー", "こちらからお選びください"),
        ("配信停止の方法は?", "会員連携"),
        ("もう送らないでください", "停止しました"),
    ],
)
def test_what_the_menu_offers_may_be_written(stack: Stack, text: str, answer: str) -> None:
    person = new_friend(stack)
    assert answer in words(answer_to(stack, person, text)[-1])


def test_what_the_bot_cannot_read_leads_to_a_person_the_second_time(stack: Stack) -> None:
    person = new_friend(stack)
    assert "読み取れません" in words(answer_to(stack, person, "ぬるぽ")[0])
    assert "担当者が読んで" in words(answer_to(stack, person, "がっ")[0])
    stack.line.say(person, "求人")  # for the person who reads it: the bot is silent
    stack.line.write(person, "image")
    stack.line.write(person, "location", address="神奈川県横浜市", latitude=35.4, longitude=139.6)
    assert "求人のお届け" in words(answer_to(stack, person, "再開")[0])
    assert labels_in(tap(stack, person, "自動の案内に戻る")[0])[2] == "求人を探す"
    assert answer_to(stack, person, "求人")


def test_every_kind_of_message_gets_a_sensible_answer(stack: Stack) -> None:
    person = new_friend(stack)
    expected = {
        "sticker": ("いつでもどうぞ", {"package_id": "446", "sticker_id": "1988"}),
        "image": ("画像", {}),
        "video": ("動画", {}),
        "audio": ("音声", {}),
        "file": ("ファイル", {}),
    }
    for kind, (said, fields) in expected.items():
        before = len(stack.line.messages_to(person))
        stack.line.write(person, kind, **fields)
        assert said in words(stack.line.wait_for_messages(person, before + 1)[before])


@pytest.mark.parametrize(
    "address", ["日本、〒231-0000 神奈川県横浜市中区架空町１丁目", "神奈川県横浜市"], ids=["full", "city"]
)
def test_a_place_brings_jobs_near_it(stack: Stack, address: str) -> None:
    invent(stack.settings, stack.database, jobs=3000, people=0, seed=2)
    person = new_friend(stack)
    before = len(stack.line.messages_to(person))
    stack.line.write(person, "location", address=address, latitude=35.4, longitude=139.6)
    answer = stack.line.wait_for_messages(person, before + 1)[before]
    assert answer["type"] == "flex"
    assert "横浜市" in str(answer["contents"])


def test_an_image_is_fetched_and_kept(stack: Stack) -> None:
    person = new_friend(stack)
    message_id = stack.line.write(person, "image")

    def kept() -> bool:
        with reading(stack.database) as session:
            query = select(Attachment.mime).join(Message, Message.attachment_id == Attachment.id)
            return session.scalars(query.where(Message.line_message_id == message_id)).first() is not None

    eventually(kept, "the image is kept")


def test_what_is_taken_back_is_gone(stack: Stack) -> None:
    person = new_friend(stack)
    message_id = stack.line.say(person, "これは消します")
    stack.line.wait_for_messages(person, 3)
    stack.line.unsend(person, message_id)

    def gone() -> bool:
        with reading(stack.database) as session:
            text, unsent_at, event_id = session.execute(
                select(Message.text, Message.unsent_at, Message.inbox_event_id).where(
                    Message.line_message_id == message_id
                )
            ).one()
            payload = session.scalars(select(InboxEvent.payload).where(InboxEvent.id == event_id)).one()
            return text is None and unsent_at is not None and payload is None

    eventually(gone, "text and payload are empty")


def test_a_group_is_left_and_nothing_of_it_is_kept(stack: Stack) -> None:
    person = new_friend(stack)
    group = stack.line.join_group()
    stack.line.say_in_group(group, person, "グループの話")
    left = f"/v2/bot/group/{group}/leave"
    eventually(
        lambda: any(each["path"] == left and each["status"] == 200 for each in stack.line.wire()), left
    )
    stack.line.settle()

    def emptied() -> bool:
        with reading(stack.database) as session:
            lanes = select(func.count()).select_from(InboxEvent).where(InboxEvent.status == "waiting")
            return session.scalars(lanes).one() == 0

    eventually(emptied, "all is handled")
    with reading(stack.database) as session:
        assert not session.scalars(select(InboxEvent.payload).where(InboxEvent.payload.contains(group))).all()
        assert not session.scalars(select(Message.id).where(Message.text == "グループの話")).all()


def test_answers_are_kept_for_the_friend(stack: Stack) -> None:
    person = new_friend(stack)
    tap(stack, person, "希望条件を登録(1分)")
    answer_to(stack, person, "看護師")
    with reading(stack.database) as session:
        assert answers_of(session, friend_row(stack, person).id)["occupation"] == "看護師"
