"""Messages to look at: together they use every type, component and property that the renderer draws.

All names, places and jobs are invented.
"""

from collections.abc import Mapping
from typing import Any

Message = dict[str, Any]
PICTURE = "https://pictures.example/a.png"
GREEN = "#0B7A3B"


def text(words: str = "見本", **more: Any) -> Message:
    """A Flex text, or a plain message: both have the same form."""
    return {"type": "text", "text": words, **more}


def box(layout: str, *contents: Any, **more: Any) -> Message:
    """A Flex box."""
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def bubble(*contents: Any, **more: Any) -> Message:
    """A bubble with these in its body."""
    return {"type": "bubble", "body": box("vertical", *contents), **more}


def button(label: str = "見る", **more: Any) -> Message:
    """A Flex button that sends a postback."""
    return {"type": "button", "action": postback(label), **more}


def postback(label: str) -> Message:
    """An action."""
    return {"type": "postback", "label": label, "data": "v1:x"}


def image(**more: Any) -> Message:
    """A Flex image."""
    return {"type": "image", "url": PICTURE, **more}


def flex(contents: Any, **more: Any) -> Message:
    """A Flex message."""
    return {"type": "flex", "altText": "見本", "contents": contents, **more}


def template(**fields: Any) -> Message:
    """A template message."""
    return {"type": "template", "altText": "見本", "template": fields}


SEPARATOR: Message = {"type": "separator"}
ICON: Message = {"type": "icon", "url": PICTURE}
FILLER: Message = {"type": "filler"}


def _badge(words: str, colour: str) -> Message:
    label = text(words, size="xs", color="#ffffff", align="center", weight="bold")
    return box("vertical", label, backgroundColor=colour, cornerRadius="sm", paddingAll="xs", flex=0)


def _job(title: str, wage: str, *, has_reason: bool) -> Message:
    reason = [separator_with("md"), text("✓ 日勤のみ", size="sm", margin="md")] if has_reason else []
    return bubble(
        box("horizontal", _badge("正社員", GREEN), _badge("架空", "#5F6670"), spacing="sm"),
        text(title, weight="bold", wrap=True, margin="md", maxLines=2),
        text("みなと台総合病院（架空）", size="xs", color="#5F6670"),
        text(wage, size="lg", weight="bold", color=GREEN),
        *reason,
        size="kilo",
        hero=image(size="full", aspectRatio="20:11", aspectMode="cover"),
        footer=box(
            "vertical",
            button("詳しく", style="primary", color=GREEN, height="sm"),
            box(
                "horizontal",
                button("保存", style="secondary", height="sm"),
                button("興味なし", style="secondary", height="sm"),
                spacing="sm",
            ),
            spacing="sm",
        ),
    )


def separator_with(margin: str) -> Message:
    """A separator at a distance."""
    return {"type": "separator", "margin": margin}


JOBS = flex(
    {
        "type": "carousel",
        "contents": [
            _job("病棟の看護師", "月給 27万円〜32万円", has_reason=True),
            _job(
                "訪問看護ステーションの看護師と、その仲間たちのための長い題名",
                "時給 2,000円",
                has_reason=False,
            ),
        ],
    }
)
BOXES = flex(
    bubble(
        box(
            "horizontal",
            box("vertical", text("2", align="center"), flex=2, backgroundColor="#CFE8FF"),
            box("vertical", text("3", align="center"), flex=3, backgroundColor="#FFE3C2"),
        ),
        box(
            "horizontal",
            box("vertical", width="30px", height="30px", backgroundColor="#D93A3A", cornerRadius="15px"),
            box("vertical", width="30px", height="30px", backgroundColor="#17C950", cornerRadius="sm"),
            box(
                "vertical",
                width="30px",
                height="30px",
                borderWidth="medium",
                borderColor="#111111",
                cornerRadius="md",
            ),
            justifyContent="space-between",
        ),
        box(
            "vertical",
            text("中央", align="center", color="#ffffff"),
            text("下", align="end", color="#ffffff"),
            height="90px",
            paddingAll="md",
            justifyContent="center",
            cornerRadius="lg",
            background={
                "type": "linearGradient",
                "angle": "90deg",
                "startColor": "#0B7A3B",
                "centerColor": "#1B6FE0",
                "centerPosition": "30%",
                "endColor": "#D93A3A",
            },
        ),
        box(
            "vertical",
            image(size="full", aspectRatio="3:1", aspectMode="cover"),
            box(
                "vertical",
                text("重ねた文字", color="#ffffff", size="sm"),
                position="absolute",
                offsetBottom="8px",
                offsetStart="8px",
                backgroundColor="#00000099",
                paddingAll="sm",
                cornerRadius="xs",
            ),
        ),
        box("horizontal", FILLER, text("右", flex=0)),
        box(
            "horizontal",
            text("上"),
            SEPARATOR,
            text("真ん中", gravity="center", align="center"),
            SEPARATOR,
            text("下", gravity="bottom", align="end"),
            height="60px",
        ),
        text("ずらす", position="relative", offsetStart="20px", offsetTop="4px"),
        separator_with("lg"),
    )
)
BOXES["contents"]["body"]["spacing"] = "md"
WORDS = flex(
    bubble(
        text("折り返さない長い文はここで終わりの印がつきますので続きは見えません", size="sm"),
        text("折り返す長い文は、次の行に続きます。\n改行もそのまま。", wrap=True, size="sm"),
        text("三行までの長い文です。" * 10, wrap=True, maxLines=3, size="sm", color="#5F6670"),
        text("行の間を広げた文です。行の間だけが広がります。", wrap=True, lineSpacing="12px", size="sm"),
        text("縮めて一行にする文なので小さくなります", adjustMode="shrink-to-fit", size="xl"),
        {
            "type": "text",
            "wrap": True,
            "color": "#111111",
            "contents": [
                {"type": "span", "text": "太い", "weight": "bold"},
                {"type": "span", "text": "赤い", "color": "#D93A3A", "size": "xl"},
                {"type": "span", "text": "斜め", "style": "italic"},
                {"type": "span", "text": "下線", "decoration": "underline"},
                {"type": "span", "text": "取消線", "decoration": "line-through"},
            ],
        },
        text("設定に従う文字", scaling=True),
        box(
            "baseline",
            ICON | {"size": "xl"},
            text("4.0", size="xl", weight="bold", flex=0, margin="sm"),
            ICON | {"size": "sm", "aspectRatio": "2:1", "margin": "md"},
            text("基線", size="sm", margin="sm", color="#5F6670"),
        ),
        header=box("vertical", text("見出し", weight="bold", color="#ffffff"), backgroundColor=GREEN),
        footer=box("vertical", button("とても長いボタンの名前は途中で切れて終わりに印がつきます")),
        styles={"footer": {"separator": True, "separatorColor": "#D93A3A", "backgroundColor": "#F5F5F6"}},
    )
)
PICTURES = flex(
    bubble(
        box(
            "horizontal",
            image(size="xxs", flex=0),
            image(size="sm", aspectRatio="4:3"),
            image(size="xs", align="end"),
        ),
        image(size="full", aspectRatio="5:1", backgroundColor="#EEEEEE"),
        image(size="50%", aspectRatio="2:1", aspectMode="cover", align="start"),
        hero={
            "type": "video",
            "url": "https://pictures.example/a.mp4",
            "previewUrl": PICTURE,
            "altContent": image(size="full", aspectRatio="20:13"),
            "aspectRatio": "20:13",
            "action": {"type": "uri", "label": "くわしく", "uri": "https://example.com/"},
        },
        footer=box(
            "vertical",
            button("primary", style="primary"),
            button("secondary", style="secondary"),
            button("link", style="link", height="sm"),
            spacing="sm",
        ),
    )
)
SIZES = [
    flex(bubble(text(size, size="xs"), size=size, footer=box("vertical", text("足", size="xs"))))
    for size in ("nano", "micro", "deca", "hecto", "kilo", "giga")
]
RTL = flex(
    bubble(
        box("horizontal", text("一", flex=1), text("二", flex=2), spacing="md"),
        text("始まりは右", align="start"),
        direction="rtl",
    )
)
PLAIN: list[Message] = [
    text("こんにちは。くわしくはこちらへ。\nhttps://example.com/\n03-0000-0000"),
    text("続けてもう一通です。\n改行もあります。"),
    {
        "type": "textV2",
        "text": "{who} さん、{{見本}} です {smile}",
        "substitution": {
            "who": {"type": "mention", "mentionee": {"type": "user", "userId": "U1"}},
            "smile": {"type": "emoji", "productId": "p", "emojiId": "001"},
        },
    },
    text("担当からです", sender={"name": "担当 見本", "iconUrl": PICTURE}),
    {"type": "sticker", "packageId": "11537", "stickerId": "52002738"},
]
MEDIA: list[Message] = [
    {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE},
    {"type": "video", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE, "duration": 61_000},
    {"type": "audio", "originalContentUrl": PICTURE, "duration": 61_000},
    {
        "type": "location",
        "title": "面接会場（見本）",
        "address": "見本市見本町1-2-3",
        "latitude": 35.0,
        "longitude": 139.0,
    },
    {"type": "file", "id": "1", "fileName": "職務経歴書（見本）.pdf", "fileSize": 20_500},
    {"type": "coupon", "couponId": "01INVENTED"},
]
TEMPLATES: list[Message] = [
    template(
        type="buttons",
        thumbnailImageUrl=PICTURE,
        title="ご相談",
        text="どれになさいますか。",
        actions=[postback("電話で相談"), postback("トークで相談"), postback("あとで")],
    ),
    template(type="confirm", text="応募しますか？", actions=[postback("はい"), postback("いいえ")]),
]
TEMPLATE_ROWS: list[Message] = [
    template(
        type="carousel",
        imageAspectRatio="square",
        imageSize="contain",
        columns=[
            {
                "thumbnailImageUrl": PICTURE,
                "imageBackgroundColor": "#EEEEEE",
                "title": f"求人{number}（架空）",
                "text": "短い" if number == 1 else "とても長い説明が入ります。" * 4,
                "actions": [postback("詳しく"), postback("保存")],
            }
            for number in (1, 2)
        ],
    ),
    template(
        type="image_carousel",
        columns=[{"imageUrl": PICTURE, "action": postback(label)} for label in ("医療", "介護")],
    ),
]
IMAGEMAP: Message = {
    "type": "imagemap",
    "baseUrl": "https://pictures.example/map",
    "altText": "見本",
    "baseSize": {"width": 1040, "height": 520},
    "actions": [
        {
            "type": "uri",
            "linkUri": "https://example.com/",
            "label": "左",
            "area": {"x": 0, "y": 0, "width": 520, "height": 520},
        }
    ],
    "video": {
        "originalContentUrl": "https://pictures.example/a.mp4",
        "previewImageUrl": PICTURE,
        "area": {"x": 560, "y": 60, "width": 440, "height": 330},
        "externalLink": {"linkUri": "https://example.com/", "label": "もっと見る"},
    },
}

REFERENCE: Mapping[str, list[Message]] = {
    "plain": PLAIN,
    "media": MEDIA,
    "templates": TEMPLATES,
    "template-rows": TEMPLATE_ROWS,
    "imagemap": [IMAGEMAP],
    "jobs": [JOBS],
    "boxes": [BOXES],
    "words": [WORDS],
    "pictures": [PICTURES],
    "sizes": SIZES,
    "rtl": [RTL],
}
"""By the name of the picture."""
