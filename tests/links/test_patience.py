"""How long codes that LINE refuses are borne, by network address."""

from app.linking.patience import MOST_ADDRESSES, MOST_FAILURES, WINDOW_SECONDS, Patience


def test_patience_ends_with_the_twentieth_failure_and_comes_back_as_they_age() -> None:
    patience = Patience()
    for second in range(MOST_FAILURES - 1):
        patience.note_failure("198.51.100.1", second)
    assert not patience.is_over("198.51.100.1", 30)
    patience.note_failure("198.51.100.1", 30)
    assert patience.is_over("198.51.100.1", 30)
    assert patience.is_over("198.51.100.1", WINDOW_SECONDS - 0.1)
    assert not patience.is_over("198.51.100.1", WINDOW_SECONDS), "the oldest of them is forgotten"
    assert not patience.is_over("198.51.100.2", 30)


def test_memory_stays_bounded_whoever_comes() -> None:
    patience = Patience()
    for _ in range(MOST_FAILURES):
        patience.note_failure("198.51.100.1", 0)
    for number in range(MOST_ADDRESSES - 1):
        patience.note_failure(f"2001:db8:{number}", 1)
    assert patience.is_over("198.51.100.1", 2)
    patience.note_failure("2001:db8:last", 1)
    assert not patience.is_over("198.51.100.1", 2)
