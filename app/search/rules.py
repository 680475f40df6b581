"""Whether a typed text is a request for jobs at all (pure)."""

import re

from app.search.folding import folded, tidied
from app.search.query import JobQuery

LONGEST = 300
"""Longer texts are letters to somebody, unless they ask for jobs in so many words."""

_ASKS = re.compile(
    r"求人|仕事|しごと|働きたい|働ける|働きま|働けま|探し|さがし|募集(?!してい)|転職|就職|希望|紹介し"
    r"|ありますか|ありませんか|ないですか|ないかな|ある\?|ない\?|お願い|おねがい|したい|やりたい|なりたい"
    r"|がいい|が良い|欲しい|ほしい"
)
_TALKS = re.compile(
    r"面接|面談|応募(?:し|の結果|先|書類)|選考|書類|結果|内定|日程|履歴書|職務経歴|予約|きゃんせる|辞退"
    r"|電話番号|住所|登録(?:した|し直|情報|を|内容)|退会|入社(?!祝)|初出勤|給料日|給与明細|源泉|欠勤|遅れ|遅刻"
    r"|休みます|休ませ|届き|届か|行けなく|先日|先ほど|先程|さっき|ありがとう|すみません(?:が|、|。)?(?:遅"
    r"|今日|明日)"
)
"""Words about something that is going on already: only a plain question for jobs outweighs them."""
_MAY_TALK = re.compile(
    r"明日|今日|昨日|来週|今週|先週|いつ(?:です|まで|頃|ごろ|に)|何時(?:から|に|です)|どこですか|どなた"
    r"|担当|問い?合わせ|連絡(?:先|が|は|くだ|下さ|して|まだ)|承知|了解|かしこまり|引っ?越"
)
_STATES = re.compile(
    r"(?:働いて(?:い)?(?:ます|る|ました|た)|住んで(?:い)?(?:ます|る)|でした|ました|と申します|といいます"
    r"|と言います)(?:。|!|$)"
)
_ASKS_PLAINLY = re.compile(
    r"求人(?:は|を|が|あり|探|ない|教|お)|仕事(?:は|を|が)?(?:あり|探|ない|さが|教|紹介|した)|働きたい"
    r"|探して|さがして|募集(?:あり|して(?:い)?ませんか|はあり)"
)


def is_request(query: JobQuery, text: str) -> bool:
    """True if the words ask for jobs: something to look for was said, and it is no talk about something else.

    A time of travel or a number of days alone is an answer or small talk: 30分後に着きます.
    """
    if not _says_what(query):
        return False
    plain = folded(tidied(text))
    if _TALKS.search(plain):
        return _ASKS_PLAINLY.search(plain) is not None
    if (
        _STATES.search(plain)
        or len(plain) > LONGEST
        or (_MAY_TALK.search(plain) and not _says_which_job(query))
    ):
        return _ASKS.search(plain) is not None
    return True


def _says_which_job(query: JobQuery) -> bool:
    return bool(query.occupation or query.employment or query.salary_unit)


def _says_what(query: JobQuery) -> bool:
    return bool(
        query.pref
        or query.city
        or query.exclude_area
        or query.occupation
        or query.exclude_occupation
        or query.employment
        or query.salary_unit
        or query.flags
        or (query.station and query.commute_min)
        or (query.days_per_week and query.commute_min)
    )
