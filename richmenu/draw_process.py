"""`python -m richmenu.draw_process`: reads a tab as JSON and writes its picture, behind all else on this machine."""

import os
import sys

from richmenu.draw import draw_tab
from richmenu.schema import Tab


def main() -> None:
    """From standard input to standard output."""
    os.nice(10)
    sys.stdout.buffer.write(draw_tab(Tab.model_validate_json(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
