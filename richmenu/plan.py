"""What to do next so that LINE has our menus, from what is wanted, written down and seen there (pure).

Every step is chosen anew from the facts, so that a run which died anywhere is simply continued by the next.
The order keeps everybody with a menu: new ones are complete, aliases and default point to them, and everybody
has moved, before an old one is taken away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from richmenu.facts import Facts, Known, Seen, State
from richmenu.objects import PREFIX, TabObject, is_default
from richmenu.steps import (
    Adopt,
    AwaitMove,
    Create,
    Delete,
    DropAlias,
    Forget,
    GiveToOthers,
    GoLive,
    Move,
    PointAlias,
    SetDefault,
    Step,
    Upload,
)


def next_step(facts: Facts) -> Step | None:
    """The first thing that is still to do; None when LINE has all that it should, as far as may be now."""
    return next(_steps(facts), None)


def plan(facts: Facts) -> list[Step]:
    """All steps, as they would follow if each succeeded."""
    steps: list[Step] = []
    while (step := next_step(facts)) is not None:
        steps.append(step)
        facts = after(facts, step, f"richmenu-to-come-{len(steps)}")
    return steps


def _steps(facts: Facts) -> Iterator[Step]:
    for known in facts.known:
        if known.rich_menu_id is not None and known.rich_menu_id not in facts.seen.menus:
            yield Forget(known)
    if not facts.wanted:
        return
    yield from _making(facts)
    yield from _pointing(facts)
    if any(known is None or known.state != State.LIVE for known in map(facts.known_of, facts.wanted)):
        yield GoLive()
    yield from _leaving(facts)
    yield from _clearing(facts)


def _making(facts: Facts) -> Iterator[Step]:
    ours = {known.rich_menu_id for known in facts.known}
    for tab in facts.wanted:
        known = facts.known_of(tab)
        if known is None or known.rich_menu_id is None:
            orphan = next(
                (i for i, name in facts.seen.menus.items() if name == tab.body["name"] and i not in ours),
                None,
            )
            yield Create(tab) if orphan is None else Adopt(tab, orphan)
        elif known.state is State.CREATED:
            yield Upload(tab, known.rich_menu_id)


def _pointing(facts: Facts) -> Iterator[Step]:
    for tab in facts.wanted:
        target = facts.seen.aliases.get(tab.alias)
        if target != facts.id_of(tab):
            yield PointAlias(tab.alias, facts.id_of(tab), is_new=target is None)
    for tab in facts.wanted:
        if is_default(tab) and facts.seen.default != facts.id_of(tab):
            yield SetDefault(facts.id_of(tab))


def _leaving(facts: Facts) -> Iterator[Step]:
    """Everybody from old to new: first all at once by LINE, then whoever is left, one by one."""
    if facts.is_moving:
        yield AwaitMove()
    else:
        moves = tuple(_moves(facts))
        if moves and facts.may_move:
            yield Move(moves)
    if facts.has_others or facts.is_full:
        yield GiveToOthers()


def _moves(facts: Facts) -> Iterator[tuple[str, str]]:
    for known in facts.known:
        if known.state is State.OLD and known.rich_menu_id and not (known.is_emptied or known.is_left):
            target = _successor(facts, known)
            if target is not None:
                yield known.rich_menu_id, target


def _successor(facts: Facts, old: Known) -> str | None:
    """The same tab's new version; if the tab is no more, the first of its menu, else the default."""
    menu = old.name.partition("/")[0]
    for fits in (
        lambda tab: tab.name == old.name,
        lambda tab: tab.menu == menu and tab.is_first,
        is_default,
    ):
        for tab in facts.wanted:
            if fits(tab):
                return facts.id_of(tab)
    return None


def _clearing(facts: Facts) -> Iterator[Step]:
    """Take away what is of no use any more, and nothing that is not ours."""
    by_id = {known.rich_menu_id: known for known in facts.known if known.rich_menu_id}
    wanted = {tab.alias for tab in facts.wanted}
    gone = {
        id_
        for id_, name in facts.seen.menus.items()
        if name.startswith(PREFIX) and (id_ not in by_id or _is_over(by_id[id_], facts))
    }
    for alias, target in facts.seen.aliases.items():
        if alias not in wanted and target in gone:
            yield DropAlias(alias)
    yield from (Delete(id_) for id_ in facts.seen.menus if id_ in gone)


def _is_over(known: Known, facts: Facts) -> bool:
    if known.state is State.OLD:
        return known.is_left and not facts.is_moving
    is_wanted = any((tab.name, tab.digest) == (known.name, known.digest) for tab in facts.wanted)
    return not is_wanted  # made for a version that never went live


def after(facts: Facts, step: Step, new_id: str = "") -> Facts:
    """The facts once the step is done; `new_id` is LINE's name of what was created."""
    match step:
        case Forget(known):
            return _without(facts, known)
        case Adopt(tab, id_):
            return _with(facts, tab, State.CREATED, id_)
        case Create(tab):
            menus = {**facts.seen.menus, new_id: str(tab.body["name"])}
            return _with(_seeing(facts, menus=menus), tab, State.CREATED, new_id)
        case Upload(tab, id_):
            return _with(facts, tab, State.READY, id_)
        case PointAlias(alias, id_, _):
            return _seeing(facts, aliases={**facts.seen.aliases, alias: id_})
        case SetDefault(id_):
            return _seeing(facts, default=id_)
        case GoLive():
            return gone_live(facts)
    return _after_moving(facts, step)


def _after_moving(facts: Facts, step: Step) -> Facts:
    match step:
        case Move():
            return replace(facts, is_moving=True, may_move=False)
        case AwaitMove():
            emptied = (_emptied(known) for known in facts.known)
            return replace(facts, is_moving=False, known=tuple(emptied))
        case GiveToOthers():
            return replace(facts, has_others=False, is_full=False)
        case DropAlias(alias):
            kept = {name: id_ for name, id_ in facts.seen.aliases.items() if name != alias}
            return _seeing(facts, aliases=kept)
        case Delete(gone):
            menus = {id_: name for id_, name in facts.seen.menus.items() if id_ != gone}
            left = tuple(known for known in facts.known if known.rich_menu_id != gone)
            return replace(_seeing(facts, menus=menus), known=left)
    return facts


def gone_live(facts: Facts) -> Facts:
    """Wanted ones are live, those that were live before are old."""
    wanted = {(tab.name, tab.digest) for tab in facts.wanted}

    def now(known: Known) -> Known:
        if (known.name, known.digest) in wanted:
            return replace(known, state=State.LIVE, is_left=False, is_emptied=False)
        return replace(known, state=State.OLD) if known.state is State.LIVE else known

    return replace(facts, known=tuple(now(known) for known in facts.known))


def _emptied(known: Known) -> Known:
    return replace(known, is_emptied=True) if known.state is State.OLD else known


def _without(facts: Facts, gone: Known) -> Facts:
    return replace(facts, known=tuple(known for known in facts.known if known != gone))


def _with(facts: Facts, tab: TabObject, state: State, id_: str) -> Facts:
    others = tuple(k for k in facts.known if (k.name, k.digest) != (tab.name, tab.digest))
    return replace(facts, known=(*others, Known(tab.name, tab.digest, state, id_, tab.is_first)))


def _seeing(
    facts: Facts,
    *,
    menus: Mapping[str, str] | None = None,
    aliases: Mapping[str, str] | None = None,
    default: str | None = None,
) -> Facts:
    seen = facts.seen
    changed = Seen(
        seen.menus if menus is None else menus,
        seen.aliases if aliases is None else aliases,
        seen.default if default is None else default,
    )
    return replace(facts, seen=changed)
