"""Generic message shapes: pure builders that return LINE message objects, checked against LINE's limits.

A feature's own messages are made of these. Every top-level builder raises MessageRefused (a ValueError)
instead of returning something that LINE would answer with 400.
"""

from collections.abc import Sequence
from typing import Any, Literal

from app.line.limits import Message, checked
from app.line.text import clip_graphemes

Action = dict[str, Any]
Component = dict[str, Any]

# LINE's own green is too light for white letters (2.2 : 1); this one has 5.4 : 1.
GREEN = "#0B7A3B"
INK = "#111111"
GREY = "#5F6670"


def text_message(text: str, *, choices: Sequence[Action] = ()) -> Message:
    """A plain text, with up to 13 quick replies."""
    return with_choices({"type": "text", "text": text}, choices)


def with_choices(message: Message, choices: Sequence[Action]) -> Message:
    """The same message with these quick replies; LINE shows only those of the last message."""
    if not choices:
        return checked(message)
    items = [{"type": "action", "action": action} for action in choices]
    return checked(message | {"quickReply": {"items": items}})


def confirm_message(text: str, yes: Action, no: Action, *, alt_text: str | None = None) -> Message:
    """A question with two buttons; text up to 240 graphemes."""
    template = {"type": "confirm", "text": text, "actions": [yes, no]}
    return checked({"type": "template", "altText": alt_text or text, "template": template})


def buttons_message(text: str, actions: Sequence[Action], *, title: str | None = None) -> Message:
    """A card with up to four buttons; text up to 160 graphemes, 60 with a title."""
    template: Message = {"type": "buttons", "text": text, "actions": list(actions)}
    if title is not None:
        template["title"] = title
    return checked({"type": "template", "altText": text, "template": template})


def flex_message(alt_text: str, contents: Component, *, choices: Sequence[Action] = ()) -> Message:
    """A Flex message: one bubble or a carousel; `alt_text` is what the notification shows."""
    return with_choices({"type": "flex", "altText": alt_text, "contents": contents}, choices)


def carousel(bubbles: Sequence[Component]) -> Component:
    """Up to 12 bubbles of one size, side by side."""
    return {"type": "carousel", "contents": list(bubbles)}


def bubble(
    *,
    body: Component,
    footer: Component | None = None,
    hero: Component | None = None,
    size: Literal["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"] = "mega",
) -> Component:
    """One card; `hero` is a picture or box on top, `footer` usually holds the buttons."""
    card: Component = {"type": "bubble", "size": size}
    if hero is not None:
        card["hero"] = hero
    card["body"] = body
    if footer is not None:
        card["footer"] = footer
    return card


def box(
    layout: Literal["vertical", "horizontal", "baseline"], contents: Sequence[Component], **style: Any
) -> Component:
    """A Flex box; `style` takes LINE's own property names (`spacing="sm"`, `paddingAll="12px"`)."""
    return {"type": "box", "layout": layout, "contents": list(contents), **style}


def flex_text(text: str, **style: Any) -> Component:
    """A Flex text; near-black unless `color` says otherwise, and it wraps unless `wrap=False`."""
    return {"type": "text", "text": text, "wrap": True, "color": INK, **style}


def separator(**style: Any) -> Component:
    """A hairline; it takes no space of its own."""
    return {"type": "separator", **style}


def button(
    action: Action, *, style: Literal["primary", "secondary", "link"] = "link", **more: Any
) -> Component:
    """A Flex button; a primary one gets a green that white letters can be read on."""
    colour = {"color": GREEN} if style == "primary" else {}
    return {"type": "button", "action": action, "style": style, "height": "sm", **colour, **more}


def postback_action(label: str, data: str, *, display_text: str | None = None) -> Action:
    """A button that sends `data` back; what the person seems to say is the label unless given."""
    label = clip_graphemes(label, 20)
    return {"type": "postback", "label": label, "data": data, "displayText": display_text or label}


def message_action(label: str, text: str | None = None) -> Action:
    """A button that sends a text as if the person had typed it."""
    return {"type": "message", "label": clip_graphemes(label, 20), "text": text or label}


def uri_action(label: str, uri: str) -> Action:
    """A button that opens an address (https, http, tel or line)."""
    return {"type": "uri", "label": clip_graphemes(label, 20), "uri": uri}


def date_picker_action(
    label: str, data: str, *, initial: str | None = None, least: str | None = None, most: str | None = None
) -> Action:
    """A button that opens LINE's date picker; the day comes back in `params`, meant in Asia/Tokyo."""
    bounds = {"initial": initial, "min": least, "max": most}
    given = {key: day for key, day in bounds.items() if day is not None}
    return {
        "type": "datetimepicker",
        "label": clip_graphemes(label, 20),
        "data": data,
        "mode": "date",
        **given,
    }
