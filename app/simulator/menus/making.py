"""Endpoints that make rich menus: create, validate, picture, list, get, delete (line-platform facts, 5)."""

from app.simulator.answers import Answer, Call, ok, refusal
from app.simulator.bodies import checked
from app.simulator.checks import menus as shapes
from app.simulator.endpoints import Endpoint, Limit, delete, get, post
from app.simulator.menus.pictures import read_picture
from app.simulator.menus.shelf import Menu, Shelf

MOST_MENUS = 1000
MOST_PICTURE_BYTES = 1024 * 1024
HOURLY = Limit(100, 3600)
_MIMES = frozenset({"image/jpeg", "image/png"})


class MenuMaking:
    """Menus as things; who sees them is said elsewhere."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def endpoints(self) -> list[Endpoint]:
        """Everything under /v2/bot/richmenu that is about one menu."""
        one = "/richmenu/{richMenuId}"
        return [
            get("/richmenu/list", "richmenu.list", self.list_all, Limit(10)),
            post("/richmenu", "richmenu.create", self.create, HOURLY),
            post("/richmenu/validate", "richmenu.validate", self.validate),
            post(f"{one}/content", "richmenu.upload", self.upload),
            get(f"{one}/content", "richmenu.download", self.download),
            get(one, "richmenu.get", self.get),
            delete(one, "richmenu.delete", self.delete, HOURLY),
        ]

    def create(self, call: Call) -> Answer:
        """A new menu, without a picture."""
        body = checked(call, shapes.MENU)
        if len(self._shelf.menus) >= MOST_MENUS:
            raise refusal(400, f"The number of rich menus has reached the limit of {MOST_MENUS}")
        definition = {name: body[name] for name in shapes.MENU.fields}
        return ok({"richMenuId": self._shelf.add(definition).id})

    def validate(self, call: Call) -> Answer:
        """The same checks, and nothing is made."""
        checked(call, shapes.MENU)
        return ok({})

    def upload(self, call: Call) -> Answer:
        """The menu's picture, once: it cannot be replaced."""
        menu = find_menu(self._shelf, call)
        if call.request.content_type not in _MIMES:
            raise refusal(415, "The media type is not supported")
        if menu.picture:
            raise refusal(400, "An image has already been uploaded to the richmenu")
        menu.mime, menu.picture = _checked_picture(call), call.body
        return ok({})

    def download(self, call: Call) -> Answer:
        """The picture as it was uploaded."""
        menu = find_menu(self._shelf, call)
        if not menu.picture:
            raise refusal(404, "Not found")
        return Answer(200, menu.picture, content_type=menu.mime)

    def get(self, call: Call) -> Answer:
        """One menu."""
        return ok(find_menu(self._shelf, call).to_json())

    def list_all(self, call: Call) -> Answer:
        """Every menu that was made by API."""
        return ok({"richmenus": [menu.to_json() for menu in self._shelf.menus.values()]})

    def delete(self, call: Call) -> Answer:
        """Gone for everybody who has it."""
        self._shelf.remove(find_menu(self._shelf, call).id)
        return ok({})


def find_menu(shelf: Shelf, call: Call) -> Menu:
    """The menu that the path names; 404 when there is none."""
    menu = shelf.menus.get(call.request.match_info["richMenuId"])
    if menu is None:
        raise refusal(404, "richmenu not found")
    return menu


def _checked_picture(call: Call) -> str:
    """The picture's type; 413 and 400 for one that no menu can have."""
    if len(call.body) > MOST_PICTURE_BYTES:
        raise refusal(413, "Request Entity Too Large")
    picture = read_picture(call.body)
    if picture is None or picture.mime != call.request.content_type:
        raise refusal(400, "The image is invalid")
    if not shapes.is_menu_size(picture.width, picture.height):
        raise refusal(400, "The image size is not allowed for richmenu")
    return picture.mime
