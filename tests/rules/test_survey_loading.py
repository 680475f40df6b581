"""Bad survey files: each fault by file, line, field and in plain words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.yaml_files import check_files
from surveys.loading import DEFINITIONS, SURVEY, load_survey, read_survey, shipped_surveys
from surveys.words import FORBIDDEN_TOPICS, forbidden_words

GOOD = """\
name: pets
title: 動物
greeting: はじめます
closing: おわり
questions:
  - key: pet
    type: single
    text: どれが好き？
    label: 動物
    options: [犬, 猫]
  - key: food
    type: multi
    text: 何を食べる？
    label: 食べ物
    options:
      - {value: meat, label: 肉}
      - 草
    only_if: {question: pet, is: 犬}
"""


def faults_after(old: str, new: str) -> list[str]:
    assert old in GOOD
    return list(read_survey(GOOD.replace(old, new, 1), source="pets.yaml").faults)


def test_a_good_survey_has_no_faults() -> None:
    loaded = read_survey(GOOD, source="pets.yaml")
    assert loaded.faults == ()
    assert loaded.value is not None
    assert [option.value for option in loaded.value.questions[1].options] == ["meat", "草"]


def test_what_ships_may_go_live() -> None:
    assert check_files(SURVEY) == []
    assert set(shipped_surveys()) == {"preferences", "extras", "newcomer"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("title: 動物\n", "", "pets.yaml:1: title: 必要な項目がありません", id="a missing field"),
        pytest.param(
            "greeting: はじめます", "greeting: '  '", "pets.yaml:3: greeting: 空です", id="no greeting"
        ),
        pytest.param(
            "    label: 動物\n", "", "pets.yaml:6: questions[0].label: 必要な項目がありません", id="no label"
        ),
        pytest.param(
            "    label: 動物",
            "    labels: 動物",
            "pets.yaml:9: questions[0].labels: 知らない項目です",
            id="misspelt",
        ),
        pytest.param(
            "key: pet",
            "key: Pet!",
            "pets.yaml:6: questions[0].key: 半角の英小文字・数字・_ を 1〜30 文字で書いてください",
            id="a bad key",
        ),
        pytest.param(
            "key: food",
            "key: pet",
            "pets.yaml:11: questions[1].key: 「pet」は前の質問で使われています",
            id="a key twice",
        ),
        pytest.param(
            "question: pet",
            "question: fish",
            "pets.yaml:18: questions[1].only_if.question: 「fish」という質問はありません",
            id="a dangling branch",
        ),
        pytest.param(
            "question: pet",
            "question: food",
            "pets.yaml:18: questions[1].only_if.question: 「food」はこの質問より前にありません",
            id="a branch to itself",
        ),
        pytest.param(
            "options: [犬, 猫]",
            "options: [犬, 猫]\n    only_if: {question: food, is: meat}",
            "pets.yaml:11: questions[0].only_if.question: 「food」はこの質問より前にありません",
            id="a branch to a later question",
        ),
        pytest.param(
            "is: 犬",
            "is: 鳥",
            "pets.yaml:18: questions[1].only_if: 「鳥」は pet の選択肢にありません",
            id="a value nobody can give",
        ),
        pytest.param(
            ", is: 犬",
            "",
            "pets.yaml:18: questions[1].only_if: is または any_of が必要です",
            id="a condition without a value",
        ),
        pytest.param(
            "    options: [犬, 猫]\n",
            "",
            "pets.yaml:6: questions[0].options: 選択肢がありません",
            id="no options",
        ),
        pytest.param(
            "[犬, 猫]",
            "[犬, 犬]",
            "pets.yaml:10: questions[0].options: 値「犬」が二度使われています",
            id="an option twice",
        ),
        pytest.param(
            "label: 肉}",
            "label: 肉, aliases: [草]}",
            "pets.yaml:15: questions[1].options: 「草」が複数の選択肢で使われています",
            id="one word for two options",
        ),
        pytest.param(
            "label: 肉}",
            f"label: {'肉' * 21}}}",
            "pets.yaml:16: questions[1].options[0].label: 長すぎます（21文字、20文字まで）",
            id="a long label",
        ),
        pytest.param(
            "label: 肉}",
            "label: やめる}",
            "pets.yaml:16: questions[1].options[0].label: 「やめる」は操作のボタンと同じ言葉です",
            id="a label like a control",
        ),
        pytest.param(
            "type: multi",
            "type: number",
            "pets.yaml:16: questions[1].options[0].value: number の選択肢は整数にしてください",
            id="a word for a number",
        ),
        pytest.param(
            "type: multi",
            "type: text",
            "pets.yaml:15: questions[1].options: text の質問に選択肢は付けられません",
            id="options of free text",
        ),
        pytest.param(
            "[犬, 猫]",
            "[" + ", ".join(f"犬{n}" for n in range(31)) + "]",
            "pets.yaml:10: questions[0].options: ボタンが多すぎます（31個、30個まで）",
            id="too many buttons",
        ),
        pytest.param(
            "どれが好き？",
            "本 籍はどちらですか？",
            "pets.yaml:8: questions[0].text: 「本籍」に関わることは尋ねられません（職業安定法第5条の5）",
            id="a forbidden topic",
        ),
        pytest.param(
            "label: 肉}",
            "label: 肉, aliases: [信条]}",
            "pets.yaml:16: questions[1].options[0].aliases[0]: "
            "「信条」に関わることは尋ねられません（職業安定法第5条の5）",
            id="a forbidden topic in an option",
        ),
        pytest.param(
            "closing: おわり",
            "closing: お祝い金をさしあげます",
            "pets.yaml:4: closing: 「祝い金」は書けません（金品による勧誘の禁止）",
            id="a gift",
        ),
        pytest.param(
            "title: 動物",
            "title: 動物\ntitle: 鳥",
            "pets.yaml:3: YAML: 同じ項目が二度書かれています",
            id="a field twice",
        ),
        pytest.param(
            "type: single",
            "least: 5\n    most: 1\n    type: single",
            "pets.yaml:7: questions[0].least: least が most より大きくなっています",
            id="bounds the wrong way round",
        ),
        pytest.param(
            "type: single",
            "bare_unit: 0\n    type: single",
            "pets.yaml:7: questions[0].bare_unit: 1 以上の整数にしてください",
            id="a unit of nothing",
        ),
        pytest.param(
            "type: single",
            "up_to: 9\n    type: single",
            "pets.yaml:7: questions[0].up_to: 5 以下にしてください",
            id="too many places",
        ),
        pytest.param(
            "type: single",
            "required: maybe\n    type: single",
            "pets.yaml:7: questions[0].required: true か false で書いてください",
            id="not a yes or no",
        ),
    ],
)
def test_a_fault_is_named_by_line_and_field(old: str, new: str, expected: str) -> None:
    assert expected in faults_after(old, new)


def test_an_unknown_type_names_the_known_ones() -> None:
    (fault,) = faults_after("type: multi", "type: choose")
    assert fault.startswith("pets.yaml:12: questions[1].type: 'single', 'multi', 'number'")


def test_a_branch_on_free_text_is_a_fault() -> None:
    faults = faults_after("type: single", "type: text")
    assert (
        "pets.yaml:18: questions[1].only_if.question: 分岐の条件にできるのは single と multi の質問だけです"
        in faults
    )


def test_a_value_that_fits_into_no_button_is_a_fault() -> None:
    text = GOOD.replace("key: food", f"key: {'f' * 30}").replace("value: meat", f"value: {'🍖' * 20}")
    assert read_survey(text, source="f").faults == (
        "f:16: questions[1].options[0].value: 長すぎて、ボタンのデータに入りません",
    )


def test_all_faults_are_told_at_once() -> None:
    faults = read_survey(
        GOOD.replace("どれが好き？", "宗教は？").replace("is: 犬", "is: 鳥"), source="f"
    ).faults
    assert [fault.split(": ")[0] for fault in faults] == ["f:8", "f:18"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        pytest.param("", "x.yaml:1: survey: ", id="an empty file"),
        pytest.param("- a\n- b\n", "x.yaml:1: survey: ", id="a list"),
        pytest.param("a: [1,\n", "x.yaml:2: YAML: ", id="not closed"),
        pytest.param("a:\n\t- b", "x.yaml:2: YAML: ", id="a tab"),
        pytest.param("a: &a\n  - *a\n", "x.yaml:1: ", id="a list that holds itself"),
        pytest.param("{a: 1}: 2", "x.yaml:1: YAML: 項目の名前", id="a mapping as a name"),
        pytest.param("- ? [a]\n  : 2", "x.yaml:1: YAML: 項目の名前", id="a list as a name"),
        pytest.param("a: \x00", "x.yaml:1: YAML: ", id="NUL"),
        pytest.param("questions: 5", "x.yaml:1: closing: ", id="a number for the questions"),
        pytest.param("a: !!python/object:os.system x", "x.yaml:1: ", id="a tag"),
    ],
)
def test_what_is_no_survey_at_all_is_a_fault(text: str, start: str) -> None:
    loaded = read_survey(text, source="x.yaml")
    assert loaded.value is None
    assert loaded.faults[0].startswith(start)


@given(st.text())
def test_any_text_gives_a_survey_or_faults(text: str) -> None:
    loaded = read_survey(text, source="x")
    assert (loaded.value is None) == bool(loaded.faults)


@given(st.integers(0, len(GOOD)), st.text(alphabet="ab12: -[]{},&*!|>'#\n\t本籍", max_size=8))
def test_a_survey_with_anything_typed_into_it_is_read_or_refused(position: int, typed: str) -> None:
    loaded = read_survey(GOOD[:position] + typed + GOOD[position:], source="x")
    assert (loaded.value is None) == bool(loaded.faults)
    assert all(fault.startswith("x:") for fault in loaded.faults)


def test_files_are_checked_by_path(tmp_path: Path) -> None:
    good, same, latin, missing = (tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml", "d.yaml"))
    good.write_text(GOOD, encoding="utf-8")
    same.write_text(GOOD, encoding="utf-8")
    latin.write_bytes("name: 動物".encode("shift_jis"))
    assert check_files(SURVEY, [good]) == []
    assert check_files(SURVEY, [good, same]) == [f"{same}:1: name: 「pets」は {good} でも使われています"]
    assert check_files(SURVEY, [latin]) == [f"{latin}:1: file: 読めません（UnicodeDecodeError）"]
    assert check_files(SURVEY, [missing]) == [f"{missing}:1: file: 読めません（FileNotFoundError）"]


def test_every_forbidden_topic_is_found_whatever_the_spacing() -> None:
    for topic in FORBIDDEN_TOPICS:
        assert any(topic in fault for fault in forbidden_words(f"あなたの{topic[0]} {topic[1:]}について"))


def test_work_words_that_look_alike_are_allowed() -> None:
    for words in (
        "出身校の専攻",
        "障害者支援施設",
        "家族のように温かい職場",
        "お祝いの花",
        "国際事務",
        "賃金",
    ):
        assert forbidden_words(words) == []


def test_the_shipped_files_are_where_the_loader_looks() -> None:
    assert load_survey(DEFINITIONS / "preferences.yaml").value == shipped_surveys()["preferences"]
