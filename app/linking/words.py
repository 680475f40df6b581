"""What the pages of linking say (pure)."""

from typing import NamedTuple

from app.links.rules import Refusal
from app.tracking.rules import Refusal as LinkRefusal


class Words(NamedTuple):
    """A page of words: what happened, what it means, what to do."""

    title: str
    text: str
    to_do: str = ""


_AGAIN_AT_SITE = "サイトに戻り、もう一度はじめからお試しください。"
_AGAIN_IN_CHAT = (
    "トークに戻り、「会員連携」からもう一度お試しください。サイトから始めた方は、サイトに戻ってください。"
)

_WORDS = {
    Refusal.UNKNOWN: Words(
        "このページは開けません",
        "アドレスが途中で切れているか、まちがっている可能性があります。",
        _AGAIN_IN_CHAT,
    ),
    Refusal.EXPIRED: Words(
        "時間が経ちました", "安全のため、このページは10分で使えなくなります。", _AGAIN_IN_CHAT
    ),
    Refusal.USED: Words("このページは使用済みです", "安全のため、一度しか使えません。", _AGAIN_IN_CHAT),
    Refusal.OTHER_CHANNEL: Words(
        "連携できませんでした", "別の公式アカウントのためのページです。", _AGAIN_AT_SITE
    ),
    Refusal.OTHER_FRIEND: Words("連携できませんでした", "ほかの方のためのページです。", _AGAIN_IN_CHAT),
    Refusal.OTHER_BROWSER: Words(
        "連携できませんでした",
        "始めたときと違うブラウザーで開かれたか、時間が経ちました。情報は何も変わっていません。",
        "サイトを開いたブラウザーで、もう一度はじめからお試しください。",
    ),
    Refusal.MEMBER_GONE: Words(
        "会員情報が見つかりません", "退会されたか、まだ登録が済んでいない可能性があります。", _AGAIN_AT_SITE
    ),
    Refusal.NOT_A_FRIEND: Words(
        "連携できませんでした",
        "公式アカウントを友だちに追加すると、連携できます。",
        "友だちに追加してから、トークの「会員連携」をお試しください。",
    ),
    Refusal.NOT_LINKED: Words(
        "まだ連携していないLINEです",
        "このLINEと連携している会員情報が見つかりませんでした。",
        "メールアドレスなど、いつもの方法でログインし、マイページから連携してください。",
    ),
    Refusal.CANCELLED: Words(
        "キャンセルしました", "LINEとは連携していません。情報は何も変わっていません。", ""
    ),
    Refusal.LINE_REFUSED: Words(
        "LINEで確認できませんでした",
        "LINEからの答えを確かめられませんでした。情報は何も変わっていません。",
        _AGAIN_AT_SITE,
    ),
    Refusal.LINE_UNREACHABLE: Words(
        "LINEにつながりませんでした",
        "LINEが混み合っているか、応答がありません。",
        "少し時間をおいて、もう一度お試しください。",
    ),
    Refusal.TOO_MANY: Words(
        "いったん止めています",
        "LINEで確認できないことが続いたためです。情報は何も変わっていません。",
        "10分ほどおいて、もう一度はじめからお試しください。",
    ),
    Refusal.RETURN_ADDRESS: Words(
        "このページは開けません", "戻り先のアドレスが、求人サイトのものではありません。", _AGAIN_AT_SITE
    ),
    Refusal.OFF: Words(
        "まだご利用いただけません", "この公式アカウントでは、LINEでの連携の準備ができていません。", ""
    ),
}
_OTHERWISE = Words("連携できませんでした", "情報は何も変わっていません。", _AGAIN_AT_SITE)

DONE = Words(
    "あと少しで完了です",
    "LINEの画面で「連携する」を押すと、トークに「会員連携が完了しました」と届きます。",
    "1分ほど待っても届かないときは、時間切れか、ほかの方のリンクです。トークの「会員連携」からもう一度お試しください。",
)
CAME_BY_ROUTE = Words(
    "ありがとうございます",
    "LINEで確認できました。トークを開くと、求人のご案内が届きます。",
    "お届けが不要になったら、トークで「配信停止」と送ってください。",
)
LEFT = Words(
    "許可を取り消しました",
    "LINEログインでの許可を取り消しました。このことは、LINEヤフー株式会社にも知らされました。",
    "もう一度連携するときは、トークの「会員連携」か、サイトのマイページからどうぞ。",
)
_IN_CHAT = "LINEのトークに戻り、「おすすめ」と送ってみてください。"
_LINK_WORDS = {
    LinkRefusal.UNKNOWN: Words(
        "このページは開けません",
        "アドレスが途中で切れているか、まちがっている可能性があります。",
        "LINEのトークに戻り、ボタンをもう一度押してください。",
    ),
    LinkRefusal.EXPIRED: Words(
        "このリンクの期限が過ぎました", "求人のリンクは、お届けから30日で使えなくなります。", _IN_CHAT
    ),
    LinkRefusal.CLOSED: Words(
        "この求人は募集を終了しました",
        "ご覧いただき、ありがとうございます。",
        f"ほかの求人もあります。{_IN_CHAT}",
    ),
    LinkRefusal.NO_PAGE: Words(
        "この求人の応募ページはありません",
        "担当者が代わりにご案内します。",
        "LINEのトークに戻り、「担当者に相談」と送ってください。",
    ),
}


def words_for_link(reason: LinkRefusal) -> Words:
    """What a person reads whose button leads nowhere any more."""
    return _LINK_WORDS[reason]


def words_for(reason: Refusal) -> Words:
    """What a person reads of a refusal."""
    return _WORDS.get(reason, _OTHERWISE)
