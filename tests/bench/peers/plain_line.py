"""A server that takes every push and answers as LINE does: fast, so that only the sender is measured.

python -m tests.bench.peers.plain_line PORT
"""

import sys

import uvloop
from aiohttp import web

ANSWER = b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"IStG5h1Tz7b..."}]}'
HEADERS = {"x-line-request-id": "6f1c1a2e-0000-4000-8000-000000000000"}


async def accept(request: web.Request) -> web.Response:
    """Read the body, answer 200."""
    await request.read()
    return web.Response(body=ANSWER, content_type="application/json", headers=HEADERS)


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/v2/bot/message/push", accept)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, loop=uvloop.new_event_loop())
