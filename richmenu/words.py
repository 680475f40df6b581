"""What a step of publishing is called, for people who watch (pure)."""

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


def words_of(step: Step) -> str:
    """One line."""
    match step:
        case Forget(known):
            return f"LINE has {known.name} no more"
        case Adopt(tab, _):
            return f"{tab.name}: take over what an earlier run had made"
        case Create(tab):
            return f"{tab.name}: create"
        case Upload(tab, _):
            return f"{tab.name}: picture"
        case PointAlias(alias, _, is_new):
            return f"alias {alias}: {'create' if is_new else 'point to the new one'}"
        case SetDefault():
            return "default for everybody who was given none"
    return _PLAIN.get(type(step)) or _named(step)


_PLAIN = {
    GoLive: "go live",
    AwaitMove: "see whether LINE has moved everybody",
    GiveToOthers: "give friends the menu that is right for them",
}


def _named(step: Step) -> str:
    match step:
        case Move(moves):
            return f"move everybody from {len(moves)} old menus to the new ones"
        case DropAlias(alias):
            return f"alias {alias}: remove"
        case Delete(rich_menu_id):
            return f"remove the old {rich_menu_id[-8:]}"
    raise TypeError(f"{step!r} has no words")
