"""`goen demo`: everything on one machine, with a simulated LINE and invented jobs.

Each part is a process of its own, started the way an operator starts it; one that dies is started again.
Ctrl-C ends them all.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests
from rich.console import Console

from app.clock import Clock
from app.db import open_database, reading, transaction
from app.settings import Settings
from app.signals import stop_on
from app.site_keys.actions import add_api_key
from app.site_keys.scopes import Scope
from app.staff.actions import NewStaff, add_staff
from app.staff.audit import NOBODY
from app.staff.passwords import hash_password, make_password
from app.staff.queries import find_staff_id
from app.staff.rules import Role
from app.tables import every_table

HOST = "127.0.0.1"
ASSET_HOST = "goen-demo.example"
"""An invented https name: only the simulator's phone maps it, to the web server."""
SITE_KEY = "site-key"
LOGIN_CHANNEL = "1650000001"
"""An invented LINE Login channel of the simulator."""
STAFF = (
    ("admin", "admin@goen.example", "架空 管理"),
    ("recruiter", "sato@goen.example", "架空 佐藤"),
    ("editor", "editor@goen.example", "架空 編集"),
)
"""Invented people of the console: role, mail address, name."""
JOBS = 2000
SEED = 1
READY_SECONDS = 60
END_SECONDS = 15


@dataclass(frozen=True)
class DemoAccount:
    """Somebody who can sign in to the demo's console."""

    role: str
    email: str
    name: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Part:
    """One process of the demo."""

    name: str
    command: Sequence[str]


def run_demo(port: int, data: Path, *, fresh: bool) -> int:
    """Set up, start, wait for Ctrl-C, end every process; the exit code."""
    console = Console(stderr=True)
    taken = [number for number in (port, port + 1, port + 2) if _is_taken(number)]
    if taken:
        console.print(f"goen: port {taken[0]} is taken: stop what uses it, or set PORT to another")
        return 1
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    env = make_environment(port, data)
    stop = stop_on(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    console.print("Preparing the database and the invented jobs …")
    prepare(env)
    accounts = make_accounts(env, data)
    make_site_key(env, data)
    threads = [
        threading.Thread(target=keep_running, args=(part, env, data, stop), name=part.name)
        for part in parts_of(port, data)
    ]
    for thread in threads:
        thread.start()
    ready = wait_until_ready(port, stop)
    if ready:
        _say_where(console, port, data, accounts)
    elif not stop.is_set():
        console.print(f"goen: the demo did not start within {READY_SECONDS} s; see the logs in {data}")
        stop.set()
    for thread in threads:
        thread.join()
    return 0 if ready else 1


def make_environment(port: int, data: Path) -> dict[str, str]:
    """What every part gets. Keys are made once and kept, so that a second demo can read the first one's data."""
    line = f"http://{HOST}:{port + 1}"
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{(data / 'goen.db').resolve()}",
        "SECRET_KEY": _kept(data / "secret-key"),
        "BASE_URL": f"http://{HOST}:{port}",
        "ASSET_BASE_URL": f"https://{ASSET_HOST}",
        "LINE_CHANNEL_SECRET": _kept(data / "channel-secret"),
        "LINE_CHANNEL_ACCESS_TOKEN": _kept(data / "channel-token"),
        "LINE_API_BASE_URL": line,
        "LINE_DATA_API_BASE_URL": line,
        "LINE_LOGIN_BASE_URL": line,
        "LINE_LOGIN_CHANNEL_ID": LOGIN_CHANNEL,
        "LINE_LOGIN_CHANNEL_SECRET": _kept(data / "login-secret"),
        "SITE_URL": f"http://{HOST}:{port + 2}/mypage/line",
        "GOEN_CLOCK_FILE": str((data / "clock").resolve()),
        "GOEN_WEBHOOK_PRIVATE": "1",
        "GOEN_LOG_FORMAT": "console",
        "PYTHONUNBUFFERED": "1",
    }


def _kept(path: Path, make: Callable[[], str] = secrets.token_urlsafe) -> str:
    """A secret, made once."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make(), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def parts_of(port: int, data: Path) -> list[Part]:
    """What runs, and how it is started."""
    python, web = sys.executable, f"http://{HOST}:{port}"
    simulator = [
        *("--port", str(port + 1), "--webhook-url", f"{web}/line/webhook"),
        *("--app-url", web, "--asset-host", ASSET_HOST),
        *("--scripts", str(data / "scripts")),
    ]
    site = [
        *("--port", str(port + 2), "--goen-url", web),
        *("--key-file", str(data / SITE_KEY), "--people", str(data / "site.db")),
    ]
    return [
        Part("web", [python, "-m", "gunicorn", *gunicorn_options(f"{HOST}:{port}"), "wsgi:application"]),
        Part("worker", [python, "-m", "app.cli", "worker"]),
        Part("simulator", [python, "-m", "app.simulator", *simulator]),
        Part("site", [python, "-m", "app.samplesite", *site]),
    ]


def gunicorn_options(bind: str, *, workers: int = 1, threads: int = 8) -> list[str]:
    """How the web process is run; without gunicorn's control socket, which two servers would share."""
    return [
        *("--bind", bind, "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)),
        *("--no-control-socket", "--graceful-timeout", "5"),
    ]


def prepare(env: Mapping[str, str]) -> None:
    """The tables, and invented jobs."""
    for arguments in (["migrate"], ["simulate", "--jobs", str(JOBS), "--seed", str(SEED)]):
        subprocess.run([sys.executable, "-m", "app.cli", *arguments], env=dict(env), check=True)


def make_accounts(env: Mapping[str, str], data: Path) -> list[DemoAccount]:
    """One account for each role; its password is made once and kept, as the demo's other secrets are."""
    settings = Settings.from_env(env)
    accounts = [
        DemoAccount(role, email, name, _kept(data / f"password-{role}", make_password))
        for role, email, name in STAFF
    ]
    every_table()
    database = open_database(settings.database_url)
    now = Clock(settings.clock_file).now()
    with reading(database) as session:
        missing = [account for account in accounts if find_staff_id(session, account.email) is None]
    hashed = [(account, hash_password(account.password)) for account in missing]
    with transaction(database) as session:
        for account, password_hash in hashed:
            new = NewStaff(
                account.email, account.name, Role(account.role), password_hash, password_is_temporary=False
            )
            add_staff(session, new, NOBODY, now)
    database.dispose()
    return accounts


def make_site_key(env: Mapping[str, str], data: Path) -> None:
    """The sample job site's key of the API, made once and kept in a file that only its process reads."""
    path = data / SITE_KEY
    if path.exists():
        return
    settings = Settings.from_env(env)
    every_table()
    database = open_database(settings.database_url)
    with transaction(database) as session:
        token = add_api_key(session, "見本サイト(架空)", list(Scope), Clock(settings.clock_file).now())
    database.dispose()
    path.touch(mode=0o600)
    path.write_text(token, encoding="ascii")


def keep_running(part: Part, env: Mapping[str, str], data: Path, stop: threading.Event) -> None:
    """Run one process until the demo ends; start it again when it dies."""
    with (data / f"{part.name}.log").open("ab") as log:
        while not stop.is_set():
            process = subprocess.Popen(
                part.command, env=dict(env), stdout=log, stderr=log, start_new_session=True
            )
            while process.poll() is None and not stop.wait(0.2):
                pass
            if process.poll() is None:
                _end(process)
            stop.wait(1.0)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_ready(port: int, stop: threading.Event) -> bool:
    """Until web, simulator and sample site answer; False when they do not, or the end is wished first."""
    paths = ("/readyz", "/", "/")
    addresses = [f"http://{HOST}:{port + number}{path}" for number, path in enumerate(paths)]
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if all(_answers(address) for address in addresses):
            return True
        if stop.wait(0.2):
            return False
    return False


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _say_where(console: Console, port: int, data: Path, accounts: Sequence[DemoAccount]) -> None:
    console.print()
    console.print("[bold]Goen (ご縁) is running.[/bold] LINE is simulated; jobs and people are invented.")
    console.print(f"  Phone      http://{HOST}:{port + 1}/   add the account as a friend, then tap")
    console.print(f"  Route      http://{HOST}:{port}/add/seminar   a link and QR code that proves itself")
    console.print(f"  Job site   http://{HOST}:{port + 2}/   a sample: sign up there, link with LINE")
    console.print(f"  Console    http://{HOST}:{port}/console/")
    for account in accounts:
        console.print(
            f"             {account.role:<10}{account.email:<20} {account.password}", highlight=False
        )
    console.print(f"  API        http://{HOST}:{port}/api/v1/docs   every request that a job site can make")
    console.print(f"  Webhook    http://{HOST}:{port}/line/webhook")
    console.print(f"  Operators  http://{HOST}:{port}/readyz  and  /metrics")
    console.print(f"  Logs       {data}/web.log, worker.log, simulator.log, site.log")
    console.print("  Ctrl-C ends everything.")
