"""The drawn pictures, and uploaded ones: within LINE's limits, the same again, nothing over its edge."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.children import ChildFailed
from richmenu.draw import draw_tab
from richmenu.drawing import drawn
from richmenu.faults import MOST_PICTURE_BYTES
from richmenu.fitting import fit
from richmenu.loading import shipped_menus
from richmenu.objects import DRAWING, tab_objects
from richmenu.presets import PRESETS
from richmenu.preview import preview
from richmenu.schema import Tab
from richmenu.uploads import BadUpload, read_upload
from tests.menus.invented import area_data, make_menu, tab_data

SHIPPED = [
    pytest.param(tab, id=f"{menu.name}/{tab.key}") for menu in shipped_menus().values() for tab in menu.tabs
]


@pytest.mark.parametrize("tab", SHIPPED)
def test_a_shipped_tab_is_drawn_within_lines_limits_and_the_same_again(tab: Tab) -> None:
    drawn = draw_tab(tab)
    upload = read_upload(drawn)
    assert upload.size == tab.size
    assert upload.mime == "image/png"
    assert len(drawn) < MOST_PICTURE_BYTES // 4
    assert draw_tab(tab) == drawn


def test_a_process_of_its_own_draws_the_same() -> None:
    tab = make_menu().tabs[0]
    assert drawn(tab.model_dump_json()) == draw_tab(tab)


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(ChildFailed, match=r"draw_process ended with"):
        drawn("{}")


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_can_be_drawn(preset: str) -> None:
    areas = [
        area_data(f"見本の文字{number}", note="小さな文字") for number, _ in enumerate(PRESETS[preset].areas)
    ]
    menu = make_menu("newcomers", tab_data(preset=preset, areas=areas))
    assert len(draw_tab(menu.tabs[0])) < MOST_PICTURE_BYTES


@given(st.text("あ漢字アー。（）A1 ", min_size=1, max_size=20).filter(str.strip), st.integers(240, 2400))
@settings(max_examples=60, deadline=None)
def test_words_never_leave_their_box(words: str, width: int) -> None:
    fitted = fit(words, width, most=102, least=40)
    assert all(fitted.font.getlength(line) <= width for line in fitted.lines)
    assert len(fitted.lines) <= 2
    assert "".join(fitted.lines).replace(" ", "") == words.replace(" ", "")


def test_a_tiny_area_is_drawn_without_a_fault() -> None:
    areas = [area_data(x=0, y=0, width=20, height=12), area_data(x=100, y=0, width=60, height=400)]
    menu = make_menu("newcomers", tab_data(areas=areas))
    assert draw_tab(menu.tabs[0])


def test_a_preview_has_the_shape_of_the_phones_menu() -> None:
    menu = make_menu()
    shown = preview(menu, menu.tabs[0], b"picture")
    assert shown["image"] == "data:image/png;base64,cGljdHVyZQ=="
    assert (shown["width"], shown["height"], shown["chat_bar_text"]) == (2500, 843, "メニュー")
    assert shown["areas"][1]["x"] == 1250
    assert shown["areas"][1]["action"]["type"] == "postback"


def test_a_digest_follows_data_and_drawing_and_nothing_else() -> None:
    [tab], [same] = tab_objects(make_menu(), DRAWING), tab_objects(make_menu(title="別の題"), DRAWING)
    assert tab.digest == same.digest
    [other] = tab_objects(make_menu(bar="開く"), DRAWING)
    [redrawn] = tab_objects(make_menu(), DRAWING + 1)
    assert len({tab.digest, other.digest, redrawn.digest}) == 3


def image(kind: str, width: int = 1200, height: int = 405) -> bytes:
    """A grey picture."""
    out = BytesIO()
    Image.new("RGB", (width, height), "#888888").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_an_uploaded_picture_within_the_limits_is_taken(kind: str, mime: str) -> None:
    upload = read_upload(image(kind))
    assert (upload.mime, upload.size) == (mime, (1200, 405))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"GIF89a<script>", "PNGかJPEG", id="neither"),
        pytest.param(b"", "PNGかJPEG", id="empty"),
        pytest.param(image("WEBP"), "PNGかJPEG", id="another kind of picture"),
        pytest.param(image("PNG")[:200], "読めません", id="cut off"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"<script>" * 20, "読めません", id="only the first bytes"),
        pytest.param(image("PNG", 700, 400), "幅は800", id="too narrow"),
        pytest.param(image("PNG", 1200, 900), "縦に長すぎます", id="too tall"),
        pytest.param(image("PNG") + bytes(MOST_PICTURE_BYTES), "1MBまで", id="too heavy"),
    ],
)
def test_another_upload_is_refused_in_plain_words(body: bytes, words: str) -> None:
    with pytest.raises(BadUpload, match=words):
        read_upload(body)
