"""What the site says."""

from collections.abc import Mapping

PREFECTURES: Mapping[int, str] = {
    13: "東京都",
    14: "神奈川県",
    11: "埼玉県",
    12: "千葉県",
    27: "大阪府",
    23: "愛知県",
}
OCCUPATIONS = ("看護師", "介護職", "保育士", "薬剤師", "一般事務")

OUTCOMES: Mapping[str, str] = {
    "signup": "会員登録が完了しました。",
    "linked": "LINEと連携しました。トークにおすすめの求人が届きます。",
    "unlinked": "LINEとの連携を解除しました。",
    "cancelled": "LINEとの連携をやめました。いつでもやり直せます。",
    "expired": "時間が経ったか、使用済みです。もう一度はじめからお試しください。",
    "used": "時間が経ったか、使用済みです。もう一度はじめからお試しください。",
    "not_linked": "このLINEは、まだ会員情報と連携していません。ログインしてから、マイページで連携してください。",
    "line_refused": "LINEで確認できませんでした。もう一度お試しください。",
    "line_unreachable": "LINEにつながりませんでした。少し時間をおいてお試しください。",
}
"""By what Goen adds to our address as `goen`, or we ourselves as `done`."""
