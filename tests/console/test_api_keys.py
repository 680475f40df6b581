"""APIキー in the console: made and shown once, listed without the key, stopped; admins only, all of it audited."""

import re

import pytest
from sqlalchemy import select

from app.api.keys import known_key
from app.api.problems import Problem
from app.console.api_keys import SCOPE_WORDS
from app.db import Database, reading
from app.site_keys.models import ApiKey
from app.site_keys.scopes import Scope
from app.staff.models import Audit
from app.staff.rules import Role
from tests.console.conftest import SignIn
from tests.console.visiting import Visitor, words_of

PAGE = "/console/settings/api-keys"


def test_every_right_has_words() -> None:
    assert list(SCOPE_WORDS) == list(Scope)


def test_a_key_is_made_shown_once_and_stopped(admin: Visitor, database: Database) -> None:
    assert "APIキーはまだありません" in words_of(admin.get(PAGE))
    made = admin.post(PAGE, 200, name="本番サイト", scopes=["jobs:write", "members:read"])
    [token] = re.findall(r"goen_[A-Za-z0-9_-]{43}", made.text)
    with reading(database) as session:
        key = known_key(session, f"Bearer {token}")
    assert key.scopes == {"jobs:write", "members:read"}
    listed = admin.get(PAGE)
    assert token not in listed.text
    assert "本番サイト 求人を登録・変更・終了する、会員を読む" in words_of(listed)
    admin.post(f"{PAGE}/{key.id}/revoke", 302)
    assert "停止" in words_of(admin.get(PAGE))
    admin.post(f"{PAGE}/{key.id}/revoke", 404)
    with reading(database) as session:
        with pytest.raises(Problem):
            known_key(session, f"Bearer {token}")
        kept = session.execute(
            select(Audit.action, Audit.staff_id.is_not(None)).where(Audit.subject == f"api_key:{key.id}")
        ).all()
        stored = str(session.execute(select(ApiKey.name, ApiKey.token_hash, ApiKey.scopes)).all())
    assert [tuple(row) for row in kept] == [("api_key.added", True), ("api_key.revoked", True)]
    assert token not in stored


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        pytest.param({"name": "", "scopes": ["jobs:read"]}, "名前: 入力してください。", id="no name"),
        pytest.param(
            {"name": "あ" * 51, "scopes": ["jobs:read"]}, "50文字まで入力できます。", id="a long name"
        ),
        pytest.param({"name": "サイト"}, "できることを1つ以上選んでください。", id="no right"),
        pytest.param(
            {"name": "サイト", "scopes": ["all:write"]}, "選択肢から選んでください。", id="no such right"
        ),
    ],
)
def test_a_key_that_cannot_be_is_refused_and_what_was_chosen_is_kept(
    admin: Visitor, database: Database, form: dict[str, object], sentence: str
) -> None:
    admin.get(PAGE)
    answer = admin.post(PAGE, 422, **form)
    assert sentence in words_of(answer)
    assert answer.text.count(" checked") == ("jobs:read" in str(form))
    with reading(database) as session:
        assert session.scalars(select(ApiKey)).all() == []


def test_a_name_is_never_markup_and_any_letter_can_be_stored(admin: Visitor) -> None:
    admin.get(PAGE)
    page = admin.post(PAGE, 200, name="<b>\x00</b>", scopes=["jobs:read"]).text
    assert "<b>" not in page
    assert "&lt;b&gt;\ufffd&lt;/b&gt;" in page


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.EDITOR])
def test_keys_are_for_admins(signed_in_as: SignIn, role: Role) -> None:
    visitor = signed_in_as(role)
    visitor.get(PAGE, 403)
    visitor.get("/console/account")
    visitor.post(PAGE, 403, name="x", scopes=["jobs:read"])
    visitor.post(f"{PAGE}/1/revoke", 403)
