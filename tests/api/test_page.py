"""The documentation page: Swagger UI from our own host, under a policy that allows nothing else."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.api.site import Site
from tests.chromium import needs_chromium, open_page
from tests.waiting import END_SECONDS

ADDRESSES = ("docs", "docs/start.js", "docs/swagger-ui.css", "docs/swagger-ui-bundle.js", "openapi.json")


@pytest.mark.parametrize("address", ADDRESSES)
def test_everything_of_the_page_is_ours_and_runs_nothing_else(shared: Site, address: str) -> None:
    answer = shared.client.get(f"/api/v1/{address}")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    if address == "docs":
        assert "//" not in answer.text, "nothing comes from elsewhere"
    answer.close()


def test_other_files_of_the_package_are_not_served(shared: Site) -> None:
    for name in ("index.html", "../__init__.py", "oauth2-redirect.html"):
        assert shared.client.get(f"/api/v1/docs/{name}").status_code == 404


@pytest.fixture
def url(shared: Site) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, shared.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v1/docs"
    server.shutdown()
    thread.join()
    server.server_close()


@needs_chromium
@pytest.mark.browser
def test_the_page_lists_the_endpoints(browser: Browser, url: str) -> None:
    with open_page(browser) as page:
        page.goto(url)
        page.get_by_text("/members/bulk").wait_for()
        assert page.get_by_role("heading", name="Goen API").is_visible()
        summary = page.locator(".opblock-summary").first
        assert summary.evaluate("node => getComputedStyle(node).display") == "flex", "the styles are there"
