"""A body without a length, as a proxy may send it, at the real server: read to its end or refused."""

import http.client
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from app.db import reading
from app.line.signature import sign
from app.messaging.models import InboxEvent
from tests.crash.processes import Site, crash_site
from tests.databases import Databases
from tests.payloads import body_of, event
from tests.stack import SECRET


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with crash_site(databases.fresh_url("sqlite"), tmp_path_factory.mktemp("site")) as running:
        running.add_web().wait_until_ready()
        yield running


def send_in_pieces(site: Site, body: bytes, size: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", site.web_port, timeout=10)
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    headers = {"X-Line-Signature": sign(body, SECRET), "Transfer-Encoding": "chunked"}
    try:
        connection.request("POST", "/line/webhook", pieces, headers, encode_chunked=True)
        return connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        return 0
    finally:
        connection.close()


def stored(site: Site) -> int:
    with reading(site.database) as session:
        return session.scalars(select(func.count()).select_from(InboxEvent)).one()


def test_a_body_in_pieces_is_read_to_its_end(site: Site) -> None:
    before = stored(site)
    assert send_in_pieces(site, body_of(event(), event()), 100) == 200
    assert stored(site) == before + 2


def test_too_large_a_body_in_pieces_is_refused_and_never_cut(site: Site) -> None:
    before = stored(site)
    body = body_of(event(), event(padding="x" * 5 * 1024 * 1024))
    assert send_in_pieces(site, body, 65536) in {413, 0}
    assert stored(site) == before
