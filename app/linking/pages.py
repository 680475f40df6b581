"""The pages of linking as one blueprint; importing this module makes them known to it."""

from app.linking import account, login, tracked
from app.linking.door import bp

__all__ = ["account", "bp", "login", "tracked"]
