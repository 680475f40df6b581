"""The navigation: its entries in order. A role sees only what it may open."""

from dataclasses import dataclass

from app.console.access import may_open
from app.staff.rules import Role


@dataclass(frozen=True)
class Entry:
    """One entry; on a phone those `in_bar` stand at the bottom, the others behind その他."""

    endpoint: str
    word: str
    icon: str
    """Of Bootstrap Icons."""
    group: int = 1
    in_bar: bool = False
    key: str | None = None
    """Opens it after G."""
    also: tuple[str, ...] = ()
    """Blueprints whose pages belong to it, besides its own."""

    def holds(self, blueprint: str | None) -> bool:
        """Whether a page of this blueprint belongs to the entry."""
        return blueprint in {self.endpoint.rpartition(".")[0], *(f"console.{name}" for name in self.also)}


NAVIGATION = (
    Entry("console.today.show_today", "今日", "sun", in_bar=True, key="t"),
    Entry("console.people.list_friends", "友だち・会員", "people", in_bar=True, key="p", also=("person",)),
    Entry("console.jobs.list_jobs", "求人", "briefcase", key="w"),
    Entry("console.menus.list_menus", "リッチメニュー", "grid-3x2-gap", group=2, also=("menu_editor",)),
    Entry("console.routes.list_routes", "流入経路", "signpost-split", group=3),
    Entry("console.failures.list_failures", "失敗と稼働", "exclamation-triangle", 4, key="f"),
    Entry("console.settings.show_settings", "設定", "gear", 4, key="s", also=("staff", "audit", "api_keys")),
)


def entries_for(role: Role) -> list[Entry]:
    """What this role sees."""
    return [entry for entry in NAVIGATION if may_open(role, entry.endpoint)]
