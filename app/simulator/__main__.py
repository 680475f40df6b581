"""`python -m app.simulator`: a simulated LINE platform and its phones, on this machine only."""

import asyncio
import logging
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import uvloop

from app.simulator.assembly import Simulator, serve
from app.simulator.config import SimulatorConfig

_LOGIN_SECRET = SimulatorConfig().login_channel_secret


@click.command()
@click.option("--port", default=8001, show_default=True, help="Where LINE's API and the phones are.")
@click.option("--webhook-url", help="Where webhooks go.")
@click.option("--app-url", help="The web server: its metrics pace the time machine, its pictures are shown.")
@click.option("--asset-host", help="The invented https name that stands for the web server in pictures.")
@click.option(
    "--scripts",
    "scripts_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder where recorded conversations are kept.",
)
@click.option("--account-name", default=SimulatorConfig.account_name, help="The official account's name.")
@click.option(
    "--login-callback",
    "login_callbacks",
    multiple=True,
    help="A registered callback of LINE Login; none: this machine's.",
)
def main(port: int, app_url: str | None, **given: Any) -> None:
    """Serve a simulated LINE platform. It is NOT LINE.

    LINE_CHANNEL_SECRET, LINE_CHANNEL_ACCESS_TOKEN and GOEN_CLOCK_FILE are read from the environment, and
    LINE_LOGIN_CHANNEL_ID and LINE_LOGIN_CHANNEL_SECRET where they are set.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    clock_file = os.environ.get("GOEN_CLOCK_FILE")
    newest, *older = (secret.strip() for secret in _needed("LINE_CHANNEL_SECRET").split(","))
    config = SimulatorConfig(
        channel_secret=newest,
        older_secrets=tuple(older),
        access_token=_needed("LINE_CHANNEL_ACCESS_TOKEN"),
        login_channel_id=os.environ.get("LINE_LOGIN_CHANNEL_ID") or SimulatorConfig.login_channel_id,
        login_channel_secret=os.environ.get("LINE_LOGIN_CHANNEL_SECRET") or _LOGIN_SECRET,
        app_url=app_url.rstrip("/") if app_url else None,
        **given,
        clock_file=Path(clock_file) if clock_file else None,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, suppress(KeyboardInterrupt):
        runner.run(_until_stopped(config, port))


async def _until_stopped(config: SimulatorConfig, port: int) -> None:
    """Until Ctrl-C or SIGTERM."""
    serving = asyncio.ensure_future(serve(Simulator(config), port, lambda bound: None))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
    except OSError as error:
        raise click.ClickException(f"port {port}: {os.strerror(error.errno or 0)}") from None


def _needed(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise click.ClickException(f"{name} is not set")
    return value


if __name__ == "__main__":
    main()
