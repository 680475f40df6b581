"""JSON lines: each fully in or refused by line, field and reason; what breaks off leaves the finished batches."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.api.bulk import BATCH, LINE_BYTES, MOST_LINES, BulkRun
from app.api.dispatch import problem_of
from app.api.endpoint import Bulk, Call
from app.api.problems import Fault
from app.db import reading
from app.errors import InvalidFields
from app.jobs.actions import upsert_jobs
from app.jobs.models import Job
from app.jobs.rows import JobRow
from app.members.models import Member
from app.site_keys.scopes import Scope
from app.staff.audit import NOBODY
from tests.api.site import LINES, Site, job_body, kind_of, member_body, results_of
from tests.waiting import END_SECONDS


def lines(*bodies: Any) -> bytes:
    return b"".join(json.dumps(body).encode() + b"\n" for body in bodies)


def member(external_id: str, **changes: Any) -> dict[str, Any]:
    return member_body(external_id=external_id, **changes)


def stored(site: Site) -> list[str]:
    with reading(site.database) as session:
        return list(session.scalars(select(Member.external_id).order_by(Member.external_id)))


def test_each_line_has_its_result_in_order_and_the_last_one_says_that_it_was_all(site: Site) -> None:
    body = lines(member("M-1"), member("M-2", phone="110", mail="x")) + b"\n{\n\xff\n" + lines(member("M-3"))
    *results, end = site.bulk("/members/bulk", body)
    assert [(each["line"], each["external_id"], each["status"]) for each in results] == [
        (1, "M-1", "written"),
        (2, "M-2", "rejected"),
        (4, None, "rejected"),
        (5, None, "rejected"),
        (6, "M-3", "written"),
    ]
    assert [fault["field"] for fault in results[1]["errors"]] == ["phone", "mail"]
    assert end == {"done": True, "written": 2, "rejected": 3, "problem": None}
    assert stored(site) == ["M-1", "M-3"]


def test_a_line_that_the_database_would_refuse_leaves_the_others_of_its_batch_in(site: Site) -> None:
    *results, _ = site.bulk(
        "/members/bulk", [member("M-1"), member("M-2", recruiter="nobody"), member("M-3")]
    )
    assert [each["status"] for each in results] == ["written", "rejected", "written"]
    assert stored(site) == ["M-1", "M-3"]


def test_the_later_line_about_the_same_thing_counts(site: Site) -> None:
    twice = [member("M-1", name="A"), member("M-2"), member("M-1", name="B")]
    assert site.bulk("/members/bulk", twice)[-1]["written"] == 3
    assert site.get("/members/M-1").get_json()["name"] == "B"
    jobs = [job_body(title=title) | {"external_id": "J-1"} for title in ("A", "B")]
    assert site.bulk("/jobs/bulk", jobs)[-1]["written"] == 2
    assert site.get("/jobs/J-1").get_json()["title"] == "B"


@pytest.mark.parametrize(
    ("end", "count"),
    [
        pytest.param(b"\n", 1, id="with an end"),
        pytest.param(b"", 1, id="without an end"),
        pytest.param(b"\r\n", 1, id="with the other end"),
    ],
)
def test_the_last_line_counts(site: Site, end: bytes, count: int) -> None:
    assert site.bulk("/members/bulk", lines(member("M-1")).strip() + end)[-1]["written"] == count


def test_nothing_at_all_is_all_of_nothing(site: Site) -> None:
    assert site.bulk("/members/bulk", b"") == [{"done": True, "written": 0, "rejected": 0, "problem": None}]


def test_a_line_that_is_too_long_is_refused_and_the_next_one_is_read(site: Site) -> None:
    body = b"x" * (3 * LINE_BYTES) + b"\n" + lines(member("M-1"))
    first, second, _ = site.bulk("/members/bulk", body)
    assert (first["line"], first["status"], second["line"], second["status"]) == (1, "rejected", 2, "written")


def test_more_lines_than_one_request_may_bring_end_it_there(site: Site) -> None:
    answer = site.ask("POST", "/members/bulk", data=b"{}\n" * (MOST_LINES + 5), content_type=LINES)
    *results, end = results_of(answer)
    assert answer.status_code == 413
    assert len(results) == MOST_LINES
    assert (end["done"], end["problem"]["status"]) == (False, 413)


def test_ten_thousand_members_are_in_after_one_request(site: Site) -> None:
    *results, end = site.bulk("/members/bulk", [member(f"M-{number}") for number in range(MOST_LINES)])
    assert (len(results), end["written"], end["done"]) == (MOST_LINES, MOST_LINES, True)
    with reading(site.database) as session:
        assert session.scalars(select(func.count()).select_from(Member)).one() == MOST_LINES


@pytest.mark.parametrize(
    ("content_type", "query", "expected"),
    [
        pytest.param("application/json", "", (415, "media-type"), id="one JSON"),
        pytest.param(None, "", (415, "media-type"), id="no media type"),
        pytest.param(LINES, "?dry=1", (422, "invalid"), id="a query"),
    ],
)
def test_a_request_that_is_none_is_refused_as_a_whole(
    site: Site, content_type: str | None, query: str, expected: tuple[int, str]
) -> None:
    answer = site.ask("POST", f"/members/bulk{query}", data=lines(member("M-1")), content_type=content_type)
    assert (answer.status_code, kind_of(answer)) == expected
    assert stored(site) == []


@contextmanager
def served(site: Site) -> Iterator[int]:
    """The web application on a port of its own."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_body_that_breaks_off_leaves_the_finished_batches_in_and_says_so(site: Site) -> None:
    body = lines(*(member(f"M-{number:03}") for number in range(BATCH + 10)))[:-20]
    head = (
        f"POST /api/v1/members/bulk HTTP/1.1\r\nHost: site\r\nAuthorization: Bearer {site.key}\r\n"
        f"Content-Type: {LINES}\r\nContent-Length: {len(body) + 1000}\r\n\r\n"
    )
    with served(site) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        *results, end = [json.loads(line) for line in answer.read().splitlines()]
    assert answer.status == 400
    assert (end["done"], end["problem"]["type"]) == (False, "urn:goen:problem:body-broke-off")
    assert [each["external_id"] for each in results] == stored(site)
    assert len(results) >= BATCH


def test_a_body_of_unknown_length_is_read_to_its_end(site: Site) -> None:
    def chunks() -> Iterator[bytes]:
        for number in range(2 * BATCH):
            yield lines(member(f"M-{number}"))

    with served(site) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Authorization": f"Bearer {site.key}", "Content-Type": LINES}
        connection.request(
            "POST", "/api/v1/members/bulk", body=chunks(), headers=headers, encode_chunked=True
        )
        end = json.loads(connection.getresponse().read().splitlines()[-1])
        connection.close()
    assert (end["done"], end["written"]) == (True, 2 * BATCH)


def run_jobs(site: Site, refused: str, error: Exception) -> tuple[list[str], list[dict[str, Any]]]:
    """What is stored and said after three jobs, where writing fails as soon as one is among them."""

    def put(session: Session, call: Call[None], rows: Sequence[JobRow]) -> list[list[Fault]]:
        upsert_jobs(session, rows, call.now)
        if refused in {row.external_id for row in rows}:
            raise error
        return [[] for _ in rows]

    endpoint = Bulk(
        method="POST",
        path="/jobs/bulk",
        scope=Scope.JOBS_WRITE,
        summary="",
        given=JobRow,
        run=put,
        key=lambda row: row.external_id,
    )
    call = Call(given=None, path={}, by=NOBODY, now=site.door.clock.now(), door=site.door)
    run = BulkRun(endpoint, call)
    bodies = [job_body() | {"external_id": f"J-{number}"} for number in (1, 2, 3)]
    try:
        run.take(iter(lines(*bodies).splitlines()))
    except Exception as ended:
        run.end(problem_of(ended))
    else:
        run.end(None)
    with reading(site.database) as session, run.results:
        return list(session.scalars(select(Job.external_id))), [json.loads(line) for line in run.results]


def test_a_batch_that_fails_for_the_reason_of_one_line_is_written_line_by_line(site: Site) -> None:
    error = InvalidFields(("title", "invented reason"))
    kept, (first, second, third, end) = run_jobs(site, "J-2", error)
    assert kept == ["J-1", "J-3"]
    assert [each["status"] for each in (first, second, third)] == ["written", "rejected", "written"]
    assert second["errors"] == [{"field": "title", "message": "invented reason"}]
    assert end["done"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(TimeoutError("invented"), 503, id="the database is busy"),
        pytest.param(RuntimeError("invented"), 500, id="what nobody expected"),
    ],
)
def test_what_is_no_lines_fault_ends_the_request_and_says_so(
    site: Site, error: Exception, status: int
) -> None:
    kept, results = run_jobs(site, "J-2", error)
    assert kept == []
    assert [each.get("done") for each in results] == [False]
    assert results[-1]["problem"]["status"] == status
