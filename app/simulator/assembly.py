"""All parts of the simulated platform, put together, and served on loopback."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from aiohttp import web

from app.simulator.add_links import AddLinks
from app.simulator.api import LineApi
from app.simulator.clocks import TimeMachine
from app.simulator.config import SimulatorConfig
from app.simulator.control import Control
from app.simulator.counts import Counts
from app.simulator.directing import Directing
from app.simulator.endpoints import Endpoint
from app.simulator.faults import Faults
from app.simulator.followers import Followers
from app.simulator.linking import Linking
from app.simulator.live import Live
from app.simulator.login.family import Login
from app.simulator.lookups import Lookups
from app.simulator.menus.family import Menus
from app.simulator.notices.family import Notices
from app.simulator.numbers import PhoneNumbers
from app.simulator.pages import Pages, add_headers, refuse_other_sites
from app.simulator.phones import Phones
from app.simulator.platform import Platform
from app.simulator.script_pages import ScriptPages
from app.simulator.scripts.recording import Recorder
from app.simulator.sending import Sending
from app.simulator.sms import ShortMessages
from app.simulator.tallies import Tallies
from app.simulator.time_pages import TimePages
from app.simulator.tokens import Tokens
from app.simulator.under_test import UnderTest
from app.simulator.webhook_settings import WebhookSettings
from app.simulator.webhooks import Webhooks
from app.simulator.wire import Wire

HOST = "127.0.0.1"
_MOST_CONTROL_BYTES = 32 * 1024 * 1024
logger = logging.getLogger(__name__)


class Part(Protocol):
    """A part of the platform with endpoints and a state of its own."""

    def endpoints(self) -> list[Endpoint]:
        """What LINE has."""
        ...

    def reset(self) -> None:
        """As freshly started."""
        ...


class Simulator:
    """All parts of one platform, wired."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.platform = Platform(config)
        self.faults = Faults()
        self.wire = Wire(config.kept_wire)
        self.webhooks = Webhooks(self.platform, self.faults, self.wire)
        self.phones = Phones(self.platform, self.webhooks)
        self.menus = Menus(self.platform, self.phones)
        self.tokens = Tokens(self.platform)
        self.login = Login(self.platform, self.phones, self.tokens.is_login_token)
        self.linking = Linking(self.platform, self.webhooks)
        self.tallies = Tallies()
        self.numbers = PhoneNumbers(self.platform)
        self.sms = ShortMessages(self.platform, self.phones, self.numbers)
        self.notices = Notices(self.platform, self.webhooks, self.phones, self.numbers, self.tallies)
        self._parts: tuple[Part, ...] = (
            self.menus,
            self.tokens,
            self.login,
            self.linking,
            self.notices,
            self.sms,
            Counts(self.platform, self.tallies, self.menus.shelf),
            Followers(self.platform),
            WebhookSettings(self.platform, self.webhooks),
        )
        self.api = LineApi(self.platform, self.faults, self.wire, self.tokens.is_bot_token)
        self.live = Live(self.platform)
        self.under_test = UnderTest(config.app_url)
        self.time_machine = TimeMachine(config, self.under_test, lambda: self.platform.tell("clock", {}))
        self.recorder = Recorder(self.platform)

    def reset(self) -> None:
        """As freshly started, but for the account's own id."""
        self.webhooks.forget()
        self.faults.set([])
        self.wire.crossings.clear()
        for part in self._parts:
            part.reset()
        self.numbers.reset()
        self.tallies.reset()
        self.api.reset()
        self.platform.reset()

    def application(self) -> web.Application:
        """The routes, on whichever loop runs it."""
        app = web.Application(client_max_size=_MOST_CONTROL_BYTES, middlewares=[refuse_other_sites])
        control = Control(self.platform, self.phones, self.faults, self.reset)
        directing = Directing(self.platform, self.wire, self.webhooks, self.live, self.time_machine)
        app.add_routes(self.api.routes(self.endpoints()))
        app.add_routes(ScriptPages(self.config, self.recorder).routes())
        app.add_routes(self.recorder.watched(directing.routes()))
        app.add_routes(self.recorder.watched(TimePages(self.time_machine, self.under_test).routes()))
        app.add_routes(self.recorder.watched(control.routes(self.live)))
        for part in (self.menus, self.login, self.notices, self.sms):
            app.add_routes(self.recorder.watched(part.routes()))
        app.add_routes(AddLinks(self.platform).routes())
        app.add_routes(Pages(self.under_test).routes())
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(self.live.close)
        app.cleanup_ctx.append(self._running)
        return app

    def endpoints(self) -> list[Endpoint]:
        """Everything that LINE has."""
        sending, lookups = Sending(self.platform, self.tallies), Lookups(self.platform, self.webhooks)
        parts: tuple[Part | Sending | Lookups, ...] = (sending, lookups, *self._parts)
        return [endpoint for part in parts for endpoint in part.endpoints()]

    async def _running(self, app: web.Application) -> AsyncIterator[None]:
        await self.webhooks.open()
        yield
        await self.time_machine.close()
        await self.webhooks.close()


async def serve(simulator: Simulator, port: int, started: Callable[[int], None]) -> None:
    """Serve until cancelled, on loopback; `started` is told the port (0 chooses a free one)."""
    runner = web.AppRunner(
        simulator.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
    )
    await runner.setup()
    try:
        listener = socket.create_server((HOST, port), backlog=1024)
        await web.SockSite(runner, listener).start()
        port = listener.getsockname()[1]
        logger.warning("simulator on http://%s:%d/ - this is NOT LINE", HOST, port)
        started(port)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
