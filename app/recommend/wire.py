"""Questions and answers of the scoring process as JSON, a line each (pure)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.jobs.rules import EmploymentType, JobWishes, WageType
from app.jobs.vocabulary import JobFlag
from app.json_text import from_bytes, to_bytes
from app.recommend.ports import Feedback, Pick, Picks, Relaxation, Seeker, Seen


def question_line(number: int, seeker: Seeker, count: int) -> bytes:
    """One question; the answer has the same number."""
    asked = {"number": number, "count": count, "seeker": _seeker_as_json(seeker)}
    return to_bytes(asked) + b"\n"


def read_question(line: bytes) -> tuple[int, Seeker, int]:
    """Number, seeker and count."""
    asked = from_bytes(line)
    return asked["number"], _seeker(asked["seeker"]), asked["count"]


def answer_line(number: int, picks: Picks) -> bytes:
    """One answer."""
    answer = {
        "number": number,
        "picks": [pick.as_json() for pick in picks.picks],
        "model_version": picks.model_version,
    }
    return to_bytes(answer) + b"\n"


def read_answer(line: bytes) -> tuple[int, Picks]:
    """Number and picks."""
    answer = from_bytes(line)
    picks = tuple(pick_from_json(each) for each in answer["picks"])
    return answer["number"], Picks(picks, answer["model_version"])


def pick_from_json(stored: Mapping[str, Any]) -> Pick:
    """What `Pick.as_json` made."""
    return Pick(
        job_id=stored["job"],
        parts=stored["parts"],
        because=stored["because"],
        relaxed=tuple(Relaxation(each) for each in stored["relaxed"]),
        propensity=stored["propensity"],
    )


def _seeker_as_json(seeker: Seeker) -> dict[str, Any]:
    return {
        "wishes": asdict(seeker.wishes),
        "history": [(seen.job_id, seen.strength) for seen in seeker.history],
        "excluded": list(seeker.excluded),
        "leanings": {flag.value: points for flag, points in seeker.leanings.items()},
        "feedback": asdict(seeker.feedback),
        "seed": seeker.seed,
    }


def _seeker(asked: Mapping[str, Any]) -> Seeker:
    return Seeker(
        wishes=_wishes(asked["wishes"]),
        history=tuple(Seen(job_id, strength) for job_id, strength in asked["history"]),
        excluded=frozenset(asked["excluded"]),
        leanings={JobFlag(flag): points for flag, points in asked["leanings"].items()},
        feedback=Feedback(**{name: tuple(values) for name, values in asked["feedback"].items()}),
        seed=asked["seed"],
    )


def _wishes(asked: Mapping[str, Any]) -> JobWishes:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in asked.items()
    }
    values["employment_types"] = tuple(EmploymentType(each) for each in asked["employment_types"])
    values["wage_type"] = None if asked["wage_type"] is None else WageType(asked["wage_type"])
    values["flags"] = tuple(JobFlag(each) for each in asked["flags"])
    return JobWishes(**values)
