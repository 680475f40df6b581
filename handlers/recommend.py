"""おすすめ: jobs chosen for one person, read again as they are now, with reasons and with what was widened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from app.jobs.messages import no_fitting_jobs
from app.jobs.rules import JobFacts, JobWishes
from app.jobs.searching import open_jobs
from app.line.messages import postback_action, text_message
from app.line.postback import pack
from app.recommend.messages import shown_again_note, widened_note
from app.recommend.popular import may_be_shown, relaxed_for
from app.recommend.ports import Pick, Seeker
from app.recommend.reasons import Telling, pick_reasons, relaxed_words
from app.recommend.rules import PER_EMPLOYER
from app.recommend.seekers import seeker_of
from app.recommend.telling import telling_of
from handlers.cards import Choice, show_cards
from handlers.context import Answer, Context

SHOWN_AT_ONCE = 5
ASKED_FOR = 10
"""More than are shown: one of them may have closed since they were chosen."""


_Chosen = tuple[JobFacts, Pick]


def recommended(ctx: Context, wishes: JobWishes | None = None, *, count: int = SHOWN_AT_ONCE) -> Answer:
    """The best jobs for this person; `wishes`: asked for just now, instead of those known."""
    seeker = seeker_of(ctx.session, ctx.friend.id, ctx.now, wishes)
    chosen = _first([], _choose(ctx, seeker), count)
    fresh = len(chosen)
    if fresh < count and seeker.shown:
        again = replace(seeker, excluded=seeker.excluded - seeker.shown)
        chosen = _first(chosen, _choose(ctx, again), count)
    if not chosen:
        return [no_fitting_jobs()]
    return _show(ctx, chosen, seeker.wishes, is_again=len(chosen) > fresh)


def _first(chosen: Sequence[_Chosen], more: Sequence[_Chosen], count: int) -> list[_Chosen]:
    """What is chosen and then more, none twice and few of an employer over both; `count` at most."""
    taken = list(chosen)
    known = {job.id for job, _ in taken}
    employers = Counter(job.employer for job, _ in taken)
    for job, pick in more:
        if len(taken) < count and job.id not in known and employers[job.employer] < PER_EMPLOYER:
            taken.append((job, pick))
            employers[job.employer] += 1
    return taken


def _choose(ctx: Context, seeker: Seeker) -> list[_Chosen]:
    """What the recommender says, without jobs that have closed or changed meanwhile."""
    picks = ctx.recommender.recommend(seeker, ASKED_FOR, ctx.now).picks
    jobs = {job.id: job for job in open_jobs(ctx.session, [pick.job_id for pick in picks], ctx.now)}
    found = [(jobs[pick.job_id], pick) for pick in picks if pick.job_id in jobs]
    return [
        (job, replace(pick, relaxed=relaxed_for(job, seeker.wishes)))
        for job, pick in found
        if may_be_shown(job, seeker.wishes)
    ]


def _show(ctx: Context, chosen: Sequence[_Chosen], wishes: JobWishes, *, is_again: bool) -> Answer:
    notes = [
        widened_note([(job, pick.relaxed) for job, pick in chosen], wishes),
        shown_again_note() if is_again else None,
    ]
    said = [note for note in notes if note is not None]
    telling = telling_of(ctx.session, [pick for _, pick in chosen], ctx.now)
    more = postback_action("もっと見る", pack("job.first"), display_text="おすすめをもっと見る")
    choices = [_choice(job, pick, wishes, telling) for job, pick in chosen]
    cards = show_cards(ctx, choices, heading="おすすめの求人", more=more)
    return [*([text_message("\n\n".join(said))] if said else []), cards]


def _choice(job: JobFacts, pick: Pick, wishes: JobWishes, telling: Telling) -> Choice:
    parts = {key: value for key, value in pick.as_json().items() if key not in {"job", "propensity"}}
    return Choice(
        job,
        pick_reasons(pick, job, wishes, telling),
        relaxed_words(pick, job, wishes),
        parts,
        pick.propensity,
    )
