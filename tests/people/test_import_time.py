"""The times that a long import writes: who asks for changes since a minute ago misses none of its rows."""

from datetime import timedelta

from app.importing.running import moving
from tests.people.factories import NOW


def test_the_time_of_a_long_import_goes_on_in_steps_of_ten_seconds() -> None:
    seconds = iter([100.0, 100.0, 109.9, 110.0, 700.5])
    at = moving(NOW, lambda: next(seconds))
    assert [at() - NOW for _ in range(4)] == [
        timedelta(0),
        timedelta(0),
        timedelta(seconds=10),
        timedelta(seconds=600),
    ]
