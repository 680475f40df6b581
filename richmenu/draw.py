"""The picture of a tab: tabs on top with the chosen one marked, below them tiles with icon and words.

The same tab gives the same bytes on the same machine; a PNG of 128 colours, far below LINE's 1 MB.
"""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFont

from richmenu.fitting import Fitted, Font, fit
from richmenu.icons import icon_font, icon_letter
from richmenu.palette import BRAND, BRAND_DEEP, COLOURS, SURFACE, Colours
from richmenu.rules import Bounds
from richmenu.schema import Area, Tab, TabAction

COLOURS_IN_PNG = 128
MARGIN = 22
"""Between a tile and its area's edge; the areas themselves touch, so that no tap is lost."""
RADIUS = 44
_SMOOTH = 4
"""Pillow's curves have stairs: they are drawn this much larger first."""
Corners = tuple[bool, bool, bool, bool]
_ALL: Corners = (True, True, True, True)
_TOP: Corners = (True, True, False, False)


def draw_tab(tab: Tab) -> bytes:
    """A PNG of the tab's size. Errors: KeyError for an icon that is none (see richmenu/faults.py)."""
    return _as_png(_sheet(tab))


def draw_preview(tab: Tab) -> bytes:
    """The same at half the size and a quarter of the work, for screens. Errors: as above."""
    out = BytesIO()
    _sheet(tab).reduce(2).save(out, "PNG", compress_level=3)  # all colours: finding 128 of them takes longest
    return out.getvalue()


def _sheet(tab: Tab) -> Image.Image:
    sheet = Image.new("RGB", tab.size, SURFACE)
    heads = [area for area in tab.areas if is_head(area, tab)]
    if heads:
        _draw_heads(sheet, heads, tab)
    for area in tab.areas:
        if area not in heads:
            _draw_tile(sheet, area)
    return sheet


def is_head(area: Area, tab: Tab) -> bool:
    """Whether the area is drawn as the head of a tab: it switches tabs, and lies in a low row on top."""
    return isinstance(area.action, TabAction) and area.y == 0 and area.height <= tab.height // 3


def _draw_heads(sheet: Image.Image, heads: list[Area], tab: Tab) -> None:
    """A green band; the head of the tab that is shown stands out in the colour of the sheet below it."""
    band = Bounds(0, 0, tab.width, max(head.height for head in heads))
    _fill(sheet, band, BRAND, radius=0)
    for head in heads:
        is_chosen = isinstance(head.action, TabAction) and head.action.tab == tab.key
        card = Bounds(head.x + MARGIN, MARGIN + 14, head.width - 2 * MARGIN, head.height - MARGIN - 14)
        if is_chosen:
            _fill(sheet, card, SURFACE, corners=_TOP)
            mark = Bounds(card.x + card.width // 2 - 120, card.bottom - 26, 240, 14)
            _fill(sheet, mark, BRAND, radius=7)
        else:
            _fill(sheet, card._replace(height=card.height - 30), BRAND_DEEP)
            card = card._replace(height=card.height - 30)
        _draw_beside(sheet, card, head, BRAND if is_chosen else "#FFFFFF")


def _draw_beside(sheet: Image.Image, box: Bounds, area: Area, colour: str) -> None:
    """Icon and label side by side, in the middle of the box."""
    side = min(box.height * 2 // 5, 110) if area.icon else 0
    space = side // 3
    words = fit(area.label, box.width - side - space - 60, most=92, least=64)
    wide = side + space + max(int(words.font.getlength(line)) for line in words.lines)
    x = box.x + (box.width - wide) // 2
    middle = box.y + box.height // 2
    if area.icon:
        _draw_icon(sheet, area.icon, (x + side // 2, middle), side, colour)
    _write(sheet, words, (x + side + space, middle - words.height // 2), colour, anchor="lm")


def _draw_tile(sheet: Image.Image, area: Area) -> None:
    """A card with an icon on a disc, the label, and the note."""
    colours = COLOURS[area.tone]
    card = Bounds(area.x + MARGIN, area.y + MARGIN, area.width - 2 * MARGIN, area.height - 2 * MARGIN)
    if card.width < 8 or card.height < 8:
        return
    radius = min(RADIUS, card.width // 4, card.height // 4)
    _fill(sheet, card, colours.edge, radius=radius)
    inner = Bounds(card.x + 3, card.y + 3, card.width - 6, card.height - 6)
    _fill(sheet, inner, colours.card, radius=max(radius - 3, 0))
    if card.width > card.height * 5 // 3:
        _draw_wide(sheet, card, area, colours)
    else:
        _draw_tall(sheet, card, area, colours)


def _draw_tall(sheet: Image.Image, card: Bounds, area: Area, colours: Colours) -> None:
    """Disc above, words below, together in the middle."""
    disc = min(card.height * 2 // 5, card.width * 2 // 5, 340) if area.icon else 0
    words = fit(area.label, card.width - 56, most=_largest(card), least=40)
    note = _note(area, card.width - 56, words)
    space = card.height // 16 if disc else 0
    tall = disc + space + words.height + (note.height if note else 0)
    x, y = card.x + card.width // 2, card.y + (card.height - tall) // 2
    if disc:
        _draw_disc(sheet, area.icon, (x, y + disc // 2), disc, colours)
    _write(sheet, words, (x, y + disc + space), colours.label)
    if note:
        _write(sheet, note, (x, y + disc + space + words.height), colours.note)


def _draw_wide(sheet: Image.Image, card: Bounds, area: Area, colours: Colours) -> None:
    """Disc on the left, words on the right, together in the middle."""
    disc = min(card.height * 3 // 5, 340) if area.icon else 0
    space = card.height // 8 if disc else 0
    room = card.width - disc - space - card.height // 3
    words = fit(area.label, room, most=max(_largest(card), min(140, card.height // 5)), least=40)
    note = _note(area, room, words)
    lines = [(fitted, line) for fitted in (words, note) if fitted for line in fitted.lines]
    wide = disc + space + max(int(fitted.font.getlength(line)) for fitted, line in lines)
    x, middle = card.x + (card.width - wide) // 2, card.y + card.height // 2
    top = middle - (words.height + (note.height if note else 0)) // 2
    if disc:
        _draw_disc(sheet, area.icon, (x + disc // 2, middle), disc, colours)
    _write(sheet, words, (x + disc + space, top), colours.label, anchor="lm")
    if note:
        _write(sheet, note, (x + disc + space, top + words.height), colours.note, anchor="lm")


def _largest(card: Bounds) -> int:
    """Of a label's letters, in pixels: 15 CSS pixels on a phone, less in a small tile."""
    return max(min(102, card.height // 4, card.width // 4), 24)


def _note(area: Area, width: int, words: Fitted) -> Fitted | None:
    if not area.note:
        return None
    size = max(int(words.font.size) * 2 // 3, 24)
    return fit(area.note, width, most=size, least=size * 3 // 4, is_bold=False)


def _draw_disc(sheet: Image.Image, icon: str, middle: tuple[int, int], side: int, colours: Colours) -> None:
    x, y = middle[0] - side // 2, middle[1] - side // 2
    _fill(sheet, Bounds(x, y, side, side), colours.disc, radius=side // 2)
    _draw_icon(sheet, icon, middle, side * 11 // 20, colours.icon)


def _draw_icon(sheet: Image.Image, icon: str, middle: tuple[int, int], side: int, colour: str) -> None:
    letter, font = icon_letter(icon), _icon_font(side)
    left, top, right, bottom = font.getbbox(letter)
    place = (middle[0] - (left + right) / 2, middle[1] - (top + bottom) / 2)
    ImageDraw.Draw(sheet).text(place, letter, font=font, fill=colour)


def _write(
    sheet: Image.Image, words: Fitted, place: tuple[int, int], colour: str, *, anchor: str = "mm"
) -> None:
    """Lines below each other from `place` on, which is their middle on top, or with "lm" their left end."""
    draw = ImageDraw.Draw(sheet)
    for number, line in enumerate(words.lines):
        y = place[1] + words.line_height * number + words.line_height // 2
        draw.text((place[0], y), line, font=words.font, fill=colour, anchor=anchor)


def _fill(
    sheet: Image.Image, box: Bounds, colour: str, *, radius: int = RADIUS, corners: Corners = _ALL
) -> None:
    """A rectangle with smooth round corners."""
    mask = Image.new("L", (box.width, box.height), 255)
    if radius:
        _round(mask, radius, corners)
    sheet.paste(colour, (box.x, box.y), mask)


def _round(mask: Image.Image, radius: int, corners: Corners) -> None:
    quarter = _quarter(radius)
    width, height = mask.size
    flip_x, flip_y = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM
    turned: tuple[tuple[int, int, Callable[[], Image.Image]], ...] = (
        (0, 0, lambda: quarter),
        (width - radius, 0, lambda: quarter.transpose(flip_x)),
        (width - radius, height - radius, lambda: quarter.transpose(flip_x).transpose(flip_y)),
        (0, height - radius, lambda: quarter.transpose(flip_y)),
    )
    for is_round, (x, y, make) in zip(corners, turned, strict=True):
        if is_round:
            place = (x, y, x + radius, y + radius)
            mask.paste(ImageChops.multiply(mask.crop(place), make()), place)


@lru_cache(maxsize=32)
def _quarter(radius: int) -> Image.Image:
    """The upper left corner of a circle, as a mask."""
    large = Image.new("L", (radius * _SMOOTH, radius * _SMOOTH), 0)
    ImageDraw.Draw(large).ellipse((0, 0, 2 * radius * _SMOOTH, 2 * radius * _SMOOTH), fill=255)
    return large.resize((radius, radius), Image.Resampling.LANCZOS)


@lru_cache(maxsize=32)
def _icon_font(size: int) -> Font:
    return ImageFont.truetype(str(icon_font()), size)


def _as_png(sheet: Image.Image) -> bytes:
    few = sheet.quantize(COLOURS_IN_PNG, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()
