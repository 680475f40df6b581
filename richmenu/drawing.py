"""Drawing in a process of its own: Pillow keeps the interpreter for tenths of a second, and answers would wait."""

from functools import lru_cache

from app.children import run_child

PATIENCE_SECONDS = 120.0


@lru_cache(maxsize=16)
def drawn(body: str) -> bytes:
    """The PNG of a tab given as JSON text; several accounts or runs need it drawn once. Errors: ChildFailed."""
    return run_child("richmenu.draw_process", patience_seconds=PATIENCE_SECONDS, given=body.encode())
