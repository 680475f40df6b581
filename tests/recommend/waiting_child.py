"""A child for tests: writes its process id to the file named and waits until its parent is gone."""

import os
import sys
import threading
from pathlib import Path

from app.children import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    Path(sys.argv[1]).write_text(str(os.getpid()), encoding="ascii")
    threading.Event().wait()
