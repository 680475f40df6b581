"""All parts of the rich menus, wired."""

from aiohttp import web

from app.simulator.endpoints import Endpoint
from app.simulator.later import Later
from app.simulator.menus.aliases import MenuAliases
from app.simulator.menus.batches import MenuBatches
from app.simulator.menus.giving import MenuGiving
from app.simulator.menus.making import MenuMaking
from app.simulator.menus.phone import MenuPhone
from app.simulator.menus.shelf import Shelf
from app.simulator.phones import Phones
from app.simulator.platform import Platform


class Menus:
    """State, LINE's endpoints and the phone's routes."""

    def __init__(self, platform: Platform, phones: Phones) -> None:
        self.shelf = Shelf(lambda user_id: platform.tell("menu", {"chat": user_id}))
        self._later = Later(platform.config.later_seconds)
        self._making = MenuMaking(self.shelf)
        self._giving = MenuGiving(platform, self.shelf, self._later)
        self._batches = MenuBatches(platform, self.shelf, self._later)
        self._aliases = MenuAliases(self.shelf)
        self.phone = MenuPhone(self.shelf, phones)

    def endpoints(self) -> list[Endpoint]:
        """What LINE has."""
        families = (self._making, self._giving, self._batches, self._aliases)
        return [endpoint for family in families for endpoint in family.endpoints()]

    def routes(self) -> list[web.RouteDef]:
        """What the phone asks."""
        return self.phone.routes()

    def reset(self) -> None:
        """No menus."""
        self._later.forget()
        self._batches.clear()
        self.shelf.clear()
