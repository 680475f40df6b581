"""Endpoints of rich menu aliases: the names that tabs switch to (line-platform facts, 5)."""

from app.simulator.answers import Answer, Call, ok, refusal
from app.simulator.bodies import checked
from app.simulator.checks import menus as shapes
from app.simulator.endpoints import Endpoint, Limit, delete, get, post
from app.simulator.menus.shelf import Shelf

MOST_ALIASES = 1000


class MenuAliases:
    """An alias names one menu, and can be pointed at another."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def endpoints(self) -> list[Endpoint]:
        """Updating is POST, not PUT."""
        one = "/richmenu/alias/{alias}"
        return [
            get("/richmenu/alias/list", "richmenu.alias", self.list_all),
            post("/richmenu/alias", "richmenu.alias", self.create),
            get(one, "richmenu.alias", self.get),
            post(one, "richmenu.alias", self.update),
            delete(one, "richmenu.alias", self.delete, Limit(100, 3600)),
        ]

    def create(self, call: Call) -> Answer:
        """A new name for a menu."""
        body = checked(call, shapes.ALIAS)
        alias, menu_id = body["richMenuAliasId"], body["richMenuId"]
        if alias in self._shelf.aliases:
            raise refusal(400, "conflict richmenu alias id")
        self._check_menu(menu_id)
        if len(self._shelf.aliases) >= MOST_ALIASES:
            raise refusal(400, f"The number of rich menu aliases has reached the limit of {MOST_ALIASES}")
        self._shelf.aliases[alias] = menu_id
        return ok({})

    def update(self, call: Call) -> Answer:
        """The same name for another menu."""
        alias = self._find(call)
        menu_id = checked(call, shapes.ALIAS_UPDATE)["richMenuId"]
        self._check_menu(menu_id)
        self._shelf.aliases[alias] = menu_id
        return ok({})

    def get(self, call: Call) -> Answer:
        """What the name stands for."""
        alias = self._find(call)
        return ok(_alias_json(alias, self._shelf.aliases[alias]))

    def list_all(self, call: Call) -> Answer:
        """Every name."""
        return ok({"aliases": [_alias_json(*pair) for pair in self._shelf.aliases.items()]})

    def delete(self, call: Call) -> Answer:
        """The name goes, the menu stays."""
        del self._shelf.aliases[self._find(call)]
        return ok({})

    def _find(self, call: Call) -> str:
        alias = call.request.match_info["alias"]
        if alias not in self._shelf.aliases:
            raise refusal(404, "richmenu alias not found")
        return alias

    def _check_menu(self, menu_id: str) -> None:
        if menu_id not in self._shelf.menus:
            raise refusal(400, "richmenu not found")


def _alias_json(alias: str, menu_id: str) -> dict[str, str]:
    return {"richMenuAliasId": alias, "richMenuId": menu_id}
