"""The API's one way through: key, scope, body, Idempotency-Key, transaction, answer; refusals as problems."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from structlog.contextvars import bind_contextvars

from app.api.bulk import MOST_BULK_BYTES, BulkRun, body_lines
from app.api.door import ApiDoor
from app.api.endpoint import Bulk, Call, Endpoint, Networked, Reading, Writing
from app.api.idempotency import Claim, Kept, checked_key, claim_or_find, give_up, keep_answer, request_digest
from app.api.keys import KnownKey, check_scope, known_key
from app.api.problems import MEDIA_TYPE, Kind, Problem, busy, invalid_field, problem_behind
from app.api.requests import (
    CHUNK_BYTES,
    LINES_TYPES,
    check_media_type,
    checked_path,
    parse_given,
    read_body,
)
from app.db import reading, transaction
from app.errors import AppError
from app.json_text import to_bytes
from app.staff.audit import Doer

PREFIX = "/api/v1"
log = structlog.get_logger(__name__)


def add_endpoints(bp: Blueprint, endpoints: Sequence[Endpoint[Any, Any]]) -> None:
    """Give each endpoint its address, and every other address below the prefix a problem as its answer."""
    for endpoint in endpoints:
        bp.add_url_rule(
            flask_path(endpoint.path),
            f"{endpoint.method} {endpoint.path}".replace(".", "_"),
            partial(_respond, endpoint),
            methods=[endpoint.method],
            provide_automatic_options=False,
        )
    every_method = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    bp.add_url_rule("/", "root", partial(_refuse, endpoints, ""), methods=every_method)
    bp.add_url_rule("/<path:rest>", "rest", partial(_refuse, endpoints), methods=every_method)


def flask_path(path: str) -> str:
    """`/members/{member}` as Flask writes it."""
    return path.replace("{", "<").replace("}", ">")


def door() -> ApiDoor:
    """What factory.py put together."""
    found: ApiDoor = current_app.extensions["goen.api"]
    return found


def problem_of(error: Exception) -> Problem:
    """The problem that an error becomes; one that nobody expected is logged and says nothing of itself."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, TimeoutError | OperationalError | NoConnection):
        log.warning("api_busy", error=type(error).__name__)
        return busy("the database does not answer in time", retry_after_seconds=2)
    if isinstance(error, AppError) and error.status != 500:
        return problem_behind(error)
    log.error("api_failed", exc_info=error)
    return Problem(Kind.INTERNAL, "this was not expected; the log has the request's details")


def render_problem(problem: Problem) -> Response:
    """A problem as an answer."""
    body = to_bytes(problem.as_json())
    return Response(body, problem.status, headers=problem.headers, content_type=MEDIA_TYPE)


def _respond(endpoint: Endpoint[Any, Any], **path: str) -> Response:
    try:
        with door().taken():
            return _answered(endpoint, path)
    except Exception as error:  # every refusal and every failure leaves here, as one form of answer
        problem = problem_of(error)
        log.info("api_refused", kind=problem.kind.value, faults=len(problem.errors))
        return render_problem(problem)


def _answered(endpoint: Endpoint[Any, Any], path: dict[str, str]) -> Response:
    with reading(door().database) as session:
        key = known_key(session, request.headers.get("Authorization"))
    bind_contextvars(api_key=key.id)
    check_scope(key, endpoint.scope)
    call: Call[Any] = Call(
        given=None,
        path=checked_path(path),
        by=Doer(api_key_id=key.id),
        now=door().clock.now(),
        door=door(),
    )
    if isinstance(endpoint, Bulk):
        return _bulk(endpoint, call)
    body = read_body()
    call = replace(call, given=parse_given(endpoint, body, path))
    if isinstance(endpoint, Reading):
        with reading(call.door.database) as session:
            return _render(_kept(endpoint.run(session, call)))
    return _once(key, body, partial(_work, endpoint, call))


def _work(endpoint: Endpoint[Any, Any], call: Call[Any], claim: Claim | None) -> Kept:
    """Do it, and keep the answer if there is a claim; of a `Writing` both are one transaction."""
    if isinstance(endpoint, Networked):
        kept = _kept(endpoint.run(call))
        if claim is not None:
            with transaction(call.door.database) as session:
                keep_answer(session, call.door.encryption, claim, kept)
        return kept
    assert isinstance(endpoint, Writing)
    with transaction(call.door.database) as session:
        kept = _kept(endpoint.run(session, call))
        if claim is not None:
            keep_answer(session, call.door.encryption, claim, kept)
    return kept


def _once(key: KnownKey, body: bytes, work: Callable[[Claim | None], Kept]) -> Response:
    """The answer to this request; with an Idempotency-Key it is worked for once."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return _render(work(None))
    found = _claimed(key, checked_key(given), body)
    if isinstance(found, Kept):
        response = _render(found)
        response.headers["Idempotency-Replayed"] = "true"
        return response
    try:
        return _render(work(found))
    except Exception:
        # A claim that cannot be given up now is taken for abandoned a minute later.
        with suppress(SQLAlchemyError, TimeoutError), transaction(door().database) as session:
            give_up(session, found)
        raise


def _claimed(key: KnownKey, given: str, body: bytes) -> Claim | Kept:
    digest = request_digest(request.method, request.path, body)
    with transaction(door().database) as session:
        return claim_or_find(
            session, door().encryption, key.id, given, digest, real_now=door().clock.real_now()
        )


def _bulk(endpoint: Bulk[Any], call: Call[None]) -> Response:
    if "Idempotency-Key" in request.headers:
        raise Problem(Kind.BAD_HEADER, "a bulk request takes no Idempotency-Key: each line may be repeated")
    if request.args:
        raise invalid_field(next(iter(request.args)), "is not a known parameter")
    check_media_type(*LINES_TYPES)
    request.max_content_length = MOST_BULK_BYTES
    run = BulkRun(endpoint, call)
    try:
        run.take(body_lines())
    except Exception as error:  # what was written stays written, so the results are due in any case
        run.end(problem_of(error))
    else:
        run.end(None)
    return _render_results(run)


def _render_results(run: BulkRun) -> Response:
    def chunks() -> Iterator[bytes]:
        with run.results:
            yield from iter(lambda: run.results.read(CHUNK_BYTES), b"")

    status, headers = (200, {}) if run.problem is None else (run.problem.status, run.problem.headers)
    return Response(chunks(), status, headers=headers, content_type=LINES_TYPES[0])


def _kept(shown: BaseModel | None) -> Kept:
    return Kept(204, "") if shown is None else Kept(200, shown.model_dump_json())


def _render(kept: Kept) -> Response:
    return Response(kept.body, kept.status, content_type="application/json")


def _refuse(endpoints: Sequence[Endpoint[Any, Any]], rest: str) -> Response:
    """404, or 405 where another method would have been right."""
    parts = f"/{rest}".split("/")
    methods = sorted({endpoint.method for endpoint in endpoints if _fits(endpoint.path.split("/"), parts)})
    if methods:
        allowed = ", ".join(methods)
        detail = f"this address knows {allowed}"
        return render_problem(Problem(Kind.METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed}))
    return render_problem(Problem(Kind.NOT_FOUND, f"there is no such address; {PREFIX}/docs lists them all"))


def _fits(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    return len(pattern) == len(parts) and all(
        expected.startswith("{") or expected == part for expected, part in zip(pattern, parts, strict=True)
    )
