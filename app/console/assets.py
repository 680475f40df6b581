"""Bootstrap's style and icons, from the installed package: nothing comes from another host."""

from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

bp = Blueprint("assets", __name__)
SENT = frozenset(
    {
        "css/bootstrap.min.css",
        "css/font/bootstrap-icons.min.css",
        "css/font/fonts/bootstrap-icons.woff2",
        "css/font/fonts/bootstrap-icons.woff",
    }
)
"""The console needs no script of Bootstrap: menus are `<details>`, dialogs `<dialog>`."""
A_DAY = 24 * 60 * 60


def _folder() -> Path:
    """Found without importing the package, which would bring its forms along."""
    spec = find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise RuntimeError("bootstrap-flask is not installed")
    return Path(spec.origin).parent / "static" / "bootstrap5"


FOLDER = _folder()


@bp.get("/assets/<path:name>")
def send_asset(name: str) -> Response:
    """One of the files that the pages name."""
    if name not in SENT:
        abort(404)
    return send_from_directory(FOLDER, name, max_age=A_DAY)
