"""Scripts are read whole or refused with file, line and step; messages are compared part by part."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.line.messages import message_action, text_message
from app.simulator.scripts.folder import list_scripts, save_script, written
from app.simulator.scripts.matching import differences
from app.simulator.scripts.moments import next_moment
from app.simulator.scripts.reading import load_script, read_script
from app.simulator.scripts.recording import written_duration
from app.simulator.scripts.script import BadScript, Expected, Script
from app.simulator.scripts.values import VERBS, BadValue, read_duration

SECOND = timedelta(seconds=1)


def read(*steps: str, head: str = "name: 見本") -> Script:
    lines = "".join(f"  - {step}\n" for step in steps)
    return read_script(f"{head}\nsteps:\n{lines}", source="a.yaml")


def test_a_script_knows_its_people_and_where_each_step_stands() -> None:
    script = read("follow", "{who: 架空 次郎, say: こんにちは}", head="people: [架空 花子, 架空 次郎]")
    assert [(step.who, step.verb, step.value) for step in script.steps] == [
        ("架空 花子", "follow", None),
        ("架空 次郎", "say", "こんにちは"),
    ]
    assert script.place(script.steps[1]) == "a.yaml:4: step 2 (say)"


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        pytest.param("dance", "dance is not one of", id="unknown word"),
        pytest.param("{say: あ, tap: い}", "say, tap is not one of", id="two words"),
        pytest.param("[1]", "a step is a word", id="a list"),
        pytest.param("{who: だれか, say: あ}", "'だれか' is not one of the people", id="unknown person"),
        pytest.param("{say: ''}", "(say) a text is expected", id="empty text"),
        pytest.param("{say: true}", "(say) a text is expected", id="no text"),
        pytest.param("{follow: 3}", "(follow) this step takes no value", id="value too many"),
        pytest.param("{wait: soon}", "(wait) 'soon' is not a duration", id="no duration"),
        pytest.param("{wait: 0s}", "(wait) a duration is longer than nothing", id="no time at all"),
        pytest.param("{until: noon}", "(until) 'noon' is not a moment", id="no moment"),
        pytest.param("{tap: {lable: あ}}", "(tap) 'lable' is not known here", id="misspelt"),
        pytest.param("{send: parcel}", "(send) 'parcel' cannot be sent", id="unknown kind"),
        pytest.param("{expect: []}", "(expect) nothing is expected", id="expects nothing"),
        pytest.param("{expect: 3}", "(expect) a message is expected by", id="expects a number"),
        pytest.param("{expect: {type: letter}}", "(expect) 'letter' is not a type", id="unknown type"),
        pytest.param("{fault: {kind: '500'}}", "(fault) a fault has endpoint and kind", id="half a fault"),
        pytest.param("{quota: -1}", "(quota) a quota is", id="negative quota"),
    ],
)
def test_a_wrong_step_is_named_with_file_line_and_step(step: str, fault: str) -> None:
    with pytest.raises(BadScript) as refused:
        read("follow", step)
    assert [line.startswith("a.yaml:4: step 2: ") for line in refused.value.faults] == [True]
    assert fault in refused.value.faults[0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("steps: [", "a.yaml:1: this is not YAML", id="no YAML"),
        pytest.param("- follow\n", "a.yaml:1: a script has name", id="no mapping"),
        pytest.param("name: x\n", "a.yaml:1: steps is a list", id="no steps"),
        pytest.param("people: 3\nsteps: [follow]\n", "a.yaml:1: people is a list", id="no people"),
        pytest.param("steps: [follow]\ncolour: red\n", "a.yaml:2: 'colour' is not known", id="unknown key"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(text: str, fault: str) -> None:
    with pytest.raises(BadScript) as refused:
        read_script(text, source="a.yaml")
    assert refused.value.faults[0].startswith(fault)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BadScript, match="cannot be read"):
        load_script(tmp_path / "missing.yaml")


@given(st.integers(1, 400 * 86_400))
def test_a_written_duration_is_read_as_it_was(seconds: int) -> None:
    assert read_duration(written_duration(seconds)) == timedelta(seconds=seconds)


@given(st.sampled_from(sorted(VERBS)), st.recursive(st.none() | st.text() | st.integers(), st.lists))
def test_no_value_breaks_a_verb(verb: str, value: Any) -> None:
    with suppress(BadValue):
        VERBS[verb](value)


NOON = datetime(2026, 12, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param(time(12, 1), datetime(2026, 12, 1, 3, 1, tzinfo=UTC), id="later today"),
        pytest.param(time(12, 0), datetime(2026, 12, 2, 3, tzinfo=UTC), id="this very minute is tomorrow's"),
        pytest.param(time(9), datetime(2026, 12, 2, 0, tzinfo=UTC), id="earlier is tomorrow's"),
        pytest.param(
            datetime(2026, 12, 24, 9),  # noqa: DTZ001 - as YAML gives it: without a zone
            datetime(2026, 12, 24, 0, tzinfo=UTC),
            id="a date of Tokyo",
        ),
    ],
)
def test_a_moment_is_the_next_such_one(moment: Any, expected: datetime) -> None:
    assert next_moment(moment, int(NOON.timestamp() * 1000)) == int(expected.timestamp() * 1000)


MESSAGE = text_message("こんにちは\nお元気ですか", choices=[message_action("はい", "はい")])


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        pytest.param(Expected(), [], id="anything"),
        pytest.param(Expected(texts=("お元気",)), [], id="contained"),
        pytest.param(
            Expected(texts=("さようなら",)),
            ["- text with: さようなら", "+ text: こんにちは お元気ですか"],
            id="not contained",
        ),
        pytest.param(Expected(absent=("元気",)), 1, id="should be absent"),
        pytest.param(Expected(kind="flex"), ["- type: flex", "+ type: text"], id="another type"),
        pytest.param(Expected(quick_replies=("はい",)), [], id="quick replies"),
        pytest.param(
            Expected(quick_replies=()), ["- quick replies: (none)", "+ quick replies: はい"], id="none wanted"
        ),
        pytest.param(
            Expected(buttons=("詳しく",)), ["- buttons: 詳しく", "+ buttons: (none)"], id="a button"
        ),
        pytest.param(Expected(sender="佐藤"), ["- sender: 佐藤", "+ sender: (the account)"], id="sender"),
        pytest.param(Expected(within=SECOND), [], id="exactly in time"),
        pytest.param(
            Expected(within=SECOND / 2), ["- within: 0:00:00.500000", "+ after: 0:00:01"], id="late"
        ),
    ],
)
def test_a_message_is_compared_part_by_part(expected: Expected, found: Any) -> None:
    seen = differences(expected, MESSAGE, SECOND)
    assert (len(seen) if isinstance(found, int) else seen) == found


def test_a_saved_script_is_listed_and_a_second_one_does_not_replace_it(tmp_path: Path) -> None:
    script = {"name": "見本/../会話", "about": "", "people": ["架空 花子"], "steps": ["follow"]}
    first, second = save_script(tmp_path, script), save_script(tmp_path, script)
    assert first.parent == second.parent == tmp_path
    assert first != second
    (tmp_path / "wrong.yaml").write_text("steps: []\n")
    listed = {each.path.name: each.fault for each in list_scripts(tmp_path) if each.place == "recorded"}
    assert listed[first.name] == ""
    assert "steps is a list" in listed["wrong.yaml"]
    assert read_script(written(script), source="x").name == script["name"]
