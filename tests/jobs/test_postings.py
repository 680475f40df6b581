"""schema.org JobPosting as a third form of the catalogue: what each way of writing it becomes."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Database, reading
from app.importing.documents import list_elements
from app.jobs.imports import import_jobs
from app.jobs.models import Job, JobArea
from app.jobs.postings import posting_rows, posting_values
from app.jobs.rows import JobRow, read_job_row
from app.jobs.vocabulary import EmploymentType, JobFlag, WageType
from tests.jobs.factories import NOW

PLACE = {
    "@type": "Place",
    "address": {
        "@type": "PostalAddress",
        "addressCountry": "JP",
        "addressRegion": "神奈川県",
        "addressLocality": "横浜市",
        "streetAddress": "中区山下町1(架空)",
    },
}


def posting(**changes: Any) -> dict[str, Any]:
    """A right posting; None leaves a property out."""
    whole = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "name": "架空の会社", "value": "P-1"},
        "title": "病棟の看護師",
        "hiringOrganization": {"@type": "Organization", "name": "みなと台総合病院(架空)"},
        "jobLocation": PLACE,
        "employmentType": "FULL_TIME",
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "JPY",
            "value": {
                "@type": "QuantitativeValue",
                "minValue": 270000,
                "maxValue": 320000,
                "unitText": "MONTH",
            },
        },
        "datePosted": "2026-11-01",
        "occupationalCategory": "看護師",
        "description": "<p>病棟の仕事です。</p><ul><li>日勤のみ</li></ul>",
    } | changes
    return {key: value for key, value in whole.items() if value is not None}


def row(**changes: Any) -> JobRow:
    return read_job_row(posting_values(posting(**changes)), [])


def salary(**value: Any) -> dict[str, Any]:
    return {"currency": "JPY", "value": value}


def test_a_posting_becomes_a_row() -> None:
    assert row() == read_job_row(
        {
            "external_id": "P-1",
            "title": "病棟の看護師",
            "employer": "みなと台総合病院(架空)",
            "occupation": "看護師",
            "employment": "full_time",
            "prefecture": 14,
            "city": 14104,
            "worksite": "中区山下町1(架空)",
            "wage_type": "month",
            "wage_min": 270_000,
            "wage_max": 320_000,
            "text": "病棟の仕事です。\n日勤のみ",
            "opened_on": "2026-11-01",
        },
        [],
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"identifier": "P-9"}, {"external_id": "P-9"}, id="a plain identifier"),
        pytest.param({"identifier": 12}, {"external_id": "12"}, id="a number as identifier"),
        pytest.param(
            {"identifier": None, "url": "https://example.com/1"},
            {"external_id": "https://example.com/1", "url": "https://example.com/1"},
            id="no identifier: the address names it",
        ),
        pytest.param({"title": None, "name": "看護師"}, {"title": "看護師"}, id="name for title"),
        pytest.param({"hiringOrganization": "甲病院"}, {"employer": "甲病院"}, id="an employer as text"),
        pytest.param(
            {"employmentType": ["OTHER", "PART_TIME"]},
            {"employment": EmploymentType.PART_TIME},
            id="several employments",
        ),
        pytest.param(
            {"employmentType": "CONTRACTOR"}, {"employment": EmploymentType.CONTRACT}, id="contractor"
        ),
        pytest.param(
            {"employmentType": "正職員"}, {"employment": EmploymentType.FULL_TIME}, id="Japanese employment"
        ),
        pytest.param(
            {"baseSalary": salary(value=1300, unitText="HOUR")},
            {"wage_type": WageType.HOUR, "wage_min": 1300, "wage_max": 1300},
            id="one amount is exact",
        ),
        pytest.param(
            {"baseSalary": salary(minValue="1200.00", unitText="HOUR")},
            {"wage_min": 1200, "wage_max": None},
            id="from an amount",
        ),
        pytest.param(
            {"baseSalary": {"currency": "JPY", "value": 3_600_000, "unitText": "YEAR"}},
            {"wage_type": WageType.YEAR, "wage_min": 3_600_000},
            id="flat salary",
        ),
        pytest.param(
            {"baseSalary": salary(value=12000, unitCode="DAY")},
            {"wage_type": WageType.DAY},
            id="a unit's code",
        ),
        pytest.param(
            {"datePosted": "2026-11-01T23:30:00Z"},
            {"opened_on": NOW.date().replace(day=2)},
            id="a time is its day in Tokyo",
        ),
        pytest.param(
            {"occupationalCategory": None}, {"occupation": "看護師"}, id="the occupation stands in the title"
        ),
        pytest.param(
            {"occupationalCategory": ["29-1141.00", "ナース"]},
            {"occupation": "看護師"},
            id="of several the one we know",
        ),
        pytest.param(
            {"occupationalCategory": "灯台守", "title": "灯台の番"},
            {"occupation": "灯台守"},
            id="an occupation nobody knows",
        ),
        pytest.param(
            {"image": {"@type": "ImageObject", "url": "https://example.com/a.png"}},
            {"image_url": "https://example.com/a.png"},
            id="a picture",
        ),
        pytest.param(
            {"image": ["https://example.com/b.png"]},
            {"image_url": "https://example.com/b.png"},
            id="pictures",
        ),
        pytest.param(
            {"qualifications": "看護師免許必須、普通自動車免許"},
            {"licences": ("普通自動車免許", "看護師")},
            id="a list of licences",
        ),
        pytest.param(
            {"qualifications": "看護師または准看護師の資格をお持ちの方"},
            {"licences": ()},
            id="a sentence stays a sentence",
        ),
        *(
            pytest.param({"qualifications": text}, {"licences": licences}, id=text)
            for text, licences in (
                ("正看護師免許必須", ("看護師",)),
                ("要看護師資格。夜勤できる方", ("看護師",)),
                ("看護師免許(あれば尚可)", ()),
                ("保育士資格必須、普通免許あれば尚可", ("保育士",)),
                ("医療事務の経験者", ()),
                ("准看護師免許をお持ちで明るい方", ("准看護師",)),
                ("看護師免許必須。Word、Excelの基本操作", ("看護師",)),
                ("看護師免許 or 准看護師免許", ()),
                ("看護師資格は不要です", ()),
                ("介護福祉士資格は必須ではありません", ()),
                ("看護師免許は必要ありません", ()),
                ("要普通免許。看護師資格の有無は問いません", ("普通自動車免許",)),
            )
        ),
        pytest.param(
            {"jobBenefits": "車通勤可、お弁当"}, {"flags": (JobFlag.CAR_OK,)}, id="benefits that we know"
        ),
        pytest.param(
            {"experienceRequirements": "no requirements"},
            {"flags": (JobFlag.INEXPERIENCED_OK,)},
            id="no experience",
        ),
    ],
)
def test_each_way_of_writing_is_read(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    found = row(**changes)
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_requirement_that_is_no_licence_is_told_in_the_text() -> None:
    assert "応募資格: 笑顔" in str(row(qualifications="笑顔").text)


def address(**parts: str) -> dict[str, Any]:
    return {"@type": "Place", "address": parts}


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param(
            address(addressRegion="JP-13", addressLocality="新宿区"), (13, (13,), 13104), id="an ISO code"
        ),
        pytest.param(address(addressRegion="Tokyo"), (13, (13,), None), id="a prefecture in Roman letters"),
        pytest.param(address(addressLocality="札幌市"), (1, (1,), 1100), id="a city tells its prefecture"),
        pytest.param(
            {"@type": "Place", "address": "神奈川県横浜市西区みなとみらい1"},
            (14, (14,), 14103),
            id="an address as text",
        ),
        pytest.param([PLACE, address(addressRegion="千葉県")], (14, (12, 14), 14104), id="several places"),
        pytest.param(
            address(addressRegion="東京都", addressLocality="どこか"),
            (13, (13,), None),
            id="a place that nobody knows",
        ),
    ],
)
def test_places_are_read(places: Any, expected: tuple[int, tuple[int, ...], int | None]) -> None:
    found = row(jobLocation=places)
    assert (found.prefecture, found.prefectures, found.city) == expected


@pytest.mark.parametrize(
    ("changes", "prefecture", "prefectures"),
    [
        pytest.param(
            {"applicantLocationRequirements": {"@type": "Country", "name": "JP"}, "jobLocation": None},
            13,
            tuple(range(1, 48)),
            id="from all of Japan",
        ),
        pytest.param(
            {"applicantLocationRequirements": [{"name": "大阪府"}, {"name": "京都府"}]},
            14,
            (14, 26, 27),
            id="also at a place",
        ),
        pytest.param(
            {"applicantLocationRequirements": {"name": "大阪府"}, "jobLocation": None},
            27,
            (27,),
            id="from one prefecture",
        ),
        pytest.param(
            {
                "jobLocation": None,
                "hiringOrganization": {"name": "甲", "address": {"addressRegion": "愛知県"}},
            },
            23,
            tuple(range(1, 48)),
            id="the employer's seat",
        ),
    ],
)
def test_work_from_home_has_a_flag_and_places(
    changes: dict[str, Any], prefecture: int, prefectures: tuple[int, ...]
) -> None:
    found = row(jobLocationType="TELECOMMUTE", **changes)
    assert (found.prefecture, found.prefectures) == (prefecture, prefectures)
    assert JobFlag.REMOTE in found.flags


def test_what_is_no_posting_is_left_to_others() -> None:
    assert posting_rows({"external_id": "A-1"}) is None
    assert posting_rows({"@type": "Organization"}) is None
    assert posting_rows({"@graph": [{"@type": "WebPage"}, 5]}) == []


def test_a_graph_is_read_with_what_it_points_to() -> None:
    graph = [
        {"@type": "Organization", "@id": "#us", "name": "丙病院"},
        posting(hiringOrganization={"@id": "#us"}),
        posting(identifier="P-2", **{"@type": ["JobPosting", "Thing"]}),
    ]
    found = posting_rows({"@context": "https://schema.org", "@graph": graph})
    assert found is not None
    assert [(values["external_id"], values["employer"]) for values in found] == [
        ("P-1", "丙病院"),
        ("P-2", "みなと台総合病院(架空)"),
    ]


GOOD = [posting(), posting(identifier="P-2", title="外来の看護師")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("a.jsonl", "\n".join(json.dumps(one) for one in GOOD), id="JSON lines"),
        pytest.param("a.json", json.dumps(GOOD), id="a list"),
        pytest.param("a.json", json.dumps(GOOD, indent=2), id="a list over many lines"),
        pytest.param("a.txt", "\n\n  " + json.dumps(GOOD) + "\n", id="a list with blanks around it"),
        pytest.param("a.jsonld", json.dumps({"@graph": GOOD}), id="a graph on one line"),
        pytest.param("a.json", json.dumps({"@graph": GOOD}, indent=1), id="a graph"),
    ],
)
def test_the_form_is_recognised_and_importing_again_changes_nothing(
    database: Database, tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    first, second = (import_jobs(database, path, now=NOW) for _ in range(2))
    assert (first.inserted, first.rejected) == (2, 0)
    assert (second.unchanged, second.rejected) == (2, 0)


def test_a_remote_posting_can_be_worked_in_every_prefecture(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([posting(jobLocationType="TELECOMMUTE")]), encoding="utf-8")
    import_jobs(database, path, now=NOW)
    with reading(database) as session:
        [job] = session.scalars(select(Job)).all()
        assert len(session.scalars(select(JobArea.prefecture)).all()) == 46
    assert job.prefecture == 14


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"baseSalary": None}, "wage_min", id="no salary"),
        pytest.param(
            {"baseSalary": {"currency": "USD", "value": {"value": 3000, "unitText": "MONTH"}}},
            "wage_min",
            id="another currency",
        ),
        pytest.param({"baseSalary": salary(value=60000, unitText="WEEK")}, "wage_type", id="by the week"),
        pytest.param(
            {"jobLocation": address(addressCountry="US", addressRegion="CA")}, "prefecture", id="abroad"
        ),
        pytest.param({"jobLocation": None}, "prefecture", id="nowhere"),
        pytest.param({"employmentType": "VOLUNTEER"}, "employment", id="no employment"),
        pytest.param({"title": None}, "title", id="no title"),
        pytest.param({"datePosted": "yesterday"}, "opened_on", id="no day"),
    ],
)
def test_what_cannot_be_kept_is_rejected_by_its_column(
    database: Database, tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([posting(**changes), posting(identifier="P-2")]), encoding="utf-8")
    report = import_jobs(database, path, now=NOW)
    assert (report.inserted, report.rejected) == (1, 1)
    assert report.rejected_path is not None
    assert field in report.rejected_path.read_text(encoding="utf-8-sig")


def test_two_postings_of_one_number_are_one_and_a_rejection(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"@graph": [posting(), posting()]}, indent=1), encoding="utf-8")
    report = import_jobs(database, path, now=NOW)
    assert (report.inserted, report.rejected) == (1, 1)


def test_a_list_is_read_piece_by_piece_and_says_where_it_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[\n" + ",\n".join(json.dumps({"n": n, "text": "x" * 500}) for n in range(5_000)))
    with path.open(encoding="utf-8") as file:
        elements = list(list_elements(file))
    assert [element.value["n"] for element in elements[:-1]] == list(range(5_000))
    assert [element.line for element in elements[:-1]] == list(range(2, 5_002))
    assert elements[-1].is_broken


@pytest.mark.parametrize("text", ["[", "[{", "[[[[", '[{"a": 1}, nonsense', "[1 2", '["\\ud800"]'])
def test_broken_lists_end_in_words(database: Database, tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    report = import_jobs(database, path, now=NOW)
    assert report.inserted == 0
    assert report.rejected >= 1
