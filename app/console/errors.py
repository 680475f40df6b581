"""What goes wrong under /console, as one page: what happened, what to do, and the request's id."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, g
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from structlog.contextvars import get_contextvars
from werkzeug.exceptions import HTTPException

from app.console.pages import show_page
from app.errors import AppError

SENTENCES = {
    400: ("読み取れませんでした", "送られた内容を読み取れませんでした。前の画面からもう一度お試しください。"),
    403: ("開けない画面です", "この画面を開く権限がありません。必要な場合は管理者にご相談ください。"),
    404: ("見つかりません", "お探しの画面は見つかりませんでした。移動や削除の可能性があります。"),
    405: ("見つかりません", "この操作は、前の画面から行ってください。"),
    413: ("大きすぎます", "送られた内容が大きすぎます。小さくしてからお試しください。"),
    429: ("少しお待ちください", "続けて行われたため、いったん止めています。少し待ってからお試しください。"),
    500: ("表示できませんでした", "こちらの不具合です。記録しましたので、下の番号を管理者にお伝えください。"),
    503: ("少しお待ちください", "いま混み合っています。数秒待ってから、もう一度開いてください。"),
}


def show_http_error(error: HTTPException) -> Response:
    """404, 403 and their like, and whatever nobody expected."""
    status = error.code or 500
    title, sentence = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    return _error_page(status, title, sentence)


def show_csrf_error(_error: CSRFError) -> Response:
    """The page is from before a sign-in, a sign-out or a change of keys."""
    return _error_page(
        400,
        "ページを開き直してください",
        "開いてから時間がたったため、保存していません。ページを開き直してください。",
    )


def show_app_error(error: AppError) -> Response:
    """An action said no, in words for people."""
    return _error_page(error.status, "できませんでした", error.message)


def show_unreachable_database(_error: Exception) -> Response:
    """The database does not answer, or all of the console's connections are in use."""
    g.pop("signed_in", None)  # the frame around the page would ask the database again
    return _error_page(503, *SENTENCES[503])


def _error_page(status: int, title: str, sentence: str) -> Response:
    return show_page(
        "error.html", status, title=title, sentence=sentence, request_id=get_contextvars().get("request")
    )


HANDLERS: Mapping[type[Exception], Callable[[Any], Response]] = {
    CSRFError: show_csrf_error,
    HTTPException: show_http_error,
    AppError: show_app_error,
    OperationalError: show_unreachable_database,
    PoolTimeout: show_unreachable_database,
    TimeoutError: show_unreachable_database,
}
