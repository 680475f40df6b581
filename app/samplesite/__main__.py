"""`python -m app.samplesite`: a sample job site on this machine, for the demo."""

import secrets
from pathlib import Path

import click
from werkzeug.serving import make_server

from app.samplesite.goen import Goen
from app.samplesite.people import People
from app.samplesite.site import Site, create_site

HOST = "127.0.0.1"


@click.command()
@click.option("--port", default=8002, show_default=True, help="Where the site is.")
@click.option("--goen-url", required=True, help="Goen's public address.")
@click.option(
    "--key-file", type=click.Path(path_type=Path), required=True, help="Holds the key of Goen's API."
)
@click.option("--people", "people_file", type=click.Path(path_type=Path), required=True, help="Its members.")
def main(port: int, goen_url: str, key_file: Path, people_file: Path) -> None:
    """Serve a sample job site. Companies, jobs and people on it are invented."""
    key = key_file.read_text(encoding="ascii").strip()
    site = Site(Goen(goen_url, key), People(people_file), f"http://{HOST}:{port}")
    make_server(HOST, port, create_site(site, secrets.token_urlsafe(32)), threaded=True).serve_forever()


if __name__ == "__main__":
    main()
