"""What is said about chosen jobs besides their cards (pure)."""

from collections.abc import Iterable, Sequence

from app.areas import area_name, is_area
from app.jobs.rules import EMPLOYMENT_NAMES, JobFacts, JobWishes
from app.jobs.vocabulary import WAGE_NAMES
from app.recommend.rules import Relaxation

MOST_NAMED = 3


def widened_note(chosen: Sequence[tuple[JobFacts, Sequence[Relaxation]]], wishes: JobWishes) -> str | None:
    """Which conditions were widened for the jobs that are shown, and how far; None when none was.

    Each line is true of at least one of the jobs.
    """
    lines = [line for relaxation in Relaxation if (line := _line(relaxation, chosen, wishes))]
    if not lines:
        return None
    said = "\n".join(f"・{line}" for line in lines)
    return f"条件にすべて合う求人が少ないため、少し広げてお探ししました。\n{said}"


def shown_again_note() -> str:
    """There were not enough jobs that the person has not seen lately."""
    return "新しい求人が少ないため、前にお見せした求人も入れました。"


def _line(
    relaxation: Relaxation, chosen: Sequence[tuple[JobFacts, Sequence[Relaxation]]], wishes: JobWishes
) -> str | None:
    jobs = [job for job, relaxed in chosen if relaxation in relaxed]
    if not jobs:
        return None
    match relaxation:
        case Relaxation.PLACE:
            return f"{_places(jobs, wishes)}の求人も入れました"
        case Relaxation.OCCUPATION:
            return f"{_listed(wishes.occupations)}に近い{_listed(job.occupation for job in jobs)}の求人も入れました"
        case Relaxation.WAGE:
            unit = WAGE_NAMES[wishes.wage_type] if wishes.wage_type else "給与"
            return f"{unit}がご希望より少し低い求人も入れました"
        case Relaxation.EMPLOYMENT:
            return f"{_listed(EMPLOYMENT_NAMES[job.employment] for job in jobs)}の求人も入れました"


def _places(jobs: Sequence[JobFacts], wishes: JobWishes) -> str:
    """横浜市のほかの神奈川県、横浜市に近い東京都."""
    wished = (*wishes.cities, *wishes.prefectures)
    homes = {code if code < 100 else code // 1000 for code in wished}
    named = _listed(area_name(code) for code in wished if is_area(code)) or "ご希望"
    inside = _listed(area_name(job.prefecture) for job in jobs if job.prefecture in homes)
    near = _listed(area_name(job.prefecture) for job in jobs if job.prefecture not in homes)
    said = (f"{named}のほかの{inside}" if inside else "", f"{named}に近い{near}" if near else "")
    return "、".join(each for each in said if each)


def _listed(names: Iterable[str]) -> str:
    """横浜市・川崎市; of many the first ones and など."""
    once = list(dict.fromkeys(names))
    return "・".join(once[:MOST_NAMED]) + ("など" if len(once) > MOST_NAMED else "")
