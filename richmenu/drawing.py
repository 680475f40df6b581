"""Drawing in a process of its own: Pillow keeps the interpreter for tenths of a second, and answers would wait.

`python -m richmenu.drawing` reads a tab as JSON and writes its picture.
"""

import os
import subprocess
import sys
from functools import lru_cache

PATIENCE_SECONDS = 120.0


class NotDrawn(Exception):
    """The drawing process did not end well; the text says how."""


@lru_cache(maxsize=16)
def drawn(body: str) -> bytes:
    """The PNG of a tab given as JSON text; several accounts or runs need it drawn once. Errors: NotDrawn."""
    command = [sys.executable, "-m", "richmenu.drawing"]
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


def main() -> None:
    """From standard input to standard output, behind everything else on this machine."""
    from richmenu.draw import draw_tab  # noqa: PLC0415 - the process that only starts this needs no Pillow
    from richmenu.schema import Tab  # noqa: PLC0415

    os.nice(10)
    sys.stdout.buffer.write(draw_tab(Tab.model_validate_json(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
