"""今日: the start page."""

from flask import Blueprint
from werkzeug.wrappers import Response

from app.console.pages import show_page

bp = Blueprint("today", __name__)


@bp.get("/")
def show_today() -> Response:
    """今日."""
    return show_page("today.html")
