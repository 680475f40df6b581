"""Importing files of jobs, on both databases: whole rows or none, and every rejection explained."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.db import Database, reading, transaction
from app.importing.files import ImportRefused, open_import_file
from app.jobs.actions import close_job
from app.jobs.imports import ImportReport, import_jobs
from app.jobs.models import Job, JobArea
from app.jobs.rows import COLUMNS, REQUIRED_COLUMNS
from tests.jobs.factories import NOW, row_values

LATER = NOW + timedelta(days=1)


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]], *, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(dict.fromkeys(key for row in rows for key in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_json(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.read, report.inserted, report.updated, report.unchanged, report.rejected


def rejections(report: ImportReport) -> list[tuple[str, str, str]]:
    """(line, field, reason) of each."""
    if report.rejected_path is None:
        return []
    with report.rejected_path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["行"], row["項目"], row["理由"]) for row in csv.DictReader(file)]


def stored(database: Database) -> dict[str, Job]:
    with reading(database) as session:
        return {job.external_id: job for job in session.scalars(select(Job))}


def job_number(database: Database) -> int:
    with reading(database) as session:
        return session.scalars(select(func.count()).select_from(Job)).one()


def test_a_row_is_read_as_people_write_it(database: Database, tmp_path: Path) -> None:
    row = {
        "求人番号": "０-1",
        "タイトル": " 夜勤なしの\n看護師 ",
        "会社名": "みなと台病院(架空)",
        "職種": "ナース",
        "雇用形態": "正職員",
        "都道府県": "神奈川",
        "市区町村": "横浜市 中区",
        "給与形態": "月収",
        "給与下限": "２５．５万円",
        "給与上限": "300,000円",
        "特徴": "日勤のみ、駅チカ、お茶が飲める",
        "資格": "正看護師／普通免許",
        "画像URL": "http://example.com/a.jpg",
        "求人URL": "https://example.com/求人?a=1",
        "公開日": "2026年11月1日",
        "募集終了日": "2026/11/30",
        "備考": "社内用",
    }
    report = import_jobs(database, write_csv(tmp_path / "a.csv", [row], encoding="cp932"), now=NOW)
    assert counts(report) == (1, 1, 0, 0, 0)
    assert report.ignored_columns == ("備考",)
    assert dict(report.notes) == {
        "知らない特徴を取り込みませんでした: お茶が飲める": 1,
        "https ではない画像URLを取り込みませんでした": 1,
    }
    job = stored(database)["０-1"]
    assert (job.title, job.occupation, job.employment) == ("夜勤なしの 看護師", "看護師", "full_time")
    assert (job.prefecture, job.city, job.wage_min, job.wage_max) == (14, 14104, 255_000, 300_000)
    assert job.url == "https://example.com/%E6%B1%82%E4%BA%BA?a=1"
    assert job.image_url is None
    assert job.closed_at == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_each_encoding_is_recognised(database: Database, tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "a.csv", [row_values(title="髙い給与①")], encoding=encoding)
    assert counts(import_jobs(database, path, now=NOW)) == (1, 1, 0, 0, 0)
    assert stored(database)["A-1"].title == "髙い給与①"


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt"])
def test_json_lines_take_lists_and_numbers(database: Database, tmp_path: Path, name: str) -> None:
    row = row_values(
        external_id=12,
        prefecture=14,
        city=14104,
        wage_min=270000.0,
        flags=["no_night", "土日休み"],
        prefectures=[13, "埼玉県"],
        lat=35.44,
        closed_at=None,
    )
    report = import_jobs(database, write_json(tmp_path / name, [row]), now=NOW)
    assert counts(report) == (1, 1, 0, 0, 0)
    assert stored(database)["12"].flags == 0b1001
    with reading(database) as session:
        assert session.scalars(select(JobArea.prefecture).order_by(JobArea.prefecture)).all() == [11, 13]


def test_the_same_file_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_values(external_id=f"A-{n}") for n in range(3)])
    import_jobs(database, path, now=NOW)
    assert counts(import_jobs(database, path, now=LATER)) == (3, 0, 0, 3, 0)
    assert {job.updated_at for job in stored(database).values()} == {NOW}


def test_a_changed_row_is_updated_in_place(database: Database, tmp_path: Path) -> None:
    import_jobs(database, write_csv(tmp_path / "a.csv", [row_values(prefectures="東京都")]), now=NOW)
    before = stored(database)["A-1"].id
    path = write_csv(tmp_path / "b.csv", [row_values(title="新しい題"), row_values(external_id="A-2")])
    assert counts(import_jobs(database, path, now=LATER)) == (2, 1, 1, 0, 0)
    job = stored(database)["A-1"]
    assert (job.id, job.title, job.updated_at) == (before, "新しい題", LATER)
    with reading(database) as session:
        areas = session.scalars(select(JobArea.prefecture).where(JobArea.job_id == before)).all()
    assert areas == []


def test_a_job_closed_by_us_is_opened_only_by_a_changed_row(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_values()])
    import_jobs(database, path, now=NOW)
    with transaction(database) as session:
        close_job(session, "A-1", NOW)
    import_jobs(database, path, now=LATER)
    assert stored(database)["A-1"].closed_at == NOW
    import_jobs(database, write_csv(path, [row_values(title="再募集")]), now=LATER)
    assert stored(database)["A-1"].closed_at is None


FAULTS = [
    pytest.param({"external_id": ""}, "external_id", "空です", id="no id"),
    pytest.param({"external_id": "a\x00b"}, "external_id", "使えない文字が入っています", id="NUL in the id"),
    pytest.param({"external_id": "a" * 101}, "external_id", "長すぎます(100文字まで)", id="long id"),
    pytest.param({"title": " 　 "}, "title", "空です", id="blank title"),
    pytest.param({"title": "あ" * 201}, "title", "長すぎます(200文字まで)", id="long title"),
    pytest.param(
        {"employment": "{正社員}"},
        "employment",
        "知らない言葉です(full_time、contract、temporary、part_time、outsourced か、"
        "その日本語で書いてください)",
        id="unknown employment",
    ),
    pytest.param({"prefecture": "江戸"}, "prefecture", "都道府県として読めません", id="no prefecture"),
    pytest.param({"prefecture": "48"}, "prefecture", "都道府県として読めません", id="code 48"),
    pytest.param({"city": "新宿区"}, "city", "神奈川県の市区町村ではありません", id="city elsewhere"),
    pytest.param({"city": "ない市"}, "city", "市区町村として読めません", id="no such city"),
    pytest.param({"city": "14"}, "city", "市区町村として読めません", id="a prefecture as city"),
    pytest.param({"lat": "135.0"}, "lat", "20から46までの度数で書いてください", id="latitude"),
    pytest.param(
        {"wage_min": "応相談"}, "wage_min", "金額として読めません(例: 250000、25万円)", id="no amount"
    ),
    pytest.param({"wage_min": ""}, "wage_min", "空です", id="no wage"),
    pytest.param(
        {"wage_min": "1200"},
        "wage_min",
        "この給与形態の金額ではなさそうです(30,000円から20,000,000円まで)",
        id="an hourly wage as a monthly one",
    ),
    pytest.param({"wage_max": "260000"}, "wage_max", "給与の下限より小さい金額です", id="range upside down"),
    pytest.param(
        {"flags": "夜勤なし,夜勤専従"}, "flags", "「夜勤なし」と夜勤のある特徴が両方あります", id="flags"
    ),
    pytest.param({"licences": "魔法使い"}, "licences", "知らない資格です: 魔法使い", id="unknown licence"),
    pytest.param({"text": "あ" * 20_001}, "text", "長すぎます(20,000文字まで)", id="long text"),
    pytest.param(
        {"url": "javascript:alert(1)"}, "url", "http:// か https:// で始まるURLにしてください", id="script"
    ),
    pytest.param({"url": "https://[::1"}, "url", "URLとして読めません", id="broken address"),
    pytest.param({"opened_on": "2026-02-30"}, "opened_on", "ない日付です", id="no such day"),
    pytest.param({"opened_on": ""}, "opened_on", "空です", id="no day"),
    pytest.param(
        {"closed_at": "来週"},
        "closed_at",
        "日時として読めません(例: 2026-11-30、2026-11-30 18:00)",
        id="no time",
    ),
]


@pytest.mark.parametrize(("changes", "field", "reason"), FAULTS)
def test_a_wrong_row_is_rejected_with_line_field_and_reason(
    tmp_path: Path, database: Database, changes: dict[str, str], field: str, reason: str
) -> None:
    rows = [row_values(external_id="ok-1"), row_values(**changes), row_values(external_id="ok-2")]
    report = import_jobs(database, write_csv(tmp_path / "a.csv", rows), now=NOW)
    assert counts(report) == (3, 2, 0, 0, 1)
    assert rejections(report) == [("3", field, reason)]
    assert report.rejected_path == tmp_path / "a.csv.rejected.csv"
    assert set(stored(database)) == {"ok-1", "ok-2"}


def test_every_fault_of_a_row_is_told(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_values(title="", wage_type="週給", wage_min="x")])
    fields = [field for _, field, _ in rejections(import_jobs(database, path, now=NOW))]
    assert fields == ["title", "wage_type", "wage_min"]


def test_an_id_counts_once_in_a_file(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_values(title="一"), row_values(title="二")])
    for expected in ((2, 1, 0, 0, 1), (2, 0, 0, 1, 1)):
        report = import_jobs(database, path, now=NOW)
        assert counts(report) == expected
        assert rejections(report) == [("3", "external_id", "2行目と同じ番号です")]
    assert stored(database)["A-1"].title == "一"


def test_a_clean_import_removes_old_rejections(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_values(title="")])
    import_jobs(database, path, now=NOW)
    assert (tmp_path / "a.csv.rejected.csv").exists()
    report = import_jobs(database, write_csv(path, [row_values()]), now=NOW)
    assert report.rejected_path is None
    assert [file.name for file in tmp_path.iterdir() if "rejected" in file.name] == []


HEADER = ",".join(row_values())
GOOD = ",".join(row_values(external_id="ok").values())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('x,"' + "a" * 200_000 + '"', "長すぎる項目があります", id="a huge cell"),
        pytest.param(
            'x,"' + "a" * 5_000_000 + '"', '行が長すぎるか、引用符(")が閉じていません', id="a cell of 5 MB"
        ),
        pytest.param('x,"never closed', '引用符(")が閉じていません', id="an open quote"),
        pytest.param('x,"a"b', "CSV として読めません", id="text after a quote"),
        pytest.param(GOOD + ",more", "見出しより列が多いです", id="too many cells"),
    ],
)
def test_a_broken_line_costs_only_itself(database: Database, tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\r\n\r\n{line}\r\n,,,,\r\n{GOOD}\r\n", encoding="utf-8", newline="")
    report = import_jobs(database, path, now=NOW)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert rejections(report) == [("3", "", reason)]


def test_a_quote_open_for_thousands_of_lines_costs_only_its_line(database: Database, tmp_path: Path) -> None:
    good = [",".join(row_values(external_id=f"ok-{n}").values()) for n in range(2_500)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEADER, 'x,"open', *good]), encoding="utf-8")
    report = import_jobs(database, path, now=NOW)
    assert counts(report) == (2_501, 2_500, 0, 0, 1)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("{", "JSON として読めません", id="cut off"),
        pytest.param("[1]", "JSON のオブジェクトではありません", id="a list"),
        pytest.param("[" * 100_000, "JSON として読めません", id="very deep"),
        pytest.param('{"title": ' + "9" * 5_000 + "}", "JSON として読めません", id="an endless number"),
        pytest.param('"' + "a" * 5_000_000 + '"', "1行が長すぎます", id="5 MB"),
    ],
)
def test_a_broken_json_line_costs_only_itself(
    database: Database, tmp_path: Path, line: str, reason: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"\n{json.dumps(row_values())}\n{line}\n", encoding="utf-8")
    report = import_jobs(database, path, now=NOW)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert rejections(report) == [("3", "", reason)]


def test_lone_surrogates_in_json_are_replaced(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(row_values(title="a\ud800b", text="\x00終わり")), encoding="utf-8")
    assert counts(import_jobs(database, path, now=NOW)) == (1, 1, 0, 0, 0)
    assert stored(database)["A-1"].title == "a\ufffdb"
    assert stored(database)["A-1"].text == "\ufffd終わり"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "空のファイル", id="empty"),
        pytest.param(b"\r\n\r\n", "空のファイル", id="blank lines only"),
        pytest.param(b"title,employer\na,b\n", "external_id(求人ID)", id="columns are missing"),
        pytest.param(f"{HEADER},タイトル\n".encode(), "title", id="two headings for one column"),
        pytest.param("求人番号\n".encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param(b"\x81\x20\xff\x81", "文字コード", id="no text"),
        pytest.param(b'"never closed\n', "見出しの行", id="broken heading"),
        pytest.param(b'{\n"title": "a"', "JSON", id="an object that never ends"),
    ],
)
def test_an_unusable_file_writes_nothing(
    database: Database, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=words.replace("(", r"\(").replace(")", r"\)")):
        import_jobs(database, path, now=NOW)
    assert job_number(database) == 0
    assert [file.name for file in tmp_path.iterdir() if "rejected" in file.name] == []


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_opened_is_refused(database: Database, tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportRefused, match="ファイルを開けません"):
        import_jobs(database, tmp_path / name, now=NOW)


def test_a_big_file_is_streamed_in_short_batches(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for n in range(20_000):
            file.write(",".join(row_values(external_id=f"A-{n}").values()) + "\n")
    seen: list[tuple[int, int]] = []
    report = import_jobs(database, path, now=NOW, progress=lambda done, size: seen.append((done, size)))
    assert counts(report) == (20_000, 20_000, 0, 0, 0)
    assert len(seen) == 100
    assert seen == sorted(seen)
    assert seen[-1] == (path.stat().st_size,) * 2


def test_rows_are_given_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_values(external_id=f"A-{n}") for n in range(20_000)])
    with open_import_file(path, COLUMNS) as file:
        assert next(file.rows).values["external_id"] == "A-0"
        assert file.done < file.size / 10


def test_what_was_written_before_a_failure_is_whole(database: Database, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", [row_values(external_id=f"A-{n}", prefectures="東京都") for n in range(1_200)]
    )

    def stop(done: int, size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_jobs(database, path, now=NOW, progress=stop)
    assert job_number(database) == 200
    with reading(database) as session:
        assert session.scalars(select(func.count()).select_from(JobArea)).one() == 200
    assert counts(import_jobs(database, path, now=NOW)) == (1_200, 1_000, 0, 200, 0)
    assert [file.name for file in tmp_path.iterdir() if "rejected" in file.name] == []


_CELL = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        (
            "\x00",
            "'; DROP TABLE job;--",
            "=1+1",
            "１２３",
            "9" * 400,
            "1e999",
            "-5",
            "∞",
            "\u202e",
            "2026-13-01",
        )
    ),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_FIELDS = (*REQUIRED_COLUMNS, "city", "lat", "flags", "licences", "text", "url", "image_url", "closed_at")


_CHANGES = st.dictionaries(st.sampled_from(_FIELDS), _JSON | _CELL, min_size=1, max_size=4)


def test_wild_values_are_written_or_rejected_and_never_raise(database: Database, tmp_path: Path) -> None:
    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(rows=st.lists(_CHANGES, min_size=1, max_size=5))
    def check(rows: list[dict[str, Any]]) -> None:
        before = job_number(database)
        report = import_jobs(
            database, write_json(tmp_path / "a.jsonl", [row_values(**row) for row in rows]), now=NOW
        )
        assert report.read == len(rows) == sum(counts(report)[1:])
        assert job_number(database) == before + report.inserted
        assert len({line for line, _, _ in rejections(report)}) == report.rejected

    check()


def test_wild_bytes_never_raise_anything_else(database: Database, tmp_path: Path) -> None:
    start = (HEADER + "\n" + GOOD + "\n").encode()

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(rest=st.binary(max_size=200))
    def check(rest: bytes) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(start + rest)
        try:
            report = import_jobs(database, path, now=NOW)
        except ImportRefused:
            return
        assert report.inserted + report.updated + report.unchanged >= 1

    check()
