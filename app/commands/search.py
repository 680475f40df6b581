"""`goen parse`: what a typed request for jobs is understood as."""

import json
from typing import TYPE_CHECKING

import rich_click as click

if TYPE_CHECKING:
    from app.search.query import JobQuery


@click.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="For machines: docs/search.md has the slots.")
def parse(text: str, as_json: bool) -> None:
    """Show what the reader understands of TEXT, such as 「横浜 看護師 夜勤なし 月30万以上」."""
    from app.search.reading import read_request

    query = read_request(text)
    if as_json:
        click.echo(json.dumps(query.as_json(), ensure_ascii=False))
        return
    _show(query)


def _show(query: "JobQuery") -> None:
    from rich.console import Console
    from rich.table import Table

    from app.search.wishes import rows

    console = Console()
    found = rows(query)
    if not found:
        console.print("求人の条件は読み取れませんでした。")
        return
    table = Table("項目", "読み取った内容", title="読み取った条件", title_justify="left")
    for row in found:
        table.add_row(*row)
    console.print(table)
