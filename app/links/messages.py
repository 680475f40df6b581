"""What the bot says about ID連携 (pure)."""

from app.line.limits import Message
from app.line.messages import (
    Action,
    buttons_message,
    confirm_message,
    message_action,
    postback_action,
    text_message,
    uri_action,
    with_choices,
)
from app.line.postback import pack
from app.links.rules import Refusal

HOW_TO_UNDO = "連携は、いつでも解除できます。このトークで「連携解除」と送ってください。"


def linked_choices() -> list[Action]:
    """What a linked person can do next."""
    return [
        postback_action("求人を探す", pack("job.first")),
        postback_action("希望条件を登録(1分)", pack("survey.start", name="preferences")),
        postback_action("担当者に相談", pack("staff.ask")),
        postback_action("連携を解除", pack("link.end", source="chat")),
    ]


def linked_text(*, replaced_member: bool = False, replaced_line: bool = False) -> Message:
    """A new link: what it brings, and that it can be undone at any time. Jobs follow in the same answer."""
    member = "前の会員情報との連携は解除しました。" if replaced_member else ""
    line = "前のLINEとの連携は解除し、そのLINEにもお知らせしました。" if replaced_line else ""
    before = f"{member}{line}\n\n" if member or line else ""
    text = (
        "会員連携が完了しました。これからは、サイトでご覧になった求人や応募の状況に合わせてご案内します。\n\n"
        f"{before}{HOW_TO_UNDO}"
    )
    return text_message(text, choices=linked_choices())


def already_linked() -> list[Message]:
    """会員連携 by somebody who is linked."""
    text = f"このLINEは、すでに会員情報と連携しています。{HOW_TO_UNDO}"
    return [text_message(text, choices=linked_choices())]


def offer_link(start_url: str) -> list[Message]:
    """The way from the chat: a button that opens our page, good for ten minutes."""
    text = (
        "サイトの会員情報と連携します。サイトで見た求人や応募の状況に合わせてご案内できます。"
        "連携は、いつでも解除できます。ボタンは10分間有効です。"
    )
    return [buttons_message(text, [uri_action("会員連携をはじめる", start_url)]), code_hint()]


def code_hint() -> Message:
    """The other way: the code of one's own page at the site."""
    text = "サイトのマイページに表示されるワンタイムコード(8文字)を、このトークに送っていただいても連携できます。"
    return text_message(text)


def ask_to_unlink(source: str) -> list[Message]:
    """連携解除: asked once more, since one tap is easily slipped. `source`: chat or menu."""
    text = "会員連携を解除しますか。お聞きした希望条件や保存した求人は、このトークに残ります。"
    yes = postback_action("連携を解除する", pack("link.end.yes", source=source))
    no = postback_action("連携を続ける", pack("link.keep"))
    return [confirm_message(text, yes, no)]


def unlinked(leave_url: str | None = None) -> list[Message]:
    """The link is over. `leave_url`: where the permission that LINE Login keeps can be taken back, too."""
    text = (
        "会員連携を解除しました。サイトの会員情報に合わせたご案内は止まります。"
        "求人のお届けやご相談は、これまでどおりご利用いただけます。"
    )
    again = [
        postback_action("もう一度連携する", pack("link.ask")),
        postback_action("求人を探す", pack("job.first")),
    ]
    return _with_leave(text, again, leave_url)


def link_is_kept() -> list[Message]:
    """The person thought better of it."""
    return [
        text_message("連携を続けます。ご用があれば、いつでもお声がけください。", choices=linked_choices())
    ]


def not_linked() -> list[Message]:
    """連携解除 by somebody who is not linked."""
    text = "このLINEは、会員情報と連携していません。"
    return [text_message(text, choices=[postback_action("会員連携", pack("link.ask"))])]


def replaced_by_another(leave_url: str | None = None) -> list[Message]:
    """To the LINE that a member had before: somebody who is not them must hear of it."""
    text = (
        "この会員情報は別のLINEと連携されました。このLINEとの連携は解除されています。\n\n"
        "お心当たりがないときは、サイトのパスワードを変え、担当者にお知らせください。"
    )
    return _with_leave(text, [postback_action("担当者に相談", pack("staff.ask"))], leave_url)


def ended_elsewhere(leave_url: str | None = None) -> list[Message]:
    """The link was ended at the site or by staff."""
    text = "会員連携が解除されました。もう一度連携するときは、下のボタンからどうぞ。"
    return _with_leave(text, [postback_action("会員連携", pack("link.ask"))], leave_url)


def _with_leave(text: str, choices: list[Action], leave_url: str | None) -> list[Message]:
    """What ends, and where LINE's own permission ends, which nobody but the person can take back."""
    if leave_url is None:
        return [text_message(text, choices=choices)]
    more = "LINEログインで許可した内容も取り消せます。取り消すと、LINEヤフー株式会社にも知らされます。"
    return [
        text_message(text),
        with_choices(buttons_message(more, [uri_action("許可を取り消す", leave_url)]), choices),
    ]


def code_refused(reason: Refusal) -> list[Message]:
    """A code that does not link; it does not say more than the person needs to go on."""
    texts = {
        Refusal.EXPIRED: "コードの有効期限(10分)が切れています。サイトのマイページで新しいコードを表示してください。",
        Refusal.PAUSED: "コードの受け付けを一時止めています。30分ほどおいて、もう一度お試しください。",
    }
    unknown = "このコードでは連携できませんでした。サイトのマイページで新しいコードを表示して、もう一度送ってください。"
    return [text_message(texts.get(reason, unknown), choices=_ways_on())]


def account_link_refused() -> list[Message]:
    """LINE confirmed the person, and still there is no link: too late, used, or for somebody else."""
    text = (
        "連携できませんでした。時間が経ったか、ほかの方のためのリンクです。もう一度はじめからお試しください。"
    )
    return [text_message(text, choices=_ways_on())]


def account_link_failed() -> list[Message]:
    """To the friend whose button it was: LINE met somebody else at its page, who gets no answer from LINE or us."""
    text = (
        "連携しませんでした。LINEの確認画面に、このLINEではない方がいたためです。情報は何も変わっていません。"
        "\n\n連携のボタンは、ご自分のスマートフォンで開いてください。"
    )
    return [text_message(text, choices=_ways_on())]


def _ways_on() -> list[Action]:
    return [
        postback_action("会員連携", pack("link.ask")),
        postback_action("担当者に相談", pack("staff.ask")),
        message_action("求人を探す", "求人を探す"),
    ]
