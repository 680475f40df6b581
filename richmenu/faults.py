"""What is wrong with a menu as a whole, in words for those who made it (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import regex

from app.line.addresses import is_address
from app.line.postback import pack
from app.line.text import grapheme_length, utf16_length
from richmenu.commands import COMMANDS
from richmenu.icons import is_icon
from richmenu.presets import PRESETS
from richmenu.rules import Size, gaps, is_inside, is_small, letter, overlap
from richmenu.schema import (
    Area,
    Menu,
    MessageAction,
    PostbackAction,
    Tab,
    TabAction,
    UriAction,
)

Location = tuple[str | int, ...]
MOST_AREAS = 20
MOST_BAR = 14
MOST_LABEL = 20
MOST_NOTE = 16
LEAST_WIDTH, MOST_WIDTH, LEAST_HEIGHT, LEAST_RATIO = 800, 2500, 250, 1.45
MOST_PICTURE_BYTES = 1024 * 1024
_EMOJI = regex.compile(r"[\p{Emoji_Presentation}\p{Extended_Pictographic}\uFE0F\u200D\u20E3]")


@dataclass(frozen=True)
class MenuFault:
    """One fault and the path to it inside the menu. Only an error stops a menu from going live."""

    where: Location
    what: str
    is_error: bool = True


def menu_faults(menu: Menu) -> list[MenuFault]:
    """Errors and warnings of a menu whose fields are each well-formed."""
    faults = [*_word_faults(("title",), menu.title, 30), *_bar_faults(menu.bar)]
    for index, tab in enumerate(menu.tabs):
        where: Location = ("tabs", index)
        if any(tab.key == other.key for other in menu.tabs[:index]):
            faults.append(MenuFault((*where, "key"), f"「{tab.key}」は前のタブで使われています"))
        faults += _tab_faults(where, tab, menu)
    return faults


def errors_of(menu: Menu) -> list[MenuFault]:
    """Only what stops the menu from going live."""
    return [fault for fault in menu_faults(menu) if fault.is_error]


def picture_faults(size: Size, bytes_: int) -> Iterator[str]:
    """What LINE would refuse about a picture of this size and weight."""
    if bytes_ > MOST_PICTURE_BYTES:
        megabytes = f"{bytes_ / MOST_PICTURE_BYTES:.1f}"
        yield f"画像は1MBまでです(いま{megabytes}MB)。JPEGにすると小さくなることがあります。"
    if not LEAST_WIDTH <= size.width <= MOST_WIDTH:
        yield f"画像の幅は{LEAST_WIDTH}〜{MOST_WIDTH}pxです(いま{size.width}px)。"
    if size.height < LEAST_HEIGHT:
        yield f"画像の高さは{LEAST_HEIGHT}px以上です(いま{size.height}px)。"
    elif size.width / size.height < LEAST_RATIO:
        most = int(size.width / LEAST_RATIO)
        yield f"画像が縦に長すぎます。幅{size.width}pxなら高さは{most}pxまでです(いま{size.height}px)。"


def _bar_faults(bar: str) -> Iterator[MenuFault]:
    length = grapheme_length(bar)
    if length > MOST_BAR:
        yield MenuFault(("bar",), f"メニューバーの文字は14文字までです(いま{length}文字)。")


def _word_faults(where: Location, words: str, most: int) -> Iterator[MenuFault]:
    length = grapheme_length(words)
    if length > most:
        yield MenuFault(where, f"{most}文字までです(いま{length}文字)。")
    if _EMOJI.search(words):
        yield MenuFault(where, "絵文字は画像に描けません。アイコンを選んでください。")


def _tab_faults(where: Location, tab: Tab, menu: Menu) -> Iterator[MenuFault]:
    yield from _word_faults((*where, "title"), tab.title, 30)
    if tab.preset and tab.preset not in PRESETS:
        yield MenuFault((*where, "preset"), f"「{tab.preset}」という配置はありません")
    yield from (MenuFault((*where, "width"), what) for what in picture_faults(tab.size, 0))
    if len(tab.areas) > MOST_AREAS:
        yield MenuFault((*where, "areas"), f"ボタンは{MOST_AREAS}個までです(いま{len(tab.areas)}個)。")
    for index, area in enumerate(tab.areas):
        place = (*where, "areas", index)
        yield from _area_faults(place, area, tab)
        yield from _action_faults((*place, "action"), area, menu)
    yield from _geometry_faults((*where, "areas"), tab)


def _area_faults(where: Location, area: Area, tab: Tab) -> Iterator[MenuFault]:
    yield from _word_faults((*where, "label"), area.label, MOST_LABEL)
    yield from _word_faults((*where, "note"), area.note, MOST_NOTE)
    if area.icon and not is_icon(area.icon):
        yield MenuFault((*where, "icon"), f"「{area.icon}」というアイコンはありません")
    name = letter(int(where[-1]))
    if area.width < 1 or area.height < 1:
        yield MenuFault(where, f"ボタン{name}に大きさがありません。")
    elif not is_inside(area.bounds, tab.size):
        yield MenuFault(where, f"ボタン{name}が画像の外にはみ出しています。")
    elif is_small(area.bounds, tab.size):
        yield MenuFault(where, f"ボタン{name}が小さく、押しにくいことがあります。", is_error=False)


def _geometry_faults(where: Location, tab: Tab) -> Iterator[MenuFault]:
    lettered = list(enumerate(tab.areas))
    for (first, one), (second, other) in combinations(lettered, 2):
        if overlap(one.bounds, other.bounds):
            names = f"{letter(first)}と{letter(second)}"
            words = f"ボタン{names}の範囲が重なっています。どちらかを動かしてください。"
            yield MenuFault((*where, second), words)
    bare = gaps([area.bounds for area in tab.areas], tab.size)
    if bare:
        yield MenuFault(where, f"押しても何も起きない所が{len(bare)}か所あります。", is_error=False)


def _action_faults(where: Location, area: Area, menu: Menu) -> Iterator[MenuFault]:
    match area.action:
        case PostbackAction() as action:
            yield from _command_faults(where, action)
        case MessageAction() as action:
            if grapheme_length(action.text) > 300:
                yield MenuFault((*where, "text"), "300文字までです。")
        case UriAction() as action:
            if not is_address(action.uri, {"http", "https", "line", "tel"}) or len(action.uri) > 1000:
                words = "https:// や tel: で始まる、1000文字までのアドレスにしてください。"
                yield MenuFault((*where, "uri"), words)
        case TabAction() as action:
            if menu.tab(action.tab) is None:
                yield MenuFault((*where, "tab"), f"切り替え先のタブ「{action.tab}」がありません。")


def _command_faults(where: Location, action: PostbackAction) -> Iterator[MenuFault]:
    command = COMMANDS.get(action.command)
    if command is None:
        yield MenuFault((*where, "command"), f"「{action.command}」という動作はありません。")
        return
    for name, meaning in command.values.items():
        if not action.values.get(name):
            yield MenuFault((*where, "values"), f"{meaning}({name})を決めてください。")
    for name in action.values:
        if name not in command.values:
            yield MenuFault((*where, "values", name), "この動作では使わない値です。")
    if utf16_length(action.says) > 300:
        yield MenuFault((*where, "says"), "300文字までです。")
    try:
        pack(action.command, **{"menu": "m" * 31, "area": "A", **action.values})
    except ValueError:
        yield MenuFault((*where, "values"), "長すぎて、ボタンのデータに入りません。")
