"""The API's addresses: the endpoints, the OpenAPI document, and a page that shows it."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from app.api.dispatch import PREFIX, add_endpoints
from app.api.openapi import openapi_document
from app.api.table import ENDPOINTS
from app.json_text import to_bytes

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
_SHIPPED = {
    "swagger-ui.css": ("css", "text/css"),
    "swagger-ui-bundle.js": ("js", "text/javascript"),
}
"""Swagger UI's files: in which folder of their package, and what they are."""
_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Goen API</title>
  <link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
  <main id="document"></main>
  <script src="docs/swagger-ui-bundle.js"></script>
  <script src="docs/start.js"></script>
</body>
</html>
"""
_START = """window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#document",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
"""

bp = Blueprint("api", __name__, url_prefix=PREFIX)


@bp.get("/openapi.json")
def openapi() -> Response:
    """The document; open to all, since it tells nothing but how to ask."""
    return Response(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    """Made once: it takes a tenth of a second, and anybody may ask for it without a key."""
    return to_bytes(openapi_document(ENDPOINTS))


@bp.get("/docs")
def docs() -> Response:
    """Swagger UI over the document, from our own host alone."""
    return Response(_PAGE, content_type="text/html; charset=utf-8")


@bp.get("/docs/start.js")
def start() -> Response:
    """What starts Swagger UI; a file of its own, since the page allows no script inside."""
    return Response(_START, content_type="text/javascript; charset=utf-8")


@bp.get("/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>")
def shipped(name: str) -> Response:
    """Swagger UI's own files, out of the package that brings them."""
    folder, media_type = _SHIPPED[name]
    return send_from_directory(_swagger_ui() / folder, name, mimetype=media_type, max_age=86_400)


@bp.after_request
def protect(response: Response) -> Response:
    """Answers are for whoever asked, may run nothing from elsewhere, and are not to be kept."""
    response.headers["Content-Security-Policy"] = STRICT
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if not request.path.startswith(f"{PREFIX}/docs"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _swagger_ui() -> Path:
    """The folder of the files; the package itself is not imported, for it would bring a framework along."""
    spec = find_spec("flask_openapi3_swagger")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "templates" / "swagger"


add_endpoints(bp, ENDPOINTS)
