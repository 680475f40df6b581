"""An evaluation: what is held out, what a list is worth, and how surely."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from app.cli import main
from app.evaluation.areas import AreaRanking
from app.evaluation.board import Board, NothingToEvaluate
from app.evaluation.measures import gains, intervals
from app.evaluation.plot import write_plot
from app.evaluation.report import as_data, summary, tables
from app.evaluation.running import Evaluation, evaluate
from app.evaluation.splitting import Halves, Split, split_board
from app.recommend.fitting.pairs import Events, Pairs
from tests.evaluation.boards import write_board
from tests.fitting.boards import Taste


def make_board(
    *events: tuple[int, int, float], jobs: int = 4, places: Sequence[tuple[int, int]] = ()
) -> Board:
    """(member, job, day), every strength 1; places are (prefecture, city)."""
    members, rows, days = zip(*events, strict=True)
    known = [*places, *[(-1, -1)] * (jobs - len(places))]
    return Board(
        words=np.zeros((jobs, 0)),
        opened=np.full(jobs, np.nan),
        prefectures=np.array([prefecture for prefecture, _ in known]),
        cities=np.array([city for _, city in known]),
        events=Events(np.array(members), np.array(rows), np.ones(len(rows)), np.array(days, float)),
        members=max(members) + 1,
        notes=(),
    )


def of(pairs: Pairs) -> set[tuple[int, int]]:
    return set(zip(pairs.persons.tolist(), pairs.jobs.tolist(), strict=True))


def test_by_time_the_last_fifth_is_held_out_but_nothing_that_was_seen_before() -> None:
    day = [(0, job, float(job)) for job in range(4)] + [(1, job, 4.0 + job) for job in range(4)]
    board = make_board(*day, (0, 3, 20.0), (1, 0, 21.0))
    with pytest.raises(NothingToEvaluate):
        split_board(board, Split.TIME, 0)  # both late events are repeats
    halves = split_board(make_board(*day, (0, 4, 20.0), (2, 0, 21.0), jobs=5), None, 0)
    assert halves.split is Split.TIME
    assert of(halves.test) == {(0, 4), (2, 0)}
    assert halves.today == 7.0
    assert halves.known.tolist() == [0]
    assert halves.asked.tolist() == [0, 2]


def test_at_random_each_member_keeps_something_and_loses_something() -> None:
    board = make_board(*((member, job, np.nan) for member in range(20) for job in range(4)))
    halves = split_board(board, None, 7)
    assert halves.split is Split.RANDOM
    assert np.bincount(halves.test.persons).tolist() == [1] * 20
    assert not of(halves.test) & of(halves.train)
    assert of(split_board(board, None, 7).test) == of(halves.test)
    assert of(split_board(board, None, 8).test) != of(halves.test)


def test_without_all_times_there_is_no_split_by_time() -> None:
    board = make_board((0, 0, 1.0), (0, 1, np.nan))
    with pytest.raises(NothingToEvaluate, match="時刻"):
        split_board(board, Split.TIME, 0)
    assert split_board(board, None, 0).split is Split.RANDOM


def test_members_with_one_job_leave_nothing_to_ask() -> None:
    with pytest.raises(NothingToEvaluate, match="会員"):
        split_board(make_board((0, 0, np.nan), (1, 1, np.nan)), None, 0)


@pytest.mark.parametrize(
    ("places", "relevant", "recall", "ndcg"),
    [
        pytest.param([0], 1, 1.0, 1.0, id="first"),
        pytest.param([9], 1, 1.0, 1 / np.log2(11), id="tenth"),
        pytest.param([], 3, 0.0, 0.0, id="none"),
        pytest.param(
            [0, 1], 4, 0.5, (1 + 1 / np.log2(3)) / (1 + 1 / np.log2(3) + 0.5 + 1 / np.log2(5)), id="half"
        ),
        pytest.param(list(range(10)), 20, 0.5, 1.0, id="ten of twenty are as good as ten can be"),
    ],
)
def test_what_ten_jobs_are_worth(places: list[int], relevant: int, recall: float, ndcg: float) -> None:
    hits = np.isin(np.arange(10), places)[None, :]
    found = gains(hits, np.array([relevant]))
    assert [float(each[0]) for each in found] == pytest.approx([recall, ndcg])


def test_an_interval_holds_the_mean_and_narrows_with_members() -> None:
    random = np.random.default_rng(0)
    few, many = (intervals([random.random(size)], 1)[0] for size in (20, 2_000))
    for each in (few, many):
        assert each.low < each.value < each.high
    assert many.high - many.low < 0.3 * (few.high - few.low)
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.2887 / 2_000**0.5, rel=0.1)


def test_a_paired_difference_is_surer_than_either_mean() -> None:
    base = np.random.default_rng(0).random(500)
    first, second, difference = intervals([base, base + 0.01, np.full(500, 0.01)], 1)
    assert first.high > second.low
    assert (difference.low, difference.high) == pytest.approx((0.01, 0.01))


def test_newcomers_are_shown_their_city_then_their_prefecture_then_all() -> None:
    places = [(1, 11), (1, 11), (1, 12), (2, 21), (1, 11)]
    events = [(member, job, 9.0) for job, people in enumerate((1, 2, 4, 5, 0)) for member in range(people)]
    board = make_board(*events, jobs=5, places=places)
    pairs = board.events
    train = Pairs(pairs.persons, pairs.jobs, pairs.strengths, pairs.days, (6, 5))
    test = Pairs(np.array([5, 5]), np.array([3, 1]), np.ones(2), np.array([12.0, 10.0]), (6, 5))
    ranking = AreaRanking(board, Halves(Split.TIME, train, test, 9.0))
    stated = ranking.stated(np.array([5, 4]))
    assert stated.tolist() == [1, -1]  # the earliest; nothing
    narrow = ranking.points(stated, narrowest=True)
    assert np.argsort(-narrow[0]).tolist()[:4] == [1, 0, 2, 3]
    assert np.argsort(-narrow[1]).tolist()[:4] == [3, 2, 1, 0]
    assert narrow[0, 4] == 0  # nobody has looked at it
    wide = ranking.points(stated, narrowest=False)
    assert np.argsort(-wide[0]).tolist()[:4] == [2, 1, 0, 3]
    assert ranking.looked_at(np.array([[3, 0, 1], [-1, -1, -1]])).tolist()[0] in {0, 1}
    assert ranking.looked_at(np.zeros((2, 0), int)).tolist() == [-1, -1]


@pytest.fixture(scope="module", params=[True, False], ids=["timed", "timeless"])
def evaluation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    paths = write_board(tmp_path_factory.mktemp("board"), timed=request.param)
    return evaluate(*paths, split=None, seed=1, say=lambda _: None)


def test_the_blend_is_compared_with_each_of_its_parts(evaluation: Evaluation) -> None:
    personal = evaluation.comparisons[0]
    found = {line.key: line for line in personal.lines}
    assert list(found) == ["popularity", "bm25", "als", "content", "blend", "area"]
    assert personal.members > 100
    for key in ("popularity", "bm25", "als", "content"):
        assert found["blend"].ndcg.value >= 0.97 * found[key].ndcg.value, key
    assert found["blend"].ndcg.value > 3 * found["popularity"].ndcg.value
    for line in personal.lines:
        assert line.ndcg.low <= line.ndcg.value <= line.ndcg.high
        assert 0 <= line.recall.value <= 1
        assert 0 < line.coverage <= 1
        assert 0 <= line.new_jobs <= 1
    against = {each.key: each for each in personal.differences}
    assert set(against) == set(found) - {"blend"}
    assert against["popularity"].ndcg.low > 0
    gained = found["blend"].ndcg.value - found["als"].ndcg.value
    assert against["als"].ndcg.value == pytest.approx(gained)


def test_newcomers_are_asked_about_only_where_there_are_times_and_places(evaluation: Evaluation) -> None:
    if evaluation.split is Split.RANDOM:
        assert len(evaluation.comparisons) == 1
        return
    areas = evaluation.comparisons[1]
    assert [line.key for line in areas.lines] == ["national", "prefecture", "city"]
    assert areas.best == "City, prefecture, all"
    assert {each.key: each for each in areas.differences}["national"].ndcg.low > 0


def test_an_evaluation_is_data_sentences_tables_and_a_page(evaluation: Evaluation, tmp_path: Path) -> None:
    again = json.loads(json.dumps(as_data(evaluation)))
    assert again["comparisons"][0]["lines"][4]["key"] == "blend"
    assert "400 jobs, 700 members" in summary(evaluation)[0]
    assert [len(table.columns) for table in tables(evaluation.comparisons[0])] == [5, 3]
    write_plot(evaluation, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert page.count("Plotly.newPlot(") >= len(evaluation.comparisons)
    assert "Goen" in page
    assert "<script src" not in page


def test_the_same_seed_gives_the_same_figures(tmp_path: Path) -> None:
    paths = write_board(tmp_path, timed=False, taste=Taste(people=120, jobs=60, kinds=6))
    found = [evaluate(*paths, split=None, seed=5, say=lambda _: None) for _ in range(2)]
    assert found[0].comparisons == found[1].comparisons


def test_the_command_speaks_to_people_and_to_machines(tmp_path: Path) -> None:
    jobs, activity = write_board(tmp_path, timed=True, taste=Taste(people=120, jobs=60, kinds=6))
    arguments = [
        "evaluate",
        "--jobs",
        str(jobs),
        "--activity",
        str(activity),
        "--split",
        "random",
        "--seed",
        "2",
    ]
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0, shown.output
    assert "Goen's blend" in shown.stdout
    page = tmp_path / "page.html"
    told = CliRunner().invoke(main, [*arguments, "--json", "--plot", str(page)])
    data = json.loads(told.stdout)
    assert data["split"] == "random"
    assert data["seed"] == 2
    assert page.exists()


def test_the_command_names_what_it_cannot_read_or_write(tmp_path: Path) -> None:
    jobs, activity = write_board(tmp_path, timed=False, taste=Taste(people=40, jobs=20, kinds=2))
    unwritable = [
        "evaluate",
        "--jobs",
        str(jobs),
        "--activity",
        str(activity),
        "--plot",
        str(tmp_path / "no" / "p"),
    ]
    refused = CliRunner().invoke(main, unwritable)
    assert refused.exit_code == 1
    assert "the page cannot be written" in refused.stderr
    activity.write_text("member,job\n,J-1\n")
    refused = CliRunner().invoke(main, ["evaluate", "--jobs", str(jobs), "--activity", str(activity)])
    assert refused.exit_code == 1
    assert "activity.csv 2行目 member: 空です" in refused.stderr
