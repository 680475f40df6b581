"""Copies the facts that tests need from the official specification into one small file.

    python tests/read_line_openapi.py FOLDER

FOLDER holds messaging-api.yml of line/line-openapi. Only facts are copied: required fields, enums, lengths,
numbers of items. The tests read the copy; they never need the specification itself.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FACTS = Path(__file__).parent / "data" / "line_facts.json"
_KEPT = ("type", "enum", "maxLength", "maxItems", "minItems", "maximum", "minimum", "pattern")
_WANTED = (
    *("Message", "Template", "Column", "QuickReply", "QuickReplyItem", "Sender", "Emoji"),
    *("Action", "ImagemapAction", "FlexComponent", "FlexContainer", "FlexBlockStyle", "FlexBoxBackground"),
    *("ReplyMessageRequest", "PushMessageRequest", "MulticastRequest", "ValidateMessageRequest"),
    *("RichMenuRequest", "RichMenuSize", "RichMenuArea", "RichMenuBounds", "RichMenuBatchRequest"),
    *("CreateRichMenuAliasRequest", "UpdateRichMenuAliasRequest"),
    *("RichMenuBulkLinkRequest", "RichMenuBulkUnlinkRequest", "PnpMessagesRequest"),
)
_KEYWORDS = (
    *("FlexBoxBorderWidth", "FlexBoxCornerRadius", "FlexBoxSpacing", "FlexMargin", "FlexBoxPadding"),
    *("FlexImageSize", "FlexIconSize", "FlexTextFontSize", "FlexSpanSize", "FlexOffset"),
    *("TemplateImageAspectRatio", "TemplateImageSize"),
)


def read_facts(folder: Path) -> dict[str, Any]:
    """The facts of the schemas that the simulator checks, sorted."""
    loaded = YAML(typ="safe").load(folder / "messaging-api.yml")
    schemas: dict[str, Any] = loaded["components"]["schemas"]
    records = {
        name: {"required": sorted(_required(schema)), "fields": dict(sorted(_fields(schema)))}
        for name, schema in sorted(schemas.items())
        if name in _WANTED or set(_bases(schema)) & set(_WANTED) or name.endswith("Column")
    }
    keywords = {name: schemas[name]["enum"] for name in _KEYWORDS}
    return {"specification": loaded["info"]["version"], "records": records, "keywords": keywords}


def _bases(schema: dict[str, Any]) -> Iterator[str]:
    yield from (part["$ref"].rpartition("/")[2] for part in schema.get("allOf", ()) if "$ref" in part)


def _own_parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from (part for part in schema.get("allOf", ()) if "$ref" not in part)


def _required(schema: dict[str, Any]) -> set[str]:
    return {name for part in _own_parts(schema) for name in part.get("required", ())} - {"type"}


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in _own_parts(schema):
        for name, field in part.get("properties", {}).items():
            if name != "type":
                yield name, {key: field[key] for key in _KEPT if key in field}


def main(folder: Path) -> None:
    """Write the file of facts."""
    FACTS.write_text(json.dumps(read_facts(folder), indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
