"""Words that a survey must not contain (pure).

The topics follow 職業安定法 5条の5 and its guideline: what is not needed for placing people is not asked.
Money and gifts for applying must not be promised anywhere.
"""

import re
import unicodedata

FORBIDDEN_TOPICS = (
    *(
        "本籍",
        "出生地",
        "出身地",
        "出身国",
        "国籍",
        "人種",
        "民族",
        "門地",
        "社会的身分",
        "家柄",
        "部落",
        "同和",
    ),
    *("家族構成", "家族の職業", "親の職業", "家族の収入", "家族の学歴", "家族の病", "兄弟", "姉妹", "続柄"),
    *("配偶者", "結婚の予定", "出産の予定", "妊娠", "住宅状況", "間取り", "近隣の施設", "生活環境"),
    *("思想", "信条", "宗教", "信仰", "人生観", "尊敬する人", "愛読書", "購読新聞", "性的指向"),
    *("支持政党", "政党", "政治", "選挙", "投票", "学生運動", "社会運動", "市民運動"),
    *("労働組合", "組合活動", "組合員", "病歴", "既往歴", "障害の有無", "障害者手帳", "犯罪歴", "前科"),
    *("借金", "資産"),
)
GIFT_WORDS = ("祝い金", "祝金", "ギフト券", "ギフトカード")


def forbidden_words(text: str) -> list[str]:
    """What must not be in this text, each with the reason; spaces and full width do not hide a word."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    topics = [word for word in FORBIDDEN_TOPICS if word in plain]
    gifts = [word for word in GIFT_WORDS if word in plain]
    return [f"「{word}」に関わることは尋ねられません（職業安定法第5条の5）" for word in topics] + [
        f"「{word}」は書けません（金品による勧誘の禁止）" for word in gifts
    ]
