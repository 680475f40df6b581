"""Who opens a page: people, and programs that look at links by themselves."""

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from app.visitors import is_person, is_robot

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "robot"),
    [
        pytest.param(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1",
            False,
            id="a phone",
        ),
        pytest.param(
            "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0 Mobile Safari Line/15.1.0",
            False,
            id="LINE's own browser",
        ),
        pytest.param("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/150.0", False, id="a desktop"),
        pytest.param("facebookexternalhit/1.1;line-poker/1.0", True, id="LINE's preview"),
        pytest.param("Mozilla/5.0 (compatible; Googlebot/2.1)", True, id="a search engine"),
        pytest.param("Twitterbot/1.0", True, id="another preview"),
        pytest.param("curl/8.1", True, id="a program"),
        pytest.param("python-requests/2.34", True, id="a script"),
        pytest.param("", True, id="nobody says nothing"),
    ],
)
def test_programs_that_look_at_pages_are_known(agent: str, robot: bool) -> None:
    assert is_robot(agent) is robot


@given(st.text())
def test_no_agent_breaks_the_reading(agent: str) -> None:
    is_robot(agent)


@pytest.mark.parametrize(
    ("method", "headers", "person"),
    [
        pytest.param("GET", {}, True, id="a person"),
        pytest.param("HEAD", {}, False, id="only the head"),
        pytest.param("POST", {}, False, id="no look at all"),
        pytest.param("GET", {"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"}, False, id="a preview"),
        pytest.param("GET", {"Sec-Purpose": "prefetch;prerender"}, False, id="a browser that guesses"),
        pytest.param("GET", {"Purpose": "prefetch"}, False, id="an older browser that guesses"),
        pytest.param("GET", {"Sec-Fetch-Dest": "iframe"}, False, id="in a frame"),
        pytest.param("GET", {"Sec-Fetch-Dest": "document"}, True, id="a page of its own"),
    ],
)
def test_only_somebody_who_opens_the_page_now_is_a_person(
    method: str, headers: dict[str, str], person: bool
) -> None:
    with Flask(__name__).test_request_context(method=method, headers={"User-Agent": PHONE} | headers):
        assert is_person(request) is person
