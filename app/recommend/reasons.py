"""Why a job was chosen, in words that are each true of this job (pure).

First what was strongest among the points it got and can be said of it for certain, then up to three wishes that it
meets. Of a job found by wider wishes it is said which wish it does not meet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.areas import area_name, is_area, place_code, prefecture_of
from app.jobs.rules import EMPLOYMENT_NAMES, JobFacts, JobWishes
from app.jobs.rules import reasons as met_wishes
from app.jobs.wages import wage_text
from app.rankings.rules import JAPAN
from app.recommend.nearby import NEIGHBOURS, RELATED
from app.recommend.ports import Pick, Relaxation, Signal
from app.recommend.rules import NEW_DAYS

MOST_WISHES = 3
MOST_RANK = 10
TITLE_LENGTH = 24


@dataclass(frozen=True)
class Ranked:
    """A place that a job has in a ranking of today."""

    area: int
    """A municipality, a prefecture, or 0: all of Japan."""
    occupation: str
    """Empty: all occupations."""
    rank: int


@dataclass(frozen=True)
class Telling:
    """What was read to tell reasons by."""

    today: date
    titles: Mapping[int, str] = field(default_factory=dict)
    """Of the jobs that picks are chosen because of."""
    ranks: Mapping[int, Ranked] = field(default_factory=dict)
    """By job: the best place of each."""


def pick_reasons(pick: Pick, job: JobFacts, wishes: JobWishes, telling: Telling) -> tuple[str, ...]:
    """At most four: 『病棟の看護師』を見た方に人気, 希望の横浜市, 夜勤なし. None may be said of some jobs."""
    strongest = _strongest(pick, job, telling)
    wished = met_wishes(job, wishes)[:MOST_WISHES]
    return wished if strongest is None else (strongest, *wished)


def relaxed_words(pick: Pick, job: JobFacts, wishes: JobWishes) -> tuple[str, ...]:
    """What this job is instead of what was wished, in the order of Relaxation."""
    return tuple(_INSTEAD[relaxation](job, wishes) for relaxation in pick.relaxed)


def _strongest(pick: Pick, job: JobFacts, telling: Telling) -> str | None:
    """The sentence of the signal with most points that has one that is true now."""
    if pick.propensity is not None:
        return _fresh(pick, job, telling)
    for signal in sorted(_SENTENCES, key=lambda name: pick.parts.get(name, 0.0), reverse=True):
        sentence = _SENTENCES[signal](pick, job, telling) if pick.parts.get(signal, 0.0) > 0 else None
        if sentence is not None:
            return sentence
    return None


def _seen_together(pick: Pick, job: JobFacts, telling: Telling) -> str | None:
    title = None if pick.because is None else telling.titles.get(pick.because)
    return None if title is None else f"『{_short(title)}』を見た方に人気"


def _fresh(pick: Pick, job: JobFacts, telling: Telling) -> str | None:
    return "新着" if 0 <= (telling.today - job.opened_on).days < NEW_DAYS else None


def _popular(pick: Pick, job: JobFacts, telling: Telling) -> str | None:
    ranked = telling.ranks.get(job.id)
    if ranked is None or ranked.rank > MOST_RANK or not (ranked.area == JAPAN or is_area(ranked.area)):
        return None
    where = "全国" if ranked.area == JAPAN else area_name(ranked.area)
    what = f"×{ranked.occupation}" if ranked.occupation else ""
    return f"{where}{what}で人気{ranked.rank}位"


_SENTENCES: Mapping[Signal, Callable[[Pick, JobFacts, Telling], str | None]] = {
    Signal.KNN: _seen_together,
    Signal.FRESH: _fresh,
    Signal.POPULAR: _popular,
}


def _short(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"


def _place_instead(job: JobFacts, wishes: JobWishes) -> str:
    """Says 隣 and 同じ only where it is so."""
    place = area_name(place_code(job.prefecture, job.city), full=True)
    wished = (*wishes.cities, *wishes.prefectures)
    homes = {each.code for code in wished if (each := prefecture_of(code)) is not None}
    same = [code for code in wished if code >= 100 and is_area(code) and code // 1000 in job.prefectures]
    if same:
        return f"勤務地は{place}(希望の{area_name(same[0])}と同じ{area_name(same[0] // 1000)})"
    near = [code for code in sorted(homes) if set(NEIGHBOURS[code]) & set(job.prefectures)]
    return f"勤務地は{place}(希望の{area_name(near[0])}の隣)" if near else f"勤務地は{place}"


def _occupation_instead(job: JobFacts, wishes: JobWishes) -> str:
    near = [name for name in wishes.occupations if job.occupation in RELATED.get(name, ())]
    return f"職種は{job.occupation}(希望の{near[0]}に近い仕事)" if near else f"職種は{job.occupation}"


def _wage_instead(job: JobFacts, wishes: JobWishes) -> str:
    return f"給与は{wage_text(job.wage_type, job.wage_min, job.wage_max)}(希望より少し低め)"


def _employment_instead(job: JobFacts, wishes: JobWishes) -> str:
    return f"雇用形態は{EMPLOYMENT_NAMES[job.employment]}"


_INSTEAD: Mapping[Relaxation, Callable[[JobFacts, JobWishes], str]] = {
    Relaxation.PLACE: _place_instead,
    Relaxation.OCCUPATION: _occupation_instead,
    Relaxation.WAGE: _wage_instead,
    Relaxation.EMPLOYMENT: _employment_instead,
}
