"""What an erasure did, for the person and for whoever asks later: as data and as a page of text (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.clock import in_tokyo

TABLE_WORDS: Mapping[str, str] = {
    "activity": "閲覧・保存などの行動",
    "answer": "アンケートの回答",
    "application": "応募",
    "appointment": "予定",
    "attachment": "添付ファイル",
    "audit": "操作記録の内容",
    "conversation": "担当者との相談の記録",
    "friend": "友だちのプロフィール",
    "idempotency": "APIの応答の控え",
    "impression": "求人を表示した記録",
    "inbox_event": "LINEから届いたデータ",
    "link": "連携を解除した理由",
    "link_ticket": "連携の手続き",
    "member": "会員情報",
    "member_name": "氏名で検索するための照合値",
    "message": "いただいたメッセージ",
    "outbox_message": "お送りしたメッセージの内容",
    "placement": "就業決定の記録",
    "survey_session": "アンケートの進みぐあい",
}
KEPT_HERE = (
    (
        "配信の同意と停止の記録(日時と文面の版だけ。氏名や連絡先はありません)",
        "特定電子メール法が求める同意の証拠",
    ),
    ("操作の記録(だれが、いつ、何をしたか。内容は消去済み)", "安全管理の記録。5年で消えます"),
    ("送信の記録(日時と結果だけ。宛先と内容は消去済み)", "二重に送らないため"),
)
KEPT_ELSEWHERE = (
    ("求職管理簿", "取扱いが終わってから2年", "職業安定法"),
    ("求人管理簿", "取扱いが終わってから2年", "職業安定法"),
    ("手数料管理簿", "取扱いが終わってから2年", "職業安定法"),
)
"""What law makes the agency keep outside Goen: the paper or the file, how long, the law."""


@dataclass(frozen=True)
class Certificate:
    """One finished erasure."""

    number: int
    members: int
    friends: int
    began_at: datetime
    ended_at: datetime
    erased: Mapping[str, int]
    """Rows by table."""
    left_alone: Mapping[str, date | None]
    """placed or opted_out → the last day, None for good."""


def certificate_as_json(made: Certificate) -> dict[str, Any]:
    """The certificate as data; times are ISO 8601 in Japan's time."""
    return {
        "format": "goen-erasure/1",
        "number": made.number,
        "members": made.members,
        "friends": made.friends,
        "began_at": in_tokyo(made.began_at).isoformat(timespec="seconds"),
        "ended_at": in_tokyo(made.ended_at).isoformat(timespec="seconds"),
        "erased": dict(sorted(made.erased.items())),
        "left_alone": {kind: until and until.isoformat() for kind, until in made.left_alone.items()},
        "kept": [{"what": what, "why": why} for what, why in KEPT_HERE],
        "kept_elsewhere": [
            {"what": what, "how_long": how_long, "law": law} for what, how_long, law in KEPT_ELSEWHERE
        ],
    }


def certificate_as_text(made: Certificate) -> str:
    """The certificate as a page to print or to hand over."""
    lines = [
        "個人情報消去証明書",
        "",
        f"番号: {made.number}",
        f"対象: 会員 {made.members}件、LINEの友だち {made.friends}件",
        f"受付: {_time(made.began_at)}",
        f"完了: {_time(made.ended_at)}",
        "",
        "消去した記録",
        *(f"  {TABLE_WORDS.get(table, table)}: {count}件" for table, count in sorted(made.erased.items())),
        "",
        "ご本人を特定できない形で残る記録",
        *(f"  {what} … {why}" for what, why in KEPT_HERE),
        *_left_alone(made.left_alone),
        "",
        "法令により、Goen の外で当社が保存する書類",
        *(f"  {what}: {how_long}({law})" for what, how_long, law in KEPT_ELSEWHERE),
    ]
    return "\n".join(lines) + "\n"


def _left_alone(kinds: Mapping[str, date | None]) -> list[str]:
    lines = []
    if "placed" in kinds:
        until = kinds["placed"]
        lines.append(f"  就業された方に転職をお勧めしないための照合値 … {until}まで" if until else "")
    if "opted_out" in kinds:
        lines.append("  配信停止のご希望を守るための照合値 … 期限なし")
    return lines


def _time(at: datetime) -> str:
    return f"{in_tokyo(at):%Y-%m-%d %H:%M}"
