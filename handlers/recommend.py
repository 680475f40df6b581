"""おすすめ: jobs chosen for one person, read again as they are now, with reasons and with what was widened."""

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
from app.recommend.seekers import seeker_of
from app.recommend.telling import telling_of
from handlers.cards import Choice, show_cards
from handlers.context import Answer, Context

SHOWN_AT_ONCE = 5
ASKED_FOR = 10
"""More than are shown: one of them may have closed since they were chosen."""


def recommended(ctx: Context, wishes: JobWishes | None = None, *, count: int = SHOWN_AT_ONCE) -> Answer:
    """The best jobs for this person; `wishes`: asked for just now, instead of those known."""
    seeker = seeker_of(ctx.session, ctx.friend.id, ctx.now, wishes)
    chosen = _choose(ctx, seeker)[:count]
    fresh = len(chosen)
    if fresh < count and seeker.shown:
        again = replace(seeker, excluded=seeker.excluded - seeker.shown)
        known = {job.id for job, _ in chosen}
        chosen += [each for each in _choose(ctx, again) if each[0].id not in known][: count - fresh]
    if not chosen:
        return [no_fitting_jobs()]
    return _show(ctx, chosen, seeker.wishes, is_again=len(chosen) > fresh)


def _choose(ctx: Context, seeker: Seeker) -> list[tuple[JobFacts, Pick]]:
    """What the recommender says, without jobs that have closed or changed meanwhile."""
    picks = ctx.recommender.recommend(seeker, ASKED_FOR, ctx.now).picks
    jobs = {job.id: job for job in open_jobs(ctx.session, [pick.job_id for pick in picks], ctx.now)}
    found = [(jobs[pick.job_id], pick) for pick in picks if pick.job_id in jobs]
    return [
        (job, replace(pick, relaxed=relaxed_for(job, seeker.wishes)))
        for job, pick in found
        if may_be_shown(job, seeker.wishes)
    ]


def _show(
    ctx: Context, chosen: Sequence[tuple[JobFacts, Pick]], wishes: JobWishes, *, is_again: bool
) -> Answer:
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
