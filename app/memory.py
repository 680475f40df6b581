"""What a program has loaded once it runs: the collector need not look through it again and again."""

import gc


def keep_what_is_loaded() -> None:
    """For programs that live long, once they are imported and wired.

    The SDK's models alone are some hundred thousand objects; a full collection of them takes a fifth of a
    second, in which the process does nothing else, and takes place many times a minute under load.
    """
    gc.collect()
    gc.freeze()
