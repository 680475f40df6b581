"""Pictures of the reference messages, kept under tests/simulator/pictures/, and how new ones are compared.

`make pictures` makes them again; look at them before you commit them.

Two machines never draw letters alike: fonts differ in their outlines, and anti-aliasing in its greys. So two
things are compared, each as strictly as it can be:

- the boxes of everything that has a size of its own (bubbles, boxes, pictures, buttons, lines): they follow
  from LINE's numbers and from line heights, not from the shapes of letters, so they must agree within 2 px.
  What a font moves is left out: bubbles as wide as their words, icons on a baseline;
- the picture in cells of 15 x 15 px, by their mean colour. A letter that is drawn a little otherwise, or one
  pixel further, hardly changes the mean of a cell; a missing picture, a wrong colour, a lost border or a text
  at the wrong place does. No cell may differ by more than 60 of 255, and all together by 6 in the mean.

Nothing but the browser reads the pictures: it has a decoder already.
"""

import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page

from tests.chromium import find_chromium
from tests.simulator.reference import REFERENCE
from tests.simulator.sheet import Sheet, running_sheet

FOLDER = Path(__file__).parent / "pictures"
BOXES = FOLDER / "boxes.json"
CELL = 15
MOST_IN_A_CELL = 60.0
MOST_IN_THE_MEAN = 6.0
MOST_BOX_PIXELS = 2.0
_BOXES = """view => {
    const sized = ".line-message:not(.line-text), .line-face, .flex-block, .flex-box, .flex-picture, .flex-button, "
        + ".flex-separator, .template-picture, .template-choice, .image-square, .imagemap-place, "
        + ".imagemap-film, .line-play, .line-chip";
    const round = (number) => Math.round(number * 2) / 2;
    return [...view.querySelectorAll(sized)].map((node) => {
        const { left, top, width, height } = node.getBoundingClientRect();
        return [[...node.classList].find((name) => name !== "tappable" && name !== "line-message") ?? "",
            ...[left, top, width, height].map(round)];
    });
}"""
_DIFFERENCE = """async ([one, other, cell]) => {
    const pixels = async (picture) => {
        const image = new Image();
        image.src = `data:image/png;base64,${picture}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const pen = canvas.getContext("2d");
        pen.drawImage(image, 0, 0);
        return pen.getImageData(0, 0, canvas.width, canvas.height);
    };
    const means = ({ data, width, height }, columns, rows) => {
        const sums = new Float64Array(columns * rows * 3);
        const counts = new Float64Array(columns * rows);
        for (let y = 0; y < height; y += 1) {
            for (let x = 0; x < width; x += 1) {
                const at = Math.floor(y / cell) * columns + Math.floor(x / cell);
                counts[at] += 1;
                for (let channel = 0; channel < 3; channel += 1) {
                    sums[at * 3 + channel] += data[(y * width + x) * 4 + channel];
                }
            }
        }
        return sums.map((sum, index) => sum / counts[Math.floor(index / 3)]);
    };
    const [left, right] = [await pixels(one), await pixels(other)];
    const size = ({ width, height }) => [Math.ceil(width / cell), Math.ceil(height / cell)];
    const [columns, rows] = size(left);
    if (String(size(left)) !== String(size(right))) return [255, 255, "the pictures have other sizes"];
    const [first, second] = [means(left, columns, rows), means(right, columns, rows)];
    let [most, where, all] = [0, 0, 0];
    first.forEach((value, index) => {
        const distance = Math.abs(value - second[index]);
        all += distance;
        if (distance > most) [most, where] = [distance, Math.floor(index / 3)];
    });
    return [most, all / first.length, `${(where % columns) * cell}, ${Math.floor(where / columns) * cell}`];
}"""

Box = list[Any]
"""A class, then left, top, width and height."""


class Difference(NamedTuple):
    """How far two pictures are apart, 0 to 255, and where the most."""

    most: float
    mean: float
    where: str

    @property
    def is_small(self) -> bool:
        """Whether it may come from another machine's fonts."""
        return self.most <= MOST_IN_A_CELL and self.mean <= MOST_IN_THE_MEAN


def picture_of(view: Locator) -> bytes:
    """A PNG of what was drawn."""
    return view.screenshot(animations="disabled")


def boxes_in(view: Locator) -> list[Box]:
    """Everything that has a size of its own, in the order of the document."""
    found: list[Box] = view.evaluate(_BOXES)
    return found


def moved_boxes(kept: list[Box], found: list[Box]) -> list[tuple[Box, Box]]:
    """Pairs that are not the same, or not at the same place."""
    if [each[0] for each in kept] != [each[0] for each in found]:
        return [(["all", *map(len, (kept, found))], ["are not the same nodes"])]
    return [(old, new) for old, new in zip(kept, found, strict=True) if _is_moved(old, new)]


def _is_moved(old: Box, new: Box) -> bool:
    return any(abs(was - now) > MOST_BOX_PIXELS for was, now in zip(old[1:], new[1:], strict=True))


def difference(page: Page, one: bytes, other: bytes) -> Difference:
    """How far two PNGs are apart; any page that may use data: addresses will do."""
    return Difference(*page.evaluate(_DIFFERENCE, [b64encode(one).decode(), b64encode(other).decode(), CELL]))


def main() -> None:
    """Make all pictures again."""
    if find_chromium() is None:
        raise SystemExit("pictures need chromium (Debian: apt-get install chromium fonts-noto-cjk)")
    FOLDER.mkdir(exist_ok=True)
    with running_sheet() as sheet:
        kept = {name: _take(sheet, name) for name in REFERENCE}
    lines = (f" {json.dumps(name)}: [\n{_lines(boxes)}\n ]" for name, boxes in kept.items())
    BOXES.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _lines(boxes: list[Box]) -> str:
    return ",\n".join(f"  {json.dumps(box)}" for box in boxes)


def _take(sheet: Sheet, name: str) -> list[Box]:
    view = sheet.draw(REFERENCE[name])
    path = FOLDER / f"{name}.png"
    path.write_bytes(picture_of(view))
    sys.stdout.write(f"tests/simulator/pictures/{path.name}\n")
    return boxes_in(view)


if __name__ == "__main__":
    main()
