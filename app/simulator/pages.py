"""The phone's page and files, and the web server's pictures under the phone's own address."""

from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from app.simulator.under_test import UnderTest

STATIC = Path(__file__).resolve().parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_MIMES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_MOST_PICTURE_BYTES = 10 * 1024 * 1024


class Pages:
    """What a browser gets."""

    def __init__(self, under_test: UnderTest) -> None:
        self._under_test = under_test

    def routes(self) -> list[web.RouteDef]:
        """`/`, `/phone`, `/static/…`, `/simulator/assets/…`."""
        return [
            web.get("/", self._phone),
            web.get("/phone", self._phone),
            web.get("/healthz", self._health),
            web.get("/static/{path:.*}", self._static),
            web.get("/simulator/assets/{path:.*}", self._picture),
        ]

    async def _phone(self, request: web.Request) -> web.StreamResponse:
        return _file(STATIC / "index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = (STATIC / request.match_info["path"]).resolve()
        if not path.is_relative_to(STATIC) or path.suffix not in _MIMES or not path.is_file():
            raise web.HTTPNotFound
        return _file(path)

    async def _health(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text="ok\n")

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        """A picture of the web server's, which messages name by an invented https address."""
        if self._under_test.url is None:
            raise web.HTTPNotFound
        address = f"{self._under_test.url}/{request.match_info['path']}"
        timeout = aiohttp.ClientTimeout(total=5)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(address, params=request.query, allow_redirects=False) as response,
            ):
                body = await response.content.read(_MOST_PICTURE_BYTES)
                if response.status != 200 or not response.content_type.startswith("image/"):
                    raise web.HTTPNotFound
        except (aiohttp.ClientError, TimeoutError):
            raise web.HTTPBadGateway from None
        return web.Response(body=body, content_type=response.content_type)


def _file(path: Path) -> web.Response:
    """A small file at once: aiohttp's own FileResponse leaks it when a browser goes away in the middle."""
    return web.Response(body=path.read_bytes(), content_type=_MIMES[path.suffix], charset="utf-8")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every response: that this is not LINE; and what a browser may do with it."""
    response.headers["X-Simulator"] = "not LINE"
    if not request.path.startswith("/v2/"):
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-cache")


@web.middleware
async def refuse_other_sites(request: web.Request, handler: Handler) -> web.StreamResponse:
    """No page of another site acts on this one through the browser of whoever has both open."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise web.HTTPForbidden(text="a page of another site may not act here")
    return await handler(request)
