"""Where a sign-in may lead (pure)."""

from urllib.parse import urlsplit

START = "/console/"


def safe_target(target: str | None) -> str:
    """The page to open after signing in: one of the console, on this server; else the start."""
    if not target or not target.startswith(START):
        return START
    if any(character <= " " or character in "\\\x7f" for character in target):
        return START  # browsers read a backslash as a slash, and drop tabs and line ends
    parts = urlsplit(target)
    is_here = not parts.scheme and not parts.netloc
    return target if is_here and ".." not in parts.path and "//" not in parts.path else START
