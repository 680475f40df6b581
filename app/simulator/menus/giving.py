"""Endpoints that say who sees which rich menu: default, one person, many people (line-platform facts, 5)."""

from collections.abc import Callable

from app.simulator.answers import Answer, Call, ok, refusal
from app.simulator.bodies import checked, invalid_property
from app.simulator.checks import menus as shapes
from app.simulator.endpoints import Endpoint, delete, get, post
from app.simulator.later import Later
from app.simulator.menus.making import find_menu
from app.simulator.menus.shelf import Menu, Shelf
from app.simulator.platform import Platform, is_user_id

Find = Callable[[Call], Menu]


class MenuGiving:
    """Links between people and menus."""

    def __init__(self, platform: Platform, shelf: Shelf, later: Later) -> None:
        self._platform = platform
        self._shelf = shelf
        self._later = later

    def endpoints(self) -> list[Endpoint]:
        """`all` is everybody, and comes before people's ids."""
        one = "/user/{user_id}/richmenu"
        return [
            post("/user/all/richmenu/{richMenuId}", "richmenu.default", self.set_default),
            get("/user/all/richmenu", "richmenu.default", self.get_default),
            delete("/user/all/richmenu", "richmenu.default", self.clear_default),
            post(one + "/{richMenuId}", "richmenu.link", self.link),
            get(one, "richmenu.of", self.get_link),
            delete(one, "richmenu.unlink", self.unlink),
            post("/richmenu/bulk/link", "richmenu.bulk", self.bulk_link),
            post("/richmenu/bulk/unlink", "richmenu.bulk", self.bulk_unlink),
        ]

    def set_default(self, call: Call) -> Answer:
        """For everybody without an own one; phones show it when the chat is opened again."""
        self._shelf.default = applicable(find_menu(self._shelf, call)).id
        return ok({})

    def get_default(self, call: Call) -> Answer:
        """Its id."""
        if self._shelf.default is None:
            raise refusal(404, "no default richmenu")
        return ok({"richMenuId": self._shelf.default})

    def clear_default(self, call: Call) -> Answer:
        """None any more; own menus stay, those of tab switches too."""
        self._shelf.default = None
        return ok({})

    def link(self, call: Call) -> Answer:
        """200 without effect for whoever is not a friend."""
        user_id = _user_id(call)
        menu = applicable(find_menu(self._shelf, call))
        self._shelf.link(self._platform.find_person(user_id), menu.id)
        return ok({})

    def get_link(self, call: Call) -> Answer:
        """The person's own menu; the default is not one."""
        menu_id = self._shelf.links.get(_user_id(call))
        if menu_id is None:
            raise refusal(404, "the user has no richmenu")
        return ok({"richMenuId": menu_id})

    def unlink(self, call: Call) -> Answer:
        """Back to the default."""
        self._shelf.unlink(_user_id(call))
        return ok({})

    def bulk_link(self, call: Call) -> Answer:
        """202; done a moment later."""
        body = checked(call, shapes.BULK_LINK)
        menu = self._shelf.menus.get(body["richMenuId"])
        if menu is None:
            raise refusal(404, "richmenu not found")
        menu_id, user_ids = applicable(menu).id, _user_ids(body["userIds"])

        def act() -> None:
            for user_id in user_ids:
                if menu_id in self._shelf.menus:
                    self._shelf.link(self._platform.find_person(user_id), menu_id)

        self._later.do(act)
        return Answer(202, b"{}")

    def bulk_unlink(self, call: Call) -> Answer:
        """202; done a moment later."""
        user_ids = _user_ids(checked(call, shapes.BULK_UNLINK)["userIds"])

        def act() -> None:
            for user_id in user_ids:
                self._shelf.unlink(user_id)

        self._later.do(act)
        return Answer(202, b"{}")


def applicable(menu: Menu) -> Menu:
    """The menu itself; 400 while it has no picture."""
    if not menu.picture:
        raise refusal(400, "must upload richmenu image before applying it to user")
    return menu


def _user_id(call: Call) -> str:
    user_id = call.request.match_info["user_id"]
    if not is_user_id(user_id):
        raise refusal(400, "The value for the 'userId' parameter is invalid")
    return user_id


def _user_ids(user_ids: list[str]) -> list[str]:
    for index, user_id in enumerate(user_ids):
        if not is_user_id(user_id):
            raise invalid_property(f"'userIds[{index}]'")
    return user_ids
