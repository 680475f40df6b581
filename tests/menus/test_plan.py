"""The order of publishing: from any state there is a way to the end, and on it nobody loses a menu."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from richmenu.facts import (
    Facts,
    Known,
    Seen,
    State,
)
from richmenu.objects import TabObject, is_default, tab_objects
from richmenu.plan import (
    after,
    next_step,
    plan,
)
from richmenu.steps import (
    AwaitMove,
    Create,
    Delete,
    DropAlias,
    GiveToOthers,
    GoLive,
    Move,
    PointAlias,
    SetDefault,
    Step,
    Upload,
)
from richmenu.words import words_of
from tests.menus.invented import make_menu, tab_data

MOST_STEPS = 80


def tabs(*names: str, bar: str = "メニュー") -> tuple[TabObject, ...]:
    """The tabs of invented menus: `newcomers/main`."""
    found = []
    for menu in dict.fromkeys(name.partition("/")[0] for name in names):
        keys = [name.partition("/")[2] for name in names if name.startswith(f"{menu}/")]
        found += tab_objects(make_menu(menu, *(tab_data(key) for key in keys), bar=bar))
    return tuple(found)


NEW = tabs("newcomers/main", "newcomers/more", "members/main")
OLD = tabs("newcomers/main", "newcomers/gone", "members/main", bar="前の版")


def as_known(tab: TabObject, state: State, id_: str | None, **more: bool) -> Known:
    """A tab written down."""
    return Known(tab.name, tab.digest, state, id_, tab.is_first, **more)


def settled(wanted: tuple[TabObject, ...]) -> Facts:
    """All of it is live."""
    ids = {tab.name: f"id-{tab.name}-{tab.digest[:6]}" for tab in wanted}
    return Facts(
        wanted,
        tuple(as_known(tab, State.LIVE, ids[tab.name]) for tab in wanted),
        Seen(
            {ids[tab.name]: str(tab.body["name"]) for tab in wanted},
            {tab.alias: ids[tab.name] for tab in wanted},
            next(ids[tab.name] for tab in wanted if is_default(tab)),
        ),
    )


def kinds(steps: list[Step]) -> list[str]:
    """Names of the steps, each run of equal ones once."""
    names = [type(step).__name__ for step in steps]
    return [name for at, name in enumerate(names) if not at or names[at - 1] != name]


def test_the_first_publishing_makes_all_then_gives() -> None:
    steps = plan(Facts(NEW, (), Seen(), has_others=True))
    assert kinds(steps) == [
        *["Create", "Upload"] * 3,
        "PointAlias",
        "SetDefault",
        "GoLive",
        "GiveToOthers",
    ]


def test_a_new_version_moves_everybody_before_the_old_one_goes() -> None:
    facts = replace(settled(OLD), wanted=NEW)
    steps = plan(facts)
    assert kinds(steps) == [
        *["Create", "Upload"] * 3,
        "PointAlias",
        "SetDefault",
        "GoLive",
        "Move",
        "AwaitMove",
    ]
    [move] = [step for step in steps if isinstance(step, Move)]
    assert len(move.moves) == 3
    assert len({new for _, new in move.moves}) == 2, "a tab that is no more leads to the first of its menu"


def test_what_is_left_long_enough_is_taken_away() -> None:
    facts = settled(NEW)
    old = OLD[1]
    seen = replace(
        facts.seen,
        menus={**facts.seen.menus, "old": str(old.body["name"])},
        aliases={**facts.seen.aliases, old.alias: "old"},
    )
    left = as_known(old, State.OLD, "old", is_emptied=True, is_left=True)
    steps = plan(replace(facts, seen=seen, known=(*facts.known, left)))
    assert steps == [DropAlias("newcomers-gone"), Delete("old")]


def test_nothing_is_done_twice() -> None:
    assert plan(settled(NEW)) == []


def test_what_is_not_ours_is_left_alone() -> None:
    facts = settled(NEW)
    seen = replace(
        facts.seen,
        menus={**facts.seen.menus, "foreign": "季節のメニュー"},
        aliases={**facts.seen.aliases, "foreign": "foreign"},
    )
    assert plan(replace(facts, seen=seen)) == []


def test_an_orphan_of_a_run_that_died_is_taken_over() -> None:
    orphan = {"orphan": str(NEW[0].body["name"])}
    steps = plan(Facts(NEW[:1], (), Seen(orphan)))
    assert [words_of(step).partition(":")[2].strip() for step in steps[:2]] == [
        "take over what an earlier run had made",
        "picture",
    ]
    assert not any(isinstance(step, Create) for step in steps)


def test_an_orphan_of_another_version_is_removed() -> None:
    facts = settled(NEW)
    seen = replace(facts.seen, menus={**facts.seen.menus, "orphan": "goen:newcomers/main:0123456789abcdef"})
    assert plan(replace(facts, seen=seen)) == [Delete("orphan")]


def test_without_a_batch_left_people_are_given_theirs_singly_and_the_old_one_stays() -> None:
    facts = replace(settled(OLD), wanted=NEW, may_move=False, has_others=True)
    steps = plan(facts)
    assert kinds(steps)[-2:] == ["GoLive", "GiveToOthers"]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        pytest.param({"default": "foreign"}, SetDefault, id="default changed"),
        pytest.param({"default": None}, SetDefault, id="default gone"),
        pytest.param({"aliases": {}}, PointAlias, id="aliases gone"),
        pytest.param({"menus": {}}, Create, id="menus gone"),
    ],
)
def test_what_differs_at_line_is_mended(change: dict[str, Any], step: type[Step]) -> None:
    facts = settled(NEW)
    changed = replace(facts, seen=replace(facts.seen, **change))
    assert step in {type(each) for each in plan(changed)}
    assert next_step(_through(changed)) is None


def test_every_step_has_words() -> None:
    steps = [*plan(Facts(NEW, (), Seen(), has_others=True)), *plan(replace(settled(OLD), wanted=NEW))]
    assert all(words_of(step) for step in [*steps, Delete("richmenu-1"), DropAlias("a"), AwaitMove()])


STATES = st.sampled_from(State)


@st.composite
def facts_of_any_kind(draw: st.DrawFn) -> Facts:
    """States that crashes, editors and people at LINE's own console can leave behind."""
    known, menus = [], {}
    for number, tab in enumerate((*NEW, *OLD)):
        if not draw(st.booleans()):
            continue
        id_ = f"id{number}"
        state = draw(STATES)
        emptied = draw(st.booleans())
        known.append(
            as_known(tab, state, id_, is_emptied=emptied, is_left=emptied and draw(st.booleans()))
            if state is State.OLD
            else as_known(tab, State.CREATED if state is State.WANTED else state, id_)
        )
        if draw(st.booleans()):
            menus[id_] = str(tab.body["name"])
    for number, tab in enumerate(draw(st.lists(st.sampled_from((*NEW, *OLD)), max_size=2))):
        menus[f"orphan{number}"] = str(tab.body["name"])
    targets = st.sampled_from([*menus, "foreign"])
    aliases = {tab.alias: draw(targets) for tab in (*NEW, *OLD) if draw(st.booleans())}
    return Facts(
        NEW,
        tuple(known),
        Seen(menus, aliases, draw(st.none() | targets)),
        is_moving=draw(st.booleans()),
        may_move=draw(st.booleans()),
        has_others=draw(st.booleans()),
    )


@given(facts_of_any_kind())
@settings(max_examples=300, deadline=None)
def test_from_every_state_publishing_comes_to_an_end_and_nobody_loses_a_menu(facts: Facts) -> None:
    for number in range(MOST_STEPS):
        step = next_step(facts)
        if step is None:
            break
        _check_that_nobody_loses(facts, step)
        facts = after(facts, step, f"new{number}")
    else:
        raise AssertionError("it never ends")
    assert {facts.seen.aliases[tab.alias] for tab in NEW} == {facts.id_of(tab) for tab in NEW}
    assert facts.seen.default == facts.id_of(NEW[0])
    assert all(facts.id_of(tab) in facts.seen.menus for tab in NEW)


def _check_that_nobody_loses(facts: Facts, step: Step) -> None:
    """What is taken away is no default, no alias's target, not live, and not what people may still have."""
    known = {each.rich_menu_id: each for each in facts.known}
    match step:
        case Delete(id_):
            assert id_ != facts.seen.default
            assert id_ not in facts.seen.aliases.values()
            assert id_ not in known or known[id_].state is not State.LIVE
            assert id_ not in known or known[id_].is_left or known[id_].state is not State.OLD
        case PointAlias(_, id_, _) | SetDefault(id_):
            assert known[id_].state in {State.READY, State.LIVE, State.OLD}
        case Move(moves):
            assert all(known[new].state is State.LIVE for _, new in moves)
        case Upload(_, id_):
            assert id_ in facts.seen.menus
        case GoLive() | GiveToOthers():
            assert all(facts.known_of(tab) is not None for tab in facts.wanted)
        case _:
            pass


def _through(facts: Facts) -> Facts:
    for number in range(MOST_STEPS):
        step = next_step(facts)
        if step is None:
            return facts
        facts = after(facts, step, f"new{number}")
    raise AssertionError("it never ends")
