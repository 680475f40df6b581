"""Drawing in a process of its own: Pillow keeps the interpreter for tenths of a second, and answers would wait."""

import subprocess
import sys
from functools import lru_cache

PATIENCE_SECONDS = 120.0


class NotDrawn(Exception):
    """The drawing process did not end well; the text says how."""


@lru_cache(maxsize=16)
def drawn(body: str) -> bytes:
    """The PNG of a tab given as JSON text; several accounts or runs need it drawn once. Errors: NotDrawn."""
    command = [sys.executable, "-m", "richmenu.draw_process"]
    try:
        done = subprocess.run(  # noqa: S603 - no word of it comes from outside
            command, input=body.encode(), capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotDrawn(f"not drawn within {PATIENCE_SECONDS:.0f} s") from None
    if done.returncode or not done.stdout:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise NotDrawn(f"not drawn: {' '.join(last)}"[:200])
    return done.stdout
