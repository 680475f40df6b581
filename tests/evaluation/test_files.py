"""Files of any board: what is understood, and how a fault is named."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from app.evaluation.attributes import attribute_fields
from app.evaluation.board import NothingToEvaluate, read_board
from app.evaluation.files import UnreadableFile, read_activity, read_jobs
from app.importing.files import ImportRefused
from app.jobs.models import ActivityKind


def make_file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_activity_is_understood_with_english_and_japanese_headings(tmp_path: Path) -> None:
    kinds: Counter[str] = Counter()
    english = make_file(tmp_path, "e.csv", "member,job,kind,time\nm1,j1,save,2026-11-01T09:00:00+09:00\n")
    japanese = make_file(tmp_path, "j.csv", "日時,種別,求人番号,会員番号\n2026/11/01 09:00,保存,j1,m1\n")
    (one,), (other,) = (list(read_activity(path, kinds)) for path in (english, japanese))
    assert one == other
    assert one.kind is ActivityKind.SAVE
    assert one.at == datetime(2026, 11, 1, tzinfo=UTC)
    assert not kinds


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        pytest.param("", None, id="empty"),
        pytest.param("NA", None, id="said to be missing"),
        pytest.param("2026-11-01", datetime(2026, 10, 31, 15, tzinfo=UTC), id="a day in Tokyo"),
        pytest.param("2014-12-12 20:12:35 UTC", datetime(2014, 12, 12, 20, 12, 35, tzinfo=UTC), id="UTC"),
        pytest.param("2026-11-01 00:30", datetime(2026, 10, 31, 15, 30, tzinfo=UTC), id="Tokyo's time"),
        pytest.param("1440000000", datetime(2015, 8, 19, 16, 0, tzinfo=UTC), id="seconds"),
        pytest.param("1440000000000", datetime(2015, 8, 19, 16, 0, tzinfo=UTC), id="milliseconds"),
    ],
)
def test_times_are_read_as_logs_write_them(cell: str, at: datetime | None, tmp_path: Path) -> None:
    path = make_file(tmp_path, "a.csv", f"member,job,time\nm1,j1,{cell}\n")
    (line,) = read_activity(path, Counter())
    assert line.at == at
    assert line.kind is ActivityKind.VIEW


def test_kinds_that_nobody_knows_count_as_views_and_are_told(tmp_path: Path) -> None:
    kinds: Counter[str] = Counter()
    path = make_file(tmp_path, "a.csv", "user_id,item_id,type\nu,i,Rating 5\nu,k,rating 5\nu,l,応募\n")
    found = [line.kind for line in read_activity(path, kinds)]
    assert found == [ActivityKind.VIEW, ActivityKind.VIEW, ActivityKind.APPLY]
    assert kinds == {"rating 5": 2}


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        pytest.param("m1,j1,view,gestern", "a.csv 2行目 time: 日付として読めません", id="no day"),
        pytest.param("m1,j1,view,\n,j1,view,", "a.csv 3行目 member: 空です", id="nobody"),
        pytest.param(
            "m1,j1,view,2026-11-01 25:00", "a.csv 2行目 time: 日時として読めません", id="no such time"
        ),
        pytest.param("m1,,view,", "a.csv 2行目 job: 空です", id="no job"),
        pytest.param(f"m1,{'j' * 101},view,", "a.csv 2行目 job: 長すぎます", id="too long"),
        pytest.param(
            "m1,j1,view,,more", "a.csv 2行目: 見出しより列が多いです", id="more cells than headings"
        ),
        pytest.param("m1,j1,view,2026-13-01", "a.csv 2行目 time: ない日付です", id="no such day"),
    ],
)
def test_a_fault_names_file_line_and_field(rows: str, fault: str, tmp_path: Path) -> None:
    path = make_file(tmp_path, "a.csv", f"member,job,kind,time\n{rows}\n")
    with pytest.raises(UnreadableFile) as raised:
        list(read_activity(path, Counter()))
    assert fault in raised.value.message


def test_of_many_faults_the_first_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    path = make_file(tmp_path, "a.csv", "member,job\n" + ",j1\n" * 7)
    with pytest.raises(UnreadableFile) as raised:
        list(read_activity(path, Counter()))
    assert raised.value.message.count("行目") == 5
    assert "全部で7件" in raised.value.message


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="member"):
        list(read_activity(make_file(tmp_path, "a.csv", "who,what\n1,2\n"), Counter()))
    with pytest.raises(ImportRefused, match="external_id"):
        list(read_jobs(make_file(tmp_path, "j.csv", "name\nx\n")))


def test_any_columns_of_jobs_are_words(tmp_path: Path) -> None:
    path = make_file(
        tmp_path,
        "j.csv",
        "job_id,discipline,都道府県,City,掲載開始日,lat\n7,12,東京都,新宿区,2026-11-01,35.681\n",
    )
    (job,) = read_jobs(path)
    assert job.key == "7"
    assert (job.prefecture, job.city, job.opened_on) == ("東京都", "新宿区", date(2026, 11, 1))
    words = {word for words in job.fields for word in words}
    assert {"discipline=12", "prefecture=東京都", "city=新宿区", "lat=35.681", "lat~36", "lat~35.7"} <= words
    assert not any(word == "7" or "external_id" in word or "opened_on" in word for word in words)


def test_the_same_job_twice_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="3行目 external_id: 2行目と同じ番号です"):
        list(read_jobs(make_file(tmp_path, "j.csv", "id,a\nx,1\nx,2\n")))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param("25;2703", ["c=25;2703", "c=25", "c=2703", "#2703"], id="a list of codes"),
        pytest.param("NaN", None, id="nothing"),
        pytest.param(None, None, id="none"),
        pytest.param(
            ["夜勤なし"], ["c=夜勤なし", "夜勤", "勤な", "なし", "夜勤な", "勤なし"], id="a list of words"
        ),
        pytest.param("Night shift", ["c=Night shift", "night", "shift"], id="words"),
        pytest.param("x" * 61, ["x" * 61], id="a long text has no name of its own"),
    ],
)
def test_each_column_says_something(value: object, words: list[str] | None) -> None:
    assert attribute_fields({"c": value, "url": "https://site.example/1"}) == (
        [] if words is None else [words]
    )


def test_a_board_is_read_with_what_a_reader_should_know(tmp_path: Path) -> None:
    jobs = make_file(tmp_path, "j.csv", "id,a,prefecture,city\nx,1,P,C\ny,1,Q,C\nz,2,NA,\n")
    activity = make_file(tmp_path, "a.csv", "member,job,kind\nm,x,view\nm,other,apply\nn,x,hide\nn,y,stars\n")
    board = read_board(jobs, activity)
    assert board.jobs == 4
    assert board.members == 2
    assert board.words.shape[0] == 4
    assert board.events.strengths.tolist() == [1, 8, 1]
    assert board.events.jobs.tolist() == [0, 3, 1]
    assert np.isnan(board.events.days).all()
    assert board.prefectures[2:].tolist() == [-1, -1]
    assert board.cities[0] != board.cities[1]  # of the same name, elsewhere
    assert len(board.notes) == 3


def test_a_log_without_any_wish_cannot_be_evaluated(tmp_path: Path) -> None:
    jobs = make_file(tmp_path, "j.csv", "id\nx\n")
    with pytest.raises(NothingToEvaluate):
        read_board(jobs, make_file(tmp_path, "a.csv", "member,job,kind\nm,x,興味なし\n"))
