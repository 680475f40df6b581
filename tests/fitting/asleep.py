"""A process that does nothing until it is ended."""

import threading

if __name__ == "__main__":
    threading.Event().wait(60)
