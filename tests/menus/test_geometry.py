"""Where areas lie: presets tile exactly, areas are kept on the picture, gaps and overlaps are found."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richmenu.presets import LARGE, PRESETS, SMALL, Preset
from richmenu.rules import (
    MEMBERS,
    NEWCOMERS,
    PLACED,
    Bounds,
    MenuFacts,
    Size,
    choose_menu,
    clamp,
    gaps,
    is_inside,
    is_small,
    letter,
    overlap,
)

EDGES = st.integers(-4000, 4000)
BOUNDS = st.builds(Bounds, EDGES, EDGES, EDGES, EDGES)
SIZES = st.builds(Size, st.integers(1, 2500), st.integers(1, 1724))
INSIDE = st.tuples(BOUNDS, SIZES).map(lambda pair: (clamp(*pair), pair[1]))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_tiles_its_picture_exactly(preset: Preset) -> None:
    assert sum(area.width * area.height for area in preset.areas) == preset.size.width * preset.size.height
    assert not any(overlap(one, other) for one, other in combinations(preset.areas, 2))
    assert all(is_inside(area, preset.size) for area in preset.areas)
    assert gaps(preset.areas, preset.size) == []


@pytest.mark.parametrize(
    ("name", "areas"),
    [
        pytest.param("large_6", 6, id="大1"),
        pytest.param("large_4", 4, id="大2"),
        pytest.param("large_1_3", 4, id="大3"),
        pytest.param("large_wide_2", 3, id="大4"),
        pytest.param("large_rows", 2, id="大5"),
        pytest.param("large_columns", 2, id="大6"),
        pytest.param("large_1", 1, id="大7"),
        pytest.param("small_3", 3, id="小1"),
        pytest.param("small_2", 2, id="小2"),
        pytest.param("small_wide_narrow", 2, id="小3"),
        pytest.param("small_narrow_wide", 2, id="小4"),
        pytest.param("small_1", 1, id="小5"),
        pytest.param("tabs_2_6", 8, id="two tabs"),
        pytest.param("tabs_3_6", 9, id="three tabs"),
    ],
)
def test_presets_are_those_of_the_guide(name: str, areas: int) -> None:
    preset = PRESETS[name]
    assert len(preset.areas) == areas
    assert preset.size == (SMALL if name.startswith("small") else LARGE)


def test_the_wide_presets_have_the_guides_pixels() -> None:
    assert PRESETS["large_wide_2"].areas == (
        Bounds(0, 0, 1667, 1686),
        Bounds(1667, 0, 833, 843),
        Bounds(1667, 843, 833, 843),
    )
    assert PRESETS["tabs_2_6"].areas[2] == Bounds(0, 300, 833, 693)
    assert PRESETS["tabs_2_6"].areas[-1] == Bounds(1667, 993, 833, 693)


@given(BOUNDS, SIZES)
def test_a_clamped_area_lies_on_the_picture_and_stays_there(bounds: Bounds, size: Size) -> None:
    clamped = clamp(bounds, size)
    assert is_inside(clamped, size)
    assert clamped.width >= 1
    assert clamped.height >= 1
    assert clamp(clamped, size) == clamped


@given(INSIDE)
def test_an_area_that_lies_on_the_picture_is_left_alone(pair: tuple[Bounds, Size]) -> None:
    bounds, size = pair
    assert clamp(bounds, size) == bounds


@given(st.lists(BOUNDS, max_size=8), SIZES)
def test_gaps_and_areas_cover_every_pixel_once(areas: list[Bounds], size: Size) -> None:
    inside = [clamp(area, size) for area in areas]
    found = gaps(areas, size)
    assert not any(overlap(one, other) for one, other in combinations(found, 2))
    assert not any(overlap(gap, area) for gap in found for area in inside)
    bare = sum(gap.width * gap.height for gap in found)
    assert bare == size.width * size.height - _covered(inside)


@given(BOUNDS, BOUNDS)
def test_overlap_is_mutual(one: Bounds, other: Bounds) -> None:
    assert overlap(one, other) == overlap(other, one)


def test_touching_is_no_overlap() -> None:
    assert not overlap(Bounds(0, 0, 100, 100), Bounds(100, 0, 100, 100))
    assert overlap(Bounds(0, 0, 101, 100), Bounds(100, 0, 100, 100))


def test_small_is_under_44_pixels_of_a_phone() -> None:
    assert not is_small(Bounds(0, 0, 293, 293), LARGE)
    assert is_small(Bounds(0, 0, 292, 800), LARGE)
    assert is_small(Bounds(0, 0, 800, 292), LARGE)
    assert not is_small(Bounds(0, 0, 94, 94), Size(800, 540))


def test_areas_have_letters() -> None:
    assert [letter(index) for index in (0, 1, 19)] == ["A", "B", "T"]


@pytest.mark.parametrize(
    ("is_linked", "is_placed", "menu"),
    [
        pytest.param(False, False, NEWCOMERS, id="not linked"),
        pytest.param(True, False, MEMBERS, id="linked"),
        pytest.param(True, True, PLACED, id="placed"),
    ],
)
def test_a_person_sees_the_menu_that_is_right(is_linked: bool, is_placed: bool, menu: str) -> None:
    assert choose_menu(MenuFacts(is_linked=is_linked, is_placed=is_placed)) == menu


def _covered(areas: list[Bounds]) -> int:
    """Pixels under at least one area, column by column of their edges."""
    columns = sorted({edge for area in areas for edge in (area.x, area.right)})
    total = 0
    for left, right in pairwise(columns):
        spans = sorted((a.y, a.bottom) for a in areas if a.x <= left and a.right >= right)
        reached = tall = 0
        for top, bottom in spans:
            tall += max(0, bottom - max(top, reached))
            reached = max(reached, bottom)
        total += tall * (right - left)
    return total
