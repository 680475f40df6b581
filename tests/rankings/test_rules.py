"""How a ranking is counted and chosen, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rankings.rules import (
    ANY_OCCUPATION,
    ENOUGH_JOBS,
    ENOUGH_PEOPLE,
    JAPAN,
    KEPT,
    NEAR,
    CountedList,
    ListedJob,
    Place,
    Tally,
    cells_for,
    choose_list,
    ladder,
    shares,
    weight,
)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(0, 1.0, id="today"),
        pytest.param(-1, 1.0, id="a clock that is ahead"),
        pytest.param(7, 0.5, id="a week ago"),
        pytest.param(14, 0.25, id="two weeks ago"),
    ],
)
def test_a_person_counts_half_for_every_week(days: int, expected: float) -> None:
    assert weight(days) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param({}, {}, id="nothing was shown"),
        pytest.param({1: 9}, {1: 1.0}, id="one job is as usual"),
        pytest.param({1: 10, 2: 30}, {1: 1.0, 2: 20 / 30}, id="never more than a person"),
        pytest.param({1: 1, 2: 1, 3: 28}, {1: 1.0, 2: 1.0, 3: 10 / 28}, id="sent to many"),
    ],
)
def test_who_was_shown_a_job_counts_less_the_more_it_was_shown(
    shown: dict[int, int], expected: dict[int, float]
) -> None:
    assert shares(shown) == pytest.approx(expected)


@given(st.dictionaries(st.integers(), st.integers(1, 10**7), min_size=1))
def test_shares_stay_between_nothing_and_one_person(shown: dict[int, int]) -> None:
    assert all(0 < share <= 1 for share in shares(shown).values())


@pytest.mark.parametrize(
    ("cities", "prefectures", "expected"),
    [
        pytest.param((), (), (JAPAN,), id="nothing is known"),
        pytest.param((), (13, 14), (13, JAPAN), id="the first prefecture"),
        pytest.param((14100,), (13,), (14100, 14, JAPAN), id="a city's own prefecture"),
        pytest.param((14104, 13101), (), (14104, 14100, 14, JAPAN), id="a ward lies in its city"),
        pytest.param((99999,), (), (99999, 99, JAPAN), id="a code that is no more"),
    ],
)
def test_areas_get_wider(
    cities: tuple[int, ...], prefectures: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert ladder(cities, prefectures) == expected


def test_the_occupation_is_given_up_last() -> None:
    assert cells_for((14, JAPAN), "看護師") == [(14, "看護師"), (JAPAN, "看護師"), (14, ""), (JAPAN, "")]
    assert cells_for((14, JAPAN), None) == [(14, ""), (JAPAN, "")]


def make_list(area: int, occupation: str, *jobs: int, is_thin: bool = False) -> CountedList:
    return CountedList(area, occupation, tuple(Place(job, 1.0, 5) for job in jobs), is_thin)


NATION = make_list(JAPAN, "看護師", 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("lists", "area", "occupation", "near"),
    [
        pytest.param(
            [make_list(14, "看護師", 1, 2, 3), NATION], 14, "看護師", (), id="the nearest is enough"
        ),
        pytest.param(
            [make_list(14, "看護師", 8, 1, is_thin=True), NATION],
            JAPAN,
            "看護師",
            (8,),
            id="a thin one gives near jobs",
        ),
        pytest.param(
            [make_list(14, "看護師", 8, 9), NATION], JAPAN, "看護師", (8, 9), id="too few jobs are open"
        ),
        pytest.param(
            [
                make_list(14100, "看護師", 7, is_thin=True),
                make_list(14, "看護師", 7, 8, 9, is_thin=True),
                NATION,
            ],
            JAPAN,
            "看護師",
            (7, 8),
            id="two near jobs at most, the nearest first",
        ),
        pytest.param(
            [
                make_list(14, "看護師", 8, is_thin=True),
                make_list(JAPAN, "看護師", 9, is_thin=True),
                make_list(14, "", 1, 2, 3),
            ],
            14,
            "",
            (8,),
            id="near jobs keep the occupation, and Japan is not near",
        ),
        pytest.param(
            [
                make_list(14, "看護師"),
                make_list(JAPAN, "看護師"),
                make_list(14, "", 5, is_thin=True),
                make_list(JAPAN, "", 1, 2, 3),
            ],
            JAPAN,
            "",
            (),
            id="other occupations are not near",
        ),
    ],
)
def test_the_first_list_with_enough_is_chosen(
    lists: list[CountedList], area: int, occupation: str, near: tuple[int, ...]
) -> None:
    chosen = choose_list(lists)
    assert chosen is not None
    assert (chosen.ranking.area, chosen.ranking.occupation, chosen.near) == (area, occupation, near)
    assert len(chosen.near) <= NEAR


@pytest.mark.parametrize(
    "lists", [[], [make_list(JAPAN, "", 1, 2, 3, is_thin=True)], [make_list(JAPAN, "", 1, 2)]]
)
def test_without_enough_there_is_no_ranking(lists: list[CountedList]) -> None:
    assert choose_list(lists) is None


def job(id_: int = 1, *, city: int | None = 14104, prefectures: tuple[int, ...] = (14,)) -> ListedJob:
    return ListedJob(id_, prefectures, city, "看護師")


def test_a_job_stands_in_every_list_it_belongs_to() -> None:
    areas = (14104, 14100, 13, 14, JAPAN)
    expected = {(area, word) for area in areas for word in ("看護師", ANY_OCCUPATION)}
    assert set(job(prefectures=(13, 14)).cells) == expected
    assert set(job(city=None).cells) == {(14, "看護師"), (14, ""), (JAPAN, "看護師"), (JAPAN, "")}


def counted(people: int, jobs: int) -> CountedList:
    """Everybody looks at the first job, one at each of the others."""
    tally = Tally()
    for person in range(people):
        tally.add(job(1), person, 1.0)
    for id_ in range(2, jobs + 1):
        tally.add(job(id_), 0, 1.0)
    return next(each for each in tally.lists({}) if (each.area, each.occupation) == (14, "看護師"))


@pytest.mark.parametrize(
    ("people", "jobs", "is_thin"),
    [
        pytest.param(ENOUGH_PEOPLE, ENOUGH_JOBS, False, id="just enough"),
        pytest.param(ENOUGH_PEOPLE - 1, ENOUGH_JOBS, True, id="too few people"),
        pytest.param(ENOUGH_PEOPLE, ENOUGH_JOBS - 1, True, id="too few jobs"),
    ],
)
def test_a_list_of_few_is_thin(people: int, jobs: int, is_thin: bool) -> None:
    assert counted(people, jobs).is_thin is is_thin


def test_a_list_is_ordered_by_score_then_id_and_ends() -> None:
    tally = Tally()
    for id_ in range(KEPT + 10, 0, -1):
        tally.add(job(id_), 1, 1.0)
    tally.add(job(25), 2, 0.5)
    best = next(each for each in tally.lists({}) if each.area == JAPAN).places
    assert [place.job_id for place in best] == [25, *(n for n in range(1, KEPT + 1) if n != 25)][:KEPT]
    assert best[0] == Place(25, 1.5, 2)


def test_people_to_whom_we_had_shown_it_count_their_share() -> None:
    tally = Tally()
    for person in range(4):
        tally.add(job(1), person, 0.5, was_shown=person < 3)
    [place] = next(each for each in tally.lists({1: 30, 2: 10}) if each.area == JAPAN).places
    assert place == Place(1, round(0.5 + 3 * 0.5 * 20 / 30, 6), 4)
