"""Ending by signal: the one thing a program does when its operator asks it to end.

Python runs a handler between two steps of the main thread, which may be asleep for ever by then, or inside
the very lock that the handler wants. So the handlers do nothing: the interpreter also writes the number of a
signal to a socket the moment it comes, and a thread of its own reads it there.
"""

import signal
import socket
import threading


def stop_on(*numbers: signal.Signals) -> threading.Event:
    """An event that is set once the process gets one of these signals. For the main thread, once."""
    stop = threading.Event()
    reading, writing = socket.socketpair()
    writing.settimeout(0)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    for number in numbers:
        signal.signal(number, lambda _number, _frame: None)
    threading.Thread(
        target=_wait, args=(reading, writing, frozenset(numbers), stop), name="signals", daemon=True
    ).start()
    return stop


def _wait(
    reading: socket.socket, _kept_open: socket.socket, numbers: frozenset[int], stop: threading.Event
) -> None:
    while reading.recv(1)[0] not in numbers:
        pass
    stop.set()
