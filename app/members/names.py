"""Names as they are looked for (pure): whoever types 山田, はなこ, ﾔﾏﾀﾞ or 髙橋 finds the same people as by 高橋."""

import unicodedata

MOST_PARTS = 6
"""Of a name; the whole is found by all of it."""
_HIRAGANA = {code: code - 0x60 for code in (*range(ord("ァ"), ord("ヶ") + 1), ord("ヽ"), ord("ヾ"))}
VARIANTS = (
    "高髙 崎﨑嵜 辺邊邉 斉齊斎齋 浜濱濵 沢澤 島嶋嶌 桜櫻 広廣 国國圀 徳德 恵惠 "
    "真眞 竜龍 滝瀧 蔵藏 栄榮 条條 浅淺 実實 寿壽 将將 増增 槙槇 瀬瀨 黒黑 吉𠮷 "
    "曽曾 静靜 礼禮 弥彌 桑桒 富冨 岳嶽 峰峯 館舘 郎郞 青靑 円圓 与與 会會 呉吳 "
    "戸戶户 内內 緒緖 禄祿 穂穗 豊豐 児兒 来來 荘莊 桧檜 応應 鉄鐵 塩鹽 関關 "
    "総總 寛寬 鴎鷗 昇曻 渕淵 梅楳 松柗枩 船舩 恒恆 遥遙 亜亞 巌巖 鶴靏靍 昂昻 "
    "教敎 清淸 頼賴 薫薰 尭堯 凛凜 野埜 杉杦 萌萠 万萬 学學 芸藝 誉譽 穣穰 砺礪 "
    "涼凉 柳栁 衛衞 群羣 翠翆 "
)
"""Spellings of one sign in names, the common one first: forms and keyboards differ in which of them they know."""
_SIGNS = {ord(other): group[0] for group in VARIANTS.split() for other in group[1:]}
_SELECTORS = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
"""They choose the drawing of the sign before them (辻 with one dot or two), which nobody types in a search."""
_ONE_SPELLING = {**_HIRAGANA, **_SIGNS, **_SELECTORS}


def words_of_name(text: str) -> list[str]:
    """The words between spaces, each once, in one spelling: NFKC, small letters, hiragana, common signs."""
    return list(dict.fromkeys(_folded(text).split()))


def whole_name(text: str) -> str:
    """All of it in the same spelling, without spaces; empty when there is nothing but spaces."""
    return "".join(_folded(text).split())


def spellings_of_name(text: str) -> list[str]:
    """What a name is found by, each once: the whole, and each of its first parts."""
    spellings = [whole_name(text), *words_of_name(text)[:MOST_PARTS]]
    return [each for each in dict.fromkeys(spellings) if each]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_ONE_SPELLING)
