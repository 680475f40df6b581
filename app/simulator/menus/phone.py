"""The rich menu as the phone shows it (control routes, not LINE's).

`GET /simulator/api/people/{user_id}/menu` - what this person sees now:

    {"menu": null}                                         nothing: only the keyboard
    {"menu": {
        "id": "richmenu-…", "is_default": false,           own menu (linked, or by a tab) or the default
        "image": "/simulator/api/menus/richmenu-…/image",  PNG or JPEG, no token needed
        "width": 2500, "height": 1686,                     the coordinates of the areas
        "chat_bar_text": "メニュー", "selected": true,        selected: open when the chat is opened
        "areas": [{"x": 0, "y": 0, "width": 833, "height": 843, "action": {…LINE's action…}}, …]}}

`POST /simulator/api/people/{user_id}/menu/tap` with `{"area": 2}` (index into `areas`), for a date picker
also `{"params": {"date": "2026-12-25"}}` - acts as LINE would: a message is written, a postback is sent, a
tab is switched. The answer tells what is left for the phone to do:

    {"action": {…the area's action…}, "menu": …as above, after the tap…}

A `uri` opens a page, a `clipboard` copies, `inputOption` and `fillInText` of a postback act on the phone.
409 with `message` when the person sees no menu, has blocked, or the area does not exist.

`GET /simulator/api/menus` - all menus, aliases and the default, for the drawer:

    {"menus": [{"richMenuId": …, "name": …, "has_image": true, "linked": 12, "aliases": ["menu-a"]}],
     "default": "richmenu-…" or null}

The live stream sends `menu` `{"chat": user_id}` to this person's phone when their own menu has changed. A
changed default is not told: LINE shows it when the chat is opened again.
"""

from typing import Any

from aiohttp import web

from app.simulator.json_pages import ROOT, Body, json_page
from app.simulator.menus.shelf import Menu, Shelf
from app.simulator.phones import Impossible, Phones
from app.simulator.platform import Friendship, Person


class MenuPhone:
    """What a thumb can do with a rich menu."""

    def __init__(self, shelf: Shelf, phones: Phones) -> None:
        self._shelf = shelf
        self._phones = phones

    def routes(self) -> list[web.RouteDef]:
        """See the head of this file."""
        return [
            web.get(ROOT + "/people/{user_id}/menu", json_page(self._show)),
            web.post(ROOT + "/people/{user_id}/menu/tap", json_page(self._tap)),
            web.get(ROOT + "/menus", json_page(self._list)),
            web.get(ROOT + "/menus/{id}/image", self._image),
        ]

    def tap(self, user_id: str, area: int, params: dict[str, str] | None = None) -> dict[str, Any]:
        """Tap an area; its action. Impossible when there is no such area to tap."""
        person = self._phones.person(user_id)
        menu = self._shelf.seen_by(person)
        if menu is None:
            raise Impossible("sees no rich menu")
        areas = menu.definition["areas"]
        if not 0 <= area < len(areas):
            raise Impossible(f"the menu has no area {area}")
        action: dict[str, Any] = areas[area]["action"]
        if action["type"] == "richmenuswitch":
            self._switch(person, action)
        else:
            self._phones.tap(user_id, action, params)
        return action

    def _switch(self, person: Person, action: dict[str, Any]) -> None:
        """A tab: links the other menu to this person, and says in the postback how that went."""
        alias = action["richMenuAliasId"]
        status = self._try_switch(person, self._shelf.aliases.get(alias))
        params = {"status": status}
        if status == "SUCCESS":
            params["newRichMenuAliasId"] = alias
        self._phones.tap(person.id, {"type": "postback", "data": action["data"]}, params)

    def _try_switch(self, person: Person, menu_id: str | None) -> str:
        if menu_id is None:
            return "RICHMENU_ALIAS_ID_NOTFOUND"
        menu = self._shelf.menus.get(menu_id)
        if menu is None:
            return "RICHMENU_NOTFOUND"
        return "SUCCESS" if menu.picture and self._shelf.link(person, menu_id) else "FAILED"

    def _show(self, request: web.Request, body: Body) -> Any:
        return {"menu": self._seen(self._phones.person(request.match_info["user_id"]))}

    def _tap(self, request: web.Request, body: Body) -> Any:
        user_id = request.match_info["user_id"]
        action = self.tap(user_id, int(body["area"]), body.get("params"))
        return {"action": action, "menu": self._seen(self._phones.person(user_id))}

    def _seen(self, person: Person) -> dict[str, Any] | None:
        menu = self._shelf.seen_by(person)
        if menu is None:
            return None
        is_friend = person.friendship is Friendship.FRIEND
        return _menu_json(menu) | {"is_default": not (is_friend and person.id in self._shelf.links)}

    def _list(self, request: web.Request, body: Body) -> Any:
        shelf = self._shelf
        linked = list(shelf.links.values())
        menus = [
            {
                "richMenuId": menu.id,
                "name": menu.definition["name"],
                "has_image": bool(menu.picture),
                "linked": linked.count(menu.id),
                "aliases": [alias for alias, menu_id in shelf.aliases.items() if menu_id == menu.id],
            }
            for menu in shelf.menus.values()
        ]
        return {"menus": menus, "default": shelf.default}

    async def _image(self, request: web.Request) -> web.StreamResponse:
        menu = self._shelf.menus.get(request.match_info["id"])
        if menu is None or not menu.picture:
            raise web.HTTPNotFound
        return web.Response(
            body=menu.picture, content_type=menu.mime, headers={"Cache-Control": "max-age=3600"}
        )


def _menu_json(menu: Menu) -> dict[str, Any]:
    definition = menu.definition
    return {
        "id": menu.id,
        "image": f"{ROOT}/menus/{menu.id}/image",
        **definition["size"],
        "chat_bar_text": definition["chatBarText"],
        "selected": definition["selected"],
        "areas": [{**area["bounds"], "action": area["action"]} for area in definition["areas"]],
    }
