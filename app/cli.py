"""`goen`: the command line. Each command is its own program and imports what it alone needs."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rich_click as click

from app.commands.api_keys import api_key
from app.commands.channels import channel
from app.commands.common import opened_database, quiet_logs
from app.commands.evaluation import evaluate
from app.commands.friends import import_friends
from app.commands.jobs import import_jobs
from app.commands.menus import check_menus, richmenu
from app.commands.operating import COMMANDS as OPERATING
from app.commands.people import COMMANDS as PEOPLE
from app.commands.recommend import recommend
from app.commands.routes import routes
from app.commands.search import parse
from app.commands.staff import staff
from app.commands.webhooks import webhooks
from app.errors import AppError
from app.settings import Settings

FAILED = 1


class Program(click.RichGroup):
    """Turns our own errors into one line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except AppError as error:
            click.echo(f"goen: {error.message}", err=True)
            ctx.exit(FAILED)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="goen")
def main() -> None:
    """Goen (ご縁): the LINE side of a job-placement agency."""


for command in (*OPERATING, *PEOPLE):
    main.add_command(command)
main.add_command(api_key)
main.add_command(channel)
main.add_command(evaluate)
main.add_command(import_friends)
main.add_command(import_jobs)
main.add_command(parse)
main.add_command(recommend)
main.add_command(routes)
main.add_command(staff)
main.add_command(check_menus)
main.add_command(richmenu)
main.add_command(webhooks)


@main.command()
def migrate() -> None:
    """Bring the database's tables to this release; run once per release, before web and worker."""
    from app.clock import Clock
    from app.encryption import Encryption
    from app.schema import upgrade
    from app.setup import set_up

    settings = Settings.from_env()
    quiet_logs(settings)
    encryption = Encryption(settings.require_secret_keys())
    with opened_database(settings) as database:
        upgrade(database)
        set_up(settings, database, encryption, Clock(settings.clock_file).now())
    click.echo("The tables are up to date.")


@main.command()
def worker() -> None:
    """Handle events, send, keep time and do tasks, until SIGTERM or Ctrl-C."""
    from app.logs import configure_logs
    from app.memory import keep_what_is_loaded
    from app.signals import stop_on
    from app.worker import run_worker

    settings = Settings.from_env()
    configure_logs(settings.log_format)
    stop = stop_on(signal.SIGTERM, signal.SIGINT)
    keep_what_is_loaded()
    with opened_database(settings):
        run_worker(settings, stop)


@main.command()
@click.option("--jobs", type=click.IntRange(0, 1_000_000), default=2000, show_default=True)
@click.option("--people", type=click.IntRange(0, 100_000), default=30, show_default=True, help="Friends.")
@click.option("--members", type=click.IntRange(0, 100_000), default=400, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed invents the same.")
@click.option(
    "--script",
    "scripts",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Play a conversation (a YAML file, or a folder of them) and compare it with what it expects.",
)
@click.option(
    "--phone", metavar="URL", help="Play on this running simulator; else a Goen is started for the scripts."
)
def simulate(
    jobs: int, people: int, members: int, seed: int, scripts: tuple[Path, ...], phone: str | None
) -> None:
    """Invent jobs, friends with answers, members, and what these did with the jobs; all of it is marked.

    With --script: play scripted conversations on a simulated LINE instead; exit 1 when one is not as expected.
    """
    if scripts:
        sys.exit(_rehearse(scripts, phone))
    from app.invention import invent

    settings = Settings.from_env()
    with opened_database(settings) as database:
        made = invent(settings, database, jobs=jobs, people=people, members=members, seed=seed)
    click.echo(
        f"Invented: {made.jobs} jobs, {made.friends} friends and {made.members} members that were not there "
        f"yet, and {made.deeds} things that these did."
    )


def _rehearse(paths: Sequence[Path], phone: str | None) -> int:
    """Play them all; the exit code."""
    from contextlib import nullcontext

    from requests import RequestException

    from app.rehearsal import play_scripts, rehearsal_stage
    from app.simulator.scripts.reading import load_script
    from app.simulator.scripts.script import BadScript

    files = [file for path in paths for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    try:
        read = [load_script(file) for file in files]
    except BadScript as error:
        raise AppError(f"a script cannot be played\n{error}") from None
    failures = 0
    try:
        with nullcontext(phone) if phone else rehearsal_stage() as line_url:
            for script, failure in play_scripts(line_url, read):
                played = "ok    " if failure is None else "FAILED"
                click.echo(f"{played} {script.name} ({len(script.steps)} steps)")
                if failure is not None:
                    click.echo(failure)
                    failures += 1
    except RequestException:
        raise AppError("the simulator does not answer") from None
    return FAILED if failures else 0


@main.command("check-surveys")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_surveys(files: tuple[Path, ...]) -> None:
    """Check survey FILES (the shipped ones, if none is named): file, line and fault of each."""
    from app.yaml_files import check_files
    from surveys.loading import SURVEY

    faults = check_files(SURVEY, files)
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(FAILED)
    click.echo("No faults.", err=True)


@main.command("export-answers")
@click.option("--survey", help="Only this survey.")
@click.option("--history", is_flag=True, help="Every answer ever given, not only the newest.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output."
)
def export_answers(survey: str | None, history: bool, output: Path | None) -> None:
    """Survey answers as CSV."""
    from app.db import reading
    from surveys.export import export_answers as export

    settings = Settings.from_env()
    with opened_database(settings) as database, reading(database) as session:
        if output is None:
            export(session, sys.stdout, survey_name=survey, history=history)
        else:
            with output.open("w", encoding="utf-8-sig", newline="") as file:
                export(session, file, survey_name=survey, history=history)


@main.command()
@click.option("--port", envvar="PORT", type=click.IntRange(1, 65534), default=8000, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--fresh", is_flag=True, help="Forget the last demo's data first.")
def demo(port: int, data: Path, fresh: bool) -> None:
    """Run everything on this machine with a simulated LINE and invented jobs; Ctrl-C ends it."""
    from app.demo import run_demo

    sys.exit(run_demo(port, data, fresh=fresh))


if __name__ == "__main__":
    main()
