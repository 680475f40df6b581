"""How much the web process reads of a form before, and after, it knows who sends it."""

from io import BytesIO

import pytest
from flask import Flask

from app.console.guard import MOST_UPLOAD_BYTES
from app.factory import MOST_BODY_BYTES
from app.staff.rules import Role
from tests.console.conftest import SignIn
from tests.console.visiting import Visitor

UPLOAD = "/console/menus/members/pictures"


@pytest.mark.parametrize("address", ["/console/sign-in", "/login/line", "/login/line/leave"])
def test_strangers_cannot_send_us_files(app: Flask, address: str) -> None:
    large = {"t": "x", "file": (BytesIO(b"x" * (MOST_BODY_BYTES + 1)), "invented.bin")}
    assert app.test_client().post(address, data=large).status_code == 413


def test_a_picture_is_refused_before_it_is_stored_anywhere(signed_in_as: SignIn) -> None:
    editor = signed_in_as(Role.EDITOR)
    assert _upload(editor, MOST_UPLOAD_BYTES) == 413
    assert _upload(editor, MOST_UPLOAD_BYTES - 1024) == 422  # LINE's limits, in words
    editor.client.delete_cookie("goen_console", path="/console")
    assert _upload(editor, MOST_UPLOAD_BYTES) == 302


def _upload(visitor: Visitor, size: int) -> int:
    """Written by hand: the test client would put so much into a file of its own."""
    head = 'Content-Disposition: form-data; name="picture"; filename="invented.png"\r\n\r\n'
    body = b"--edge\r\n" + head.encode() + b"x" * size + b"\r\n--edge--\r\n"
    headers = {"X-CSRFToken": visitor.token}
    kind = "multipart/form-data; boundary=edge"
    return visitor.client.post(UPLOAD, data=body, content_type=kind, headers=headers).status_code
