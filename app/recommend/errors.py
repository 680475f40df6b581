"""What can be wrong with a model file."""

from app.errors import AppError


class BrokenModel(AppError):
    """A model file that is not whole, not ours, or not what it says; it is never used."""
