"""担当者と権限: who may sign in, and as what."""

from flask import Blueprint, abort, redirect, url_for
from pydantic import Field, field_validator
from werkzeug.wrappers import Response

from app.console import words
from app.console.desk import desk, doer, now, signed_in, toast
from app.console.forms import Filled, Form, empty_form, read_form
from app.console.pages import show_page
from app.db import reading, transaction
from app.errors import InvalidFields
from app.members.contacts import read_mail
from app.staff.actions import NewStaff, StaffExists, add_staff, change_role, leave_staff, set_password
from app.staff.passwords import hash_password, make_password
from app.staff.queries import StaffRow, staff_rows
from app.staff.rules import Role

bp = Blueprint("staff", __name__)


class StaffForm(Form):
    """Somebody new."""

    name: str = Field(min_length=1, max_length=100)
    email: str = Field(min_length=1, max_length=254)
    role: Role

    @field_validator("email")
    @classmethod
    def _is_mail(cls, email: str) -> str:
        try:
            return read_mail(email)
        except InvalidFields:
            raise ValueError("メールアドレスの形で入力してください(例: sato@example.com)。") from None


class RoleForm(Form):
    """Another role."""

    role: Role


@bp.get("/staff")
def list_staff() -> Response:
    """Everybody, those who have left last."""
    return _page(empty_form(role=Role.RECRUITER))


@bp.post("/staff")
def add() -> Response:
    """Let somebody in; the invented password is shown once, on this page."""
    form = read_form(StaffForm)
    if form.value is None:
        return _page(form, status=422)
    given, password = form.value, make_password()
    new = NewStaff(given.email, given.name, given.role, hash_password(password))
    try:
        with transaction(desk().database) as session:
            add_staff(session, new, doer(), now())
    except StaffExists as error:
        return _page(form.refused("email", error.message), status=error.status)
    return _page(empty_form(role=Role.RECRUITER), password_of=given.name, password=password)


@bp.post("/staff/<int:id_>/role")
def set_role(id_: int) -> Response:
    """It counts from the person's next click on."""
    form = read_form(RoleForm)
    if form.value is None:
        abort(400)
    with transaction(desk().database) as session:
        change_role(session, id_, form.value.role, doer(), now())
    toast("役割を変更しました。次の操作から変わります。")
    return redirect(url_for(".list_staff") if id_ != signed_in().staff_id else "/console/")


@bp.post("/staff/<int:id_>/password")
def reset_password(id_: int) -> Response:
    """A new invented password, shown once; the person is signed out everywhere."""
    password = make_password()
    hashed = hash_password(password)
    with transaction(desk().database) as session:
        set_password(session, id_, hashed, doer(), now(), is_temporary=True)
        person = staff_rows(session, id_)[0]
    return _page(empty_form(role=Role.RECRUITER), password_of=person.name, password=password)


@bp.post("/staff/<int:id_>/leave")
def leave(id_: int) -> Response:
    """Signed out at once, for good; what they did stays in the audit."""
    with transaction(desk().database) as session:
        leave_staff(session, id_, doer(), now())
    toast("利用を終えました。記録は残ります。")
    return redirect(url_for(".list_staff"))


def _page(
    form: Filled[StaffForm], status: int = 200, *, password_of: str = "", password: str = ""
) -> Response:
    with reading(desk().database) as session:
        rows: list[StaffRow] = staff_rows(session)
    return show_page(
        "staff.html",
        status,
        form=form,
        rows=rows,
        roles=[(role.value, words.ROLE_WORDS[role]) for role in Role],
        password_of=password_of,
        password=password,
    )
