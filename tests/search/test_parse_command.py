"""`goen parse`: a table for people, JSON for machines; neither needs a database."""

import json

from click.testing import CliRunner

from app.cli import main


def test_json_has_the_slots_and_nothing_else() -> None:
    result = CliRunner().invoke(main, ["parse", "横浜市で看護師、夜勤なし、月30万以上", "--json"])
    assert (result.exit_code, json.loads(result.output)) == (
        0,
        {
            "city": [14100],
            "occupation": ["看護師"],
            "salary_min": 300_000,
            "salary_unit": "month",
            "flags": ["no_night"],
        },
    )
    assert CliRunner().invoke(main, ["parse", "こんにちは", "--json"]).output == "{}\n"


def test_people_get_a_table_in_their_words() -> None:
    output = CliRunner().invoke(main, ["parse", "府中市で看護師"]).output
    assert "東京都府中市、広島県府中市" in output
    assert "府中市はどこか" in output
    assert "読み取れませんでした" in CliRunner().invoke(main, ["parse", "こんにちは"]).output
