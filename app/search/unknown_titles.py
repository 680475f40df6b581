"""Titles that the lexicon does not hold (pure): they are taken as written, by their endings and surroundings."""

import re
from bisect import bisect

from app.search.scanning import Found, Title

_ENDINGS = (
    r"(?:士|師|員|官|工|職人|作業員|技術者|鑑定士|オペレーター|スタッフ|アシスタント|デザイナー"
    r"|ディレクター|プロデューサー|コンサルタント|アドバイザー|コーディネーター|インストラクター|トレーナー"
    r"|カウンセラー|セラピスト|ライター|マネージャー|マネジャー|プランナー|スタイリスト|クリエイター"
    r"|アナリスト|ワーカー|キャスト|クルー|アーティスト|モデラー|テクニシャン|スペシャリスト|エディター"
    r"|リサーチャー|事務|事務員|講師|助手|設計|整備|研究)"
)
_BY_ENDING = re.compile(rf"(?:[一-鿿々]|[ァ-ヺー]){{1,12}}?{_ENDINGS}(?![一-鿿々ァ-ヺー])")
_BY_SURROUNDINGS = re.compile(
    r"(?P<name>[ァ-ヺー]{3,14})(?:の(?:お?仕事|求人|募集|お?しごと)|として|になりたい|職|募集)"
)
_HINT = re.compile(rf"{_ENDINGS}|の(?:お?仕事|求人|募集)|として|になりたい|職|募集")
_NO_TITLES = re.compile(
    r"(?:会社員|社員|従業員|職員|全員|人員|定員|動員|要員|人事部員|役員|委員|部員|新入社員|正社員|派遣社員"
    r"|契約社員|店員|満員|増員|減員|欠員|議員|隊員|加工|人工|着工|完工|竣工|同士|弁士|武士|兄弟子|技師|教師"
    r"|恩師|医師|講師|スタッフ|アシスタント|ワーカー|キャスト|クルー|補助|オペレーター|事務|事務員|助手"
    r"|担当者?|先輩|上司|器官|機関|客員|人工|大工事|一員|複数名|経験|有資格者|研究|設計|整備|法整備"
    r"|環境整備|専門職|技術職|総合職|一般職|現職|前職|転職|就職|退職|求職|復職|内職|天職|無職|管理職|職"
    r"|感染|交通費補助|家賃補助)"
)
_NO_KATAKANA = frozenset(
    [
        "オススメ",
        "オシゴト",
        "シゴト",
        "バイト",
        "パート",
        "アルバイト",
        "フリー",
        "シフト",
        "スタッフ",
        "メイン",
        "サブ",
        "ダブルワーク",
        "ワーク",
        "フルタイム",
        "タイム",
        "レギュラー",
        "ビギナー",
        "ブランク",
        "サービス",
        "ハローワーク",
        "リモート",
        "テレワーク",
        "オープニング",
        "オフィス",
        "クリニック",
        "デイサービス",
        "グループホーム",
        "ショートステイ",
        "ホーム",
        "レストラン",
        "カフェ",
        "ホテル",
        "スーパー",
        "コンビニ",
        "ドラッグストア",
        "アパレル",
        "ショップ",
        "メーカー",
        "ベンチャー",
        "スタートアップ",
        "システム",
        "スキル",
        "キャリア",
        "プロ",
        "リーダー",
        "チーム",
        "サポート",
        "プライベート",
        "イベント",
        "シニア",
        "ミドル",
    ]
)


def add_unknown_titles(found: Found, text: str, tidy: str) -> None:
    """Add to the titles what looks like one and touches no known word; 貿易事務 takes the 事務 in it along."""
    if len(text) > 200 or _HINT.search(tidy) is None:
        return
    _extend_office_work(found, text, tidy)
    _by_pattern(found, tidy)


def _extend_office_work(found: Found, text: str, tidy: str) -> None:
    for title in found.titles:
        if title.name != "一般事務" or not text.startswith("事務", title.start):
            continue
        match = _RUN_BEFORE.search(tidy, _end_before(found, title.start), title.start)
        if match is not None and not _NO_PREFIX.search(match[0]):
            title.name = tidy[match.start() : title.end]
            title.start = match.start()


_RUN_BEFORE = re.compile(r"[一-鿿々ァ-ヺー]{2,8}$")
_NO_PREFIX = re.compile(
    r"(?:希望|募集|勤務|一般|職種|在住|歳|代|中|可|内|系|本社|職場|仕事|経験|有|無|週|円|万|名|人|月|年|日"
    r"|時|分|急|職|者|的|性|完全|簡単|楽|普通|普段|短期|長期|単発|固定|高給|高収入|高時給|女性|男性|主婦"
    r"|学生|扶養|扶養範囲|大手|近所|近場|地元|駅|県|市|区|町|村|病院|クリニック|オフィス|会社|スタッフ"
    r"|パート|バイト|シフト)$"
)


def _end_before(found: Found, start: int) -> int:
    return max((end for _, end in found.spans if end <= start), default=0)


def _by_pattern(found: Found, tidy: str) -> None:
    spans = sorted(found.spans)
    for pattern, group in ((_BY_ENDING, 0), (_BY_SURROUNDINGS, "name")):
        for match in pattern.finditer(tidy):
            start, end = match.span(group)
            name = tidy[start:end]
            if _is_free(spans, start, end) and not _NO_TITLES.fullmatch(name) and name not in _NO_KATAKANA:
                found.titles.append(Title(name, start, end))
                spans = sorted([*spans, (start, end)])
    found.titles.sort(key=lambda title: title.start)


def _is_free(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """True where no known word stands."""
    index = bisect(spans, (start, start))
    if index and spans[index - 1][1] > start:
        return False
    return index == len(spans) or spans[index][0] >= end
