"""What LINE's answers mean."""

import json
from typing import Any

import pytest

from app.line.rules import Outcome, Reply, error_detail, outcome_of

MONTHLY = "429 · You have reached your monthly limit."
RATE = "429 · The API rate limit has been exceeded. Try again later."
KEY = {"x-line-accepted-request-id": "an-earlier-call"}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        pytest.param(Reply(200), Outcome.ACCEPTED, id="200"),
        pytest.param(Reply(202), Outcome.ACCEPTED, id="202"),
        pytest.param(Reply(202, not_ready=True), Outcome.NOT_READY, id="202 for content"),
        pytest.param(Reply(409, headers=KEY), Outcome.ACCEPTED, id="409 to our own retry key"),
        pytest.param(Reply(409), Outcome.REJECTED, id="409 without the accepted request"),
        pytest.param(Reply(None, connected=False), Outcome.NOT_CONNECTED, id="no connection"),
        pytest.param(Reply(None), Outcome.UNSURE, id="no answer"),
        pytest.param(Reply(500), Outcome.UNSURE, id="500"),
        pytest.param(Reply(503), Outcome.UNSURE, id="503"),
        pytest.param(Reply(400, detail="400 · Invalid reply token"), Outcome.TOKEN_INVALID, id="token"),
        pytest.param(Reply(400, detail="400 · Failed to send messages"), Outcome.REJECTED, id="400"),
        pytest.param(Reply(404), Outcome.REJECTED, id="404"),
        pytest.param(Reply(410), Outcome.REJECTED, id="410"),
        pytest.param(Reply(413), Outcome.REJECTED, id="413"),
        pytest.param(Reply(422), Outcome.REJECTED, id="422"),
        pytest.param(Reply(401), Outcome.UNAUTHORIZED, id="401"),
        pytest.param(Reply(403), Outcome.FORBIDDEN, id="403"),
        pytest.param(Reply(429, detail=RATE), Outcome.RATE_LIMITED, id="429 rate"),
        pytest.param(Reply(429, detail=MONTHLY), Outcome.QUOTA_SPENT, id="429 monthly"),
        pytest.param(Reply(302), Outcome.UNSURE, id="a redirect is not LINE"),
    ],
)
def test_the_meaning_of_an_answer(reply: Reply, expected: Outcome) -> None:
    assert outcome_of(reply) is expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "99999"}, 3600.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_where_it_is_a_number(headers: dict[str, str], seconds: float | None) -> None:
    assert Reply(429, headers=headers).retry_after_seconds == seconds


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            {
                "message": "The request body has 1 error(s)",
                "details": [{"message": "May not be empty", "property": "messages[0].text"}],
            },
            "400 · The request body has 1 error(s) · messages[0].text: May not be empty",
            id="message and details",
        ),
        pytest.param({}, "400", id="nothing said"),
        pytest.param([1], "400", id="not an object"),
    ],
)
def test_lines_own_words_are_kept(body: Any, expected: str) -> None:
    assert error_detail(400, json.dumps(body).encode()) == expected


def test_an_answer_that_is_not_json_leaves_the_status() -> None:
    assert error_detail(502, b"<html>Bad gateway") == "502"
