"""Valid rows, facts and friends, with what a test wants different."""

from datetime import UTC, date, datetime
from typing import Any

from app.db import Database, transaction
from app.jobs.actions import upsert_jobs
from app.jobs.rows import JobRow, read_job_row
from app.jobs.rules import EmploymentType, JobFacts, WageType

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # noon in Tokyo


def row_values(**changes: Any) -> dict[str, Any]:
    """A right row as a file has it."""
    return {
        "external_id": "A-1",
        "title": "病棟の看護師",
        "employer": "みなと台総合病院(架空)",
        "occupation": "看護師",
        "employment": "正社員",
        "prefecture": "神奈川県",
        "city": "横浜市中区",
        "wage_type": "月給",
        "wage_min": "270000",
        "opened_on": "2026-11-01",
    } | changes


def make_row(**changes: Any) -> JobRow:
    """The same, read; rows with different ids are no twins unless a title says so."""
    title = {"title": f"病棟の看護師 {changes['external_id']}"} if "external_id" in changes else {}
    return read_job_row(row_values(**title | changes), [])


def store_jobs(database: Database, *rows: JobRow) -> None:
    """Write rows in one transaction."""
    with transaction(database) as session:
        upsert_jobs(session, rows, NOW)


def make_facts(**changes: Any) -> JobFacts:
    """A job as it was read from the database."""
    facts: dict[str, Any] = {
        "id": 1,
        "external_id": "A-1",
        "title": "病棟の看護師",
        "employer": "みなと台総合病院(架空)",
        "occupation": "看護師",
        "employment": EmploymentType.FULL_TIME,
        "prefecture": 14,
        "prefectures": (14,),
        "city": 14104,
        "worksite": None,
        "wage_type": WageType.MONTH,
        "wage_min": 270_000,
        "wage_max": 320_000,
        "hours": None,
        "holidays": None,
        "flags": frozenset(),
        "licences": frozenset({"看護師"}),
        "text": None,
        "url": None,
        "image_url": None,
        "opened_on": date(2026, 11, 1),
        "closed_at": None,
    }
    return JobFacts(**facts | changes)
