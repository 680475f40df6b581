"""APIキー: which keys of the job site there are, a new one, the end of one."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from app.console.desk import desk, doer, now, toast
from app.console.forms import Filled, Form, empty_form, read_form
from app.console.pages import show_page
from app.db import reading, transaction
from app.site_keys.actions import add_api_key, list_api_keys, revoke_api_key
from app.site_keys.models import NAME_LENGTH
from app.site_keys.scopes import Scope

bp = Blueprint("api_keys", __name__)

SCOPE_WORDS: Mapping[Scope, str] = {
    Scope.MEMBERS_READ: "会員を読む",
    Scope.MEMBERS_WRITE: "会員を登録・変更・消去する",
    Scope.JOBS_READ: "求人を読む",
    Scope.JOBS_WRITE: "求人を登録・変更・終了する",
    Scope.ACTIVITY_WRITE: "サイトでの行動を伝える",
    Scope.APPLICATIONS_READ: "応募を読む",
    Scope.APPLICATIONS_WRITE: "応募を登録・変更する",
    Scope.PLACEMENTS_READ: "入社・就業決定を読む",
    Scope.PLACEMENTS_WRITE: "入社・就業決定を登録・変更する",
    Scope.APPOINTMENTS_READ: "予定を読む",
    Scope.APPOINTMENTS_WRITE: "予定を登録・変更する",
    Scope.CONSENTS_READ: "配信許諾を読む",
    Scope.CONSENTS_WRITE: "配信許諾を伝える",
    Scope.FRIENDS_READ: "友だちを読む",
    Scope.ANSWERS_READ: "アンケートの回答を読む",
    Scope.LINKS_WRITE: "会員連携とログイン",
    Scope.RECOMMENDATIONS_READ: "おすすめの求人を読む",
}


class KeyForm(Form):
    """A new key: what it is called, and what it may do."""

    name: str = Field(min_length=1, max_length=NAME_LENGTH)
    scopes: list[Scope] = Field(default_factory=list)


@bp.get("/settings/api-keys")
def list_keys() -> Response:
    """Every key with what it may do; never the key itself."""
    return _page(empty_form(scopes=[]))


@bp.post("/settings/api-keys")
def add() -> Response:
    """Make a key; it is shown once, on this page."""
    form = read_form(KeyForm)
    if form.value is not None and not form.value.scopes:
        form = form.refused("scopes", "できることを1つ以上選んでください。")
    if form.value is None:
        return _page(form, 422)
    given = form.value
    with transaction(desk().database) as session:
        token = add_api_key(session, given.name, given.scopes, now(), doer())
    return _page(empty_form(scopes=[]), token=token, token_of=given.name)


@bp.post("/settings/api-keys/<int:id_>/revoke")
def revoke(id_: int) -> Response:
    """From now on it opens nothing."""
    with transaction(desk().database) as session:
        if not revoke_api_key(session, id_, now(), doer()):
            abort(404)
    toast("APIキーを止めました。")
    return redirect(url_for(".list_keys"))


def _page(form: Filled[KeyForm], status: int = 200, *, token: str = "", token_of: str = "") -> Response:
    with reading(desk().database) as session:
        rows = list_api_keys(session)
    shown = {"form": form, "rows": rows, "scopes": SCOPE_WORDS, "token": token, "token_of": token_of}
    return show_page("api_keys.html", status, **shown, base_url=desk().base_url)
