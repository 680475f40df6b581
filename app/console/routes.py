"""流入経路: links and QR codes, what came by each, and how many came by none that we know."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import NamedTuple

from flask import Blueprint, Response, abort, redirect, request, url_for
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.clock import today_in_tokyo
from app.console.desk import as_download, chosen_channel_id, desk, doer, now, toast
from app.console.forms import Filled, Form, empty_form, read_form
from app.console.pages import channel_titles, show_page
from app.csv_text import harmless
from app.db import reading, transaction
from app.routes.actions import RouteDraft, RouteRefused, add_route, change_route, end_route, reopen_route
from app.routes.queries import RouteFigures, RouteReport, account_of, all_routes, route_report, route_with_id
from app.routes.rules import LONGEST_PROMISE, Account, Method, Route, line_link, working_method
from app.staff.audit import record_audit

bp = Blueprint("routes", __name__)
PERIODS = (7, 28, 90)
METHODS = (
    (
        Method.CODE,
        "受付コードを送ってもらう",
        "トークが開き、入力済みの文を送ると、だれがこの経路から来たか判明します。",
    ),
    (
        Method.LOGIN,
        "LINEログイン",
        "ログインと友だち追加が一度にできます。だれがこの経路から来たか判明します。",
    ),
    (Method.NONE, "友だち追加リンクだけ", "開かれた回数だけがわかります。だれが来たかは判明しません。"),
)
METHOD_WORDS = {method: word for method, word, _ in METHODS}


class RouteForm(Form):
    """What staff say about a route."""

    title: str = Field(min_length=1, max_length=100)
    method: Method
    promise: str = Field(max_length=LONGEST_PROMISE, default="")


class NewRouteForm(RouteForm):
    """Its account and its name are chosen once: they are printed."""

    channel: int
    name: str = Field(min_length=1, max_length=40)


class Row(NamedTuple):
    """One line of the list."""

    route: Route
    method_word: str
    figures: RouteFigures


@dataclass(frozen=True)
class Board:
    """An account's routes and numbers."""

    title: str
    report: RouteReport
    rows: list[Row]

    @property
    def highest(self) -> int:
        """Of the chart's days."""
        return max([1, *(day.new_friends for day in self.report.days)])


@bp.get("/routes")
def list_routes() -> Response:
    """The list with its numbers, account by account."""
    days = _days()
    with reading(desk().database) as session:
        boards = _boards(session, days)
    return show_page("routes/list.html", boards=boards, days=days, periods=PERIODS)


@bp.get("/routes.csv")
def download() -> Response:
    """The same numbers for a spreadsheet, with ISO dates."""
    with reading(desk().database) as session:
        boards = _boards(session, _days())
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_CSV_HEAD)
    for board in boards:
        writer.writerows(_csv_row(board, row) for row in board.rows)
        unknown = ("", "不明", "", "", board.report.unknown, "", "")
        writer.writerow((harmless(board.title), board.report.since, board.report.until, *unknown))
    return as_download(out.getvalue(), "routes.csv")


@bp.route("/routes/new", methods=["GET", "POST"])
def new_route() -> AnyResponse:
    """経路を作る."""
    with reading(desk().database) as session:
        channels = channel_titles(session)
    if request.method == "GET":
        given = {"method": Method.CODE, "channel": chosen_channel_id() or next(iter(channels), None)}
        return _form_page(empty_form(**given), channels=channels)
    form = read_form(NewRouteForm)
    if form.value is None:
        return _form_page(form, 422, channels=channels)
    try:
        route_id = _add(form.value, channels)
    except RouteRefused as refused:
        return _form_page(form.refused(refused.field, refused.message), 422, channels=channels)
    toast("経路を作りました。QRコードをダウンロードして使えます。")
    return redirect(url_for(".show_route", route_id=route_id))


@bp.get("/routes/<int:route_id>")
def show_route(route_id: int) -> Response:
    """One route: its addresses, its codes, its page on a phone, its numbers."""
    days = _days()
    with reading(desk().database) as session:
        route = _route(session, route_id)
        account = account_of(session, route.channel_id)
        report = route_report(session, route.channel_id, *_period(days))
    return show_page(
        "routes/show.html",
        route=route,
        account=account,
        figures=report.figures.get(route.id, RouteFigures()),
        method_word=METHOD_WORDS[working_method(route, account)],
        page=f"{desk().base_url}{url_for('adding.show', name=route.name)}",
        opens_chat=_opens_chat(route, account),
        days=days,
        periods=PERIODS,
    )


@bp.route("/routes/<int:route_id>/edit", methods=["GET", "POST"])
def edit_route(route_id: int) -> AnyResponse:
    """Other words or another way of proof; name and code stay."""
    with reading(desk().database) as session:
        route = _route(session, route_id)
    if request.method == "GET":
        given = empty_form(title=route.title, method=route.method, promise=route.promise or "")
        return _form_page(given, route=route)
    form = read_form(RouteForm)
    if form.value is None:
        return _form_page(form, 422, route=route)
    try:
        with transaction(desk().database) as session:
            change_route(session, route_id, _draft(form.value))
            record_audit(session, doer(), "route.changed", f"route:{route_id}", now())
    except RouteRefused as refused:
        return _form_page(form.refused(refused.field, refused.message), 422, route=route)
    toast("経路を保存しました。")
    return redirect(url_for(".show_route", route_id=route_id))


@bp.post("/routes/<int:route_id>/end")
def end(route_id: int) -> AnyResponse:
    """Its page says from now on that it has ended."""
    with transaction(desk().database) as session:
        if end_route(session, _route(session, route_id).name, now()):
            record_audit(session, doer(), "route.ended", f"route:{route_id}", now())
    toast("受付を終了しました。ページには、終了したことが表示されます。")
    return redirect(url_for(".show_route", route_id=route_id))


@bp.post("/routes/<int:route_id>/reopen")
def reopen(route_id: int) -> AnyResponse:
    """It invites again."""
    with transaction(desk().database) as session:
        if reopen_route(session, _route(session, route_id).name):
            record_audit(session, doer(), "route.reopened", f"route:{route_id}", now())
    toast("受付を再開しました。")
    return redirect(url_for(".show_route", route_id=route_id))


def _days() -> int:
    asked = request.args.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else 28


def _period(days: int) -> tuple[date, date]:
    until = today_in_tokyo(now())
    return until - timedelta(days=days - 1), until


def _boards(session: Session, days: int) -> list[Board]:
    chosen, period = chosen_channel_id(), _period(days)
    return [
        Board(title, report, [_row(route, report) for route in all_routes(session, id_)])
        for id_, title in channel_titles(session).items()
        if chosen in {None, id_}
        for report in [route_report(session, id_, *period)]
    ]


def _row(route: Route, report: RouteReport) -> Row:
    return Row(route, METHOD_WORDS[route.method], report.figures.get(route.id, RouteFigures()))


_CSV_HEAD = (
    *("アカウント", "開始日", "終了日", "経路", "呼び名", "方法"),
    *("クリック", "新しい友だち", "以前からの友だち", "未追加"),
)


def _csv_row(board: Board, row: Row) -> tuple[object, ...]:
    found = row.figures
    numbers = (found.clicks, found.new_friends, found.older_friends, found.not_added)
    named = (row.route.name, row.route.title, row.method_word)
    period = (board.report.since, board.report.until)
    return (harmless(board.title), *period, *(harmless(word) for word in named), *numbers)


def _route(session: Session, route_id: int) -> Route:
    return route_with_id(session, route_id) or abort(404)


def _opens_chat(route: Route, account: Account) -> bool:
    """Whether there is a code that leads past the page into LINE."""
    return line_link(route, account, "") is not None


def _draft(form: RouteForm) -> RouteDraft:
    return RouteDraft(form.title, form.method, form.promise)


def _add(form: NewRouteForm, channels: dict[int, str]) -> int:
    if form.channel not in channels:
        raise RouteRefused("アカウントを選んでください。", "channel")
    with transaction(desk().database) as session:
        route_id = add_route(session, form.channel, form.name, _draft(form), now())
        record_audit(session, doer(), "route.added", f"route:{route_id}", now(), {"name": form.name})
    return route_id


def _form_page(
    form: Filled[RouteForm] | Filled[NewRouteForm],
    status: int = 200,
    *,
    route: Route | None = None,
    channels: dict[int, str] | None = None,
) -> Response:
    return show_page(
        "routes/form.html",
        status,
        form=form,
        route=route,
        channels=channels or {},
        methods=METHODS,
        longest=LONGEST_PROMISE,
        start=f"{desk().base_url}/add/",
    )
