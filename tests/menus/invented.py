"""Invented menus for tests, valid by default."""

from typing import Any

from richmenu.schema import Menu


def area_data(label: str = "おすすめ", **more: Any) -> dict[str, Any]:
    """An area that asks for jobs."""
    return {"label": label, "icon": "stars", "action": {"type": "postback", "command": "job.first"}} | more


def tab_data(key: str = "main", preset: str = "small_2", **more: Any) -> dict[str, Any]:
    """A tab of two areas."""
    areas = [area_data(), area_data("相談", action={"type": "postback", "command": "staff.ask"})]
    return {"key": key, "title": "見本のタブ", "preset": preset, "areas": areas} | more


def menu_data(name: str = "newcomers", *tabs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A menu that may go live."""
    made = {"name": name, "title": "見本のメニュー", "bar": "メニュー", "tabs": list(tabs) or [tab_data()]}
    return made | more


def make_menu(name: str = "newcomers", *tabs: dict[str, Any], **more: Any) -> Menu:
    """The same as a menu."""
    return Menu.model_validate(menu_data(name, *tabs, **more))
