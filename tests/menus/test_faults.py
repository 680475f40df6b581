"""What may not go live, or should be looked at again: each with its place and in plain words."""

from pathlib import Path
from typing import Any

import pytest

from app.yaml_files import check_files
from handlers.dispatch import POSTBACK_ACTIONS
from richmenu.commands import COMMANDS
from richmenu.faults import picture_faults
from richmenu.loading import MENU, MENUS, check_menu, load_menu, read_menu, shipped_menus
from richmenu.objects import TAB_COMMAND
from richmenu.rules import ROLES, Size
from richmenu.schema import PostbackAction
from tests.menus.invented import area_data, menu_data, tab_data


def test_the_shipped_menus_have_neither_errors_nor_warnings() -> None:
    assert check_files(MENU) == []
    assert {name for name, menu in shipped_menus().items() if check_menu(menu.model_dump()).faults} == set()
    assert set(shipped_menus()) == set(ROLES)


def test_every_command_of_the_catalogue_has_its_handler() -> None:
    assert set(COMMANDS) | {TAB_COMMAND} <= set(POSTBACK_ACTIONS)


def test_surveys_that_shipped_menus_begin_are_there() -> None:
    from_menus = {
        area.action.values["name"]
        for menu in shipped_menus().values()
        for tab in menu.tabs
        for area in tab.areas
        if isinstance(area.action, PostbackAction) and area.action.command == "survey.start"
    }
    assert from_menus == {"preferences"}


def faults_of(data: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Path, words and weight of each."""
    return [
        (".".join(map(str, fault.where)), fault.what, fault.is_error) for fault in check_menu(data).faults
    ]


def with_areas(*areas: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A menu whose only tab has these areas."""
    return menu_data("newcomers", tab_data(areas=list(areas), **more))


def placed(x: int, y: int, width: int, height: int, **more: Any) -> dict[str, Any]:
    """An area at a place of its own."""
    return area_data(x=x, y=y, width=width, height=height, **more)


LEFT, RIGHT = placed(0, 0, 1250, 843), placed(1250, 0, 1250, 843)
UNKNOWN_TAB = {"type": "tab", "tab": "nowhere"}


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        pytest.param(
            menu_data(bar="あ" * 15), "bar", "メニューバーの文字は14文字までです(いま15文字)。", id="bar"
        ),
        pytest.param(
            with_areas(LEFT, placed(1249, 0, 1251, 843)),
            "tabs.0.areas.1",
            "ボタンAとBの範囲が重なっています。どちらかを動かしてください。",
            id="overlap",
        ),
        pytest.param(
            with_areas(LEFT, placed(1250, 0, 1251, 843)),
            "tabs.0.areas.1",
            "ボタンBが画像の外にはみ出しています。",
            id="outside",
        ),
        pytest.param(
            with_areas(placed(-1, 0, 1251, 843), RIGHT),
            "tabs.0.areas.0",
            "ボタンAが画像の外にはみ出しています。",
            id="outside on the left",
        ),
        pytest.param(
            with_areas(placed(0, 0, 0, 843)), "tabs.0.areas.0", "ボタンAに大きさがありません。", id="no size"
        ),
        pytest.param(
            with_areas(*(placed(x, 0, 119, 843) for x in range(0, 21 * 119, 119))),
            "tabs.0.areas",
            "ボタンは20個までです(いま21個)。",
            id="21 areas",
        ),
        pytest.param(
            with_areas(LEFT, RIGHT | {"action": UNKNOWN_TAB}),
            "tabs.0.areas.1.action.tab",
            "切り替え先のタブ「nowhere」がありません。",
            id="alias missing",
        ),
        pytest.param(
            with_areas(LEFT, RIGHT | {"action": {"type": "postback", "command": "no.such"}}),
            "tabs.0.areas.1.action.command",
            "「no.such」という動作はありません。",
            id="unknown command",
        ),
        pytest.param(
            with_areas(LEFT, RIGHT | {"action": {"type": "postback", "command": "survey.start"}}),
            "tabs.0.areas.1.action.values",
            "アンケートの名前(name)を決めてください。",
            id="command incomplete",
        ),
        pytest.param(
            with_areas(LEFT, RIGHT | {"action": {"type": "uri"}}),
            "tabs.0.areas.1.action.uri",
            "必要な項目がありません",
            id="action incomplete",
        ),
        pytest.param(
            with_areas(LEFT, RIGHT | {"action": {"type": "uri", "uri": "javascript:alert(1)"}}),
            "tabs.0.areas.1.action.uri",
            "https:// や tel: で始まる、1000文字までのアドレスにしてください。",
            id="no address",
        ),
        pytest.param(
            with_areas(LEFT, RIGHT | {"label": "相談😀"}),
            "tabs.0.areas.1.label",
            "絵文字は画像に描けません。アイコンを選んでください。",
            id="emoji",
        ),
        pytest.param(
            with_areas(LEFT, RIGHT | {"icon": "no-such-icon"}),
            "tabs.0.areas.1.icon",
            "「no-such-icon」というアイコンはありません",
            id="unknown icon",
        ),
        pytest.param(
            with_areas(LEFT, RIGHT | {"label": "あ" * 21}),
            "tabs.0.areas.1.label",
            "20文字までです(いま21文字)。",
            id="label too long",
        ),
        pytest.param(
            menu_data("newcomers", tab_data("a"), tab_data("a")),
            "tabs.1.key",
            "「a」は前のタブで使われています",
            id="tab twice",
        ),
        pytest.param(
            with_areas(placed(0, 0, 2500, 1725), width=2500, height=1725),
            "tabs.0.width",
            "画像が縦に長すぎます。幅2500pxなら高さは1724pxまでです(いま1725px)。",
            id="too tall",
        ),
    ],
)
def test_what_line_would_refuse_is_an_error(data: dict[str, Any], where: str, what: str) -> None:
    assert (where, what, True) in faults_of(data)
    assert not check_menu(data).may_go_live


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        pytest.param(with_areas(LEFT), "tabs.0.areas", "押しても何も起きない所が1か所あります。", id="gap"),
        pytest.param(
            with_areas(placed(0, 0, 292, 843), placed(292, 0, 2208, 843)),
            "tabs.0.areas.0",
            "ボタンAが小さく、押しにくいことがあります。",
            id="small",
        ),
    ],
)
def test_what_people_may_stumble_over_is_a_warning(data: dict[str, Any], where: str, what: str) -> None:
    assert faults_of(data) == [(where, what, False)]
    assert check_menu(data).may_go_live


def test_fourteen_graphemes_fit_the_bar() -> None:
    assert check_menu(menu_data(bar="あ" * 14)).faults == ()


@pytest.mark.parametrize(
    ("size", "weight", "count"),
    [
        pytest.param(Size(2500, 1686), 1024 * 1024, 0, id="large, 1 MB"),
        pytest.param(Size(800, 250), 1, 0, id="smallest"),
        pytest.param(Size(2500, 1724), 1, 0, id="tallest"),
        pytest.param(Size(2500, 1686), 1024 * 1024 + 1, 1, id="heavier than 1 MB"),
        pytest.param(Size(799, 270), 1, 1, id="too narrow"),
        pytest.param(Size(2501, 1686), 1, 1, id="too wide"),
        pytest.param(Size(800, 249), 1, 1, id="too low"),
        pytest.param(Size(1000, 690), 1, 1, id="ratio under 1.45"),
    ],
)
def test_pictures_keep_lines_limits(size: Size, weight: int, count: int) -> None:
    assert len(list(picture_faults(size, weight))) == count


def test_a_fault_of_a_file_names_line_and_field(tmp_path: Path) -> None:
    text = (MENUS / "placed.yaml").read_text("utf-8")
    path = tmp_path / "placed.yaml"
    path.write_text(text.replace("command: staff.ask", "command: staff.aks"), "utf-8")
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "staff.ask" in words)
    assert load_menu(path).faults == (
        f"{path}:{line}: tabs[0].areas[1].action.command: 「staff.aks」という動作はありません。",
    )


def test_what_is_no_yaml_is_a_fault() -> None:
    read = read_menu("name: [", source="menu.yaml")
    assert read.value is None
    assert read.faults[0].startswith("menu.yaml:1: YAML: ")


def test_a_misspelt_field_is_a_fault() -> None:
    read = read_menu("name: a\ntitel: b\n", source="menu.yaml")
    assert "menu.yaml:2: titel: 知らない項目です" in read.faults


def test_two_files_of_one_name_are_a_fault(tmp_path: Path) -> None:
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for path in paths:
        path.write_text((MENUS / "placed.yaml").read_text("utf-8"), "utf-8")
    assert check_files(MENU, paths) == [f"{paths[1]}:1: name: 「placed」は {paths[0]} でも使われています"]
