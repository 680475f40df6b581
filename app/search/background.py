"""What a text names only to say where or who one is, taken out again (pure): 看護師をしていますが事務に転職したい."""

import re
from itertools import pairwise

from app.search.scanning import LISTED, Employed, Found

_WEAK_TITLES = frozenset(
    {"学童", "物流", "えすてさろん", "工場", "倉庫", "厨房", "きっちん", "製造業", "看護", "介護", "保育"}
)
_OF = re.compile(r"(?:内|業界|関係|系)?(?:の|で|での)")
_WAS = re.compile(
    # 看護師でした, 看護師だったけど
    r"でした|だった|(?:だ|です|なん(?:だ|です))(?:が|けど|けれど)"
    # 看護師をしていました, 看護師をしていますが, 看護師の仕事をしていて; 看護師をしている友人 is no such end
    r"|を(?:し|やっ)て(?:い)?ました|をして(?:い)?た"
    r"|の?(?:お?仕事)?を?(?:し|やっ)て(?:(?:い|お)?(?:ます|る|り(?:ます)?)(?=[。、\s]|が|けど|けれど|ので|んですが)"
    r"|いて|おり)"
    r"|として(?:働いて|勤務して)(?:(?:い)?(?:ました|た|ます|る)(?:が|けど|けれど|[。、])|いて|おり)"
    # 看護師は嫌じゃないけど介護がいい
    r"|(?:は|が|も)(?:嫌い?|いや)(?:じゃ|では?)(?:ない|ありません)(?:ん?です)?(?:が|けど|けれど)"
    # 看護師の資格を活かして, 看護師の経験あり
    r"|(?:の)?(?:資格|免許)(?:を|が|は|も)?(?:活|生|いか|持|もっ|あり|有|保有|取得|ある)"
    r"|(?:の)?経験(?:あり|有|を?活|を?生|者|が?あ)"
)
_FROM = re.compile(
    r"(?:職|業|の仕事)?(?:から|を辞めて|をやめて|辞めて|やめて|を退職して|からの転職で"
    r"|から転職して)、?(?:異業種の|別の)?"
)
_ONCE = re.compile(r"(?:元|前職は|前職が|以前は|前は|今は|いまは|現在は|現職は|今|現在|いま)$")
_BUT = re.compile(
    r"(?:で|として)?(?:です|だ|働いて(?:い)?(?:ます|る)|勤務(?:です|中です)?|でした|だった)(?:が|けど"
    r"|けれど|ので|から)"
)
_WORKS_SO = re.compile(
    r"(?:社員)?で?(?:勤務中|勤務ですが|(?:働い|勤め|勤務し|仕事を?し|やっ|[一-鿿ァ-ヺー]{1,6}を?(?<![探望討募索談])し)"
    r"て(?:い|お)?(?:ます|る|り))"
)
"""派遣で事務してますが: what follows says what is wanted instead."""
_SEEKS = re.compile(r"[^、。\s]{0,5}(?:探|さが|希望|検討|考え|がい|が良)")
_SAID_OF = frozenset({"", "の", "で"})


def drop_background(found: Found, text: str) -> None:
    """Take out the titles and kinds of employment that one has or had, or that belong to a refused title."""
    _drop_surroundings(found, text)
    found.employment = [each for each in found.employment if not _is_left_behind(each, text)]
    _drop_former_employment(found, text)
    _drop_refused_employment(found, text)


def _drop_surroundings(found: Found, text: str) -> None:
    """工場の事務, 看護師の資格を活かして事務, 介護職から事務に: the first of two titles."""
    for each, following in pairwise(list(found.titles)):
        if each.is_excluded or following.is_excluded:
            continue
        was = _WAS.match(text, each.end) or _stands_after_now(each.start, text)
        is_weak = text[each.start : each.end] in _WEAK_TITLES and _OF.fullmatch(
            text, each.end, following.start
        )
        if is_weak or was or _FROM.fullmatch(text, each.end, following.start):
            found.titles.remove(each)


def _stands_after_now(start: int, text: str) -> bool:
    return _ONCE.search(text, max(0, start - 5), start) is not None


def _is_left_behind(each: Employed, text: str) -> bool:
    """今は派遣ですが."""
    return _stands_after_now(each.start, text) and _BUT.match(text, each.end) is not None


def _drop_former_employment(found: Found, text: str) -> None:
    """今は派遣で事務してますが正社員: the kind in which one works now, where another one is named after it."""
    for each, following in pairwise(list(found.employment)):
        if each.kind is following.kind or LISTED.fullmatch(text, each.end, following.start):
            continue
        is_now = _stands_after_now(each.start, text) and not _SEEKS.match(text, each.end)
        if is_now or _WORKS_SO.match(text, each.end, following.start):
            found.employment.remove(each)


def _drop_refused_employment(found: Found, text: str) -> None:
    """パートの看護師ではなく正社員の看護師: the kind was said of the refused one alone."""
    wanted = {title.name for title in found.titles if not title.is_excluded}
    refused = [title for title in found.titles if title.is_excluded and title.name in wanted]
    found.employment = [
        each
        for each in found.employment
        if not any(each.end <= title.start and text[each.end : title.start] in _SAID_OF for title in refused)
    ]
