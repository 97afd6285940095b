import threading
import time

import pytest

from kinema.ahead import ahead


def test_items_come_in_order():
    assert list(ahead(iter(range(50)))) == list(range(50))


def test_errors_come_out_after_the_items_before_them():
    def failing():
        yield 1
        raise ValueError("broken")

    items = ahead(failing())
    assert next(items) == 1
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_at_most_two_items_are_made_before_they_are_wanted():
    made = []
    items = ahead(made.append(k) or k for k in range(100))
    next(items)
    time.sleep(0.3)
    assert len(made) <= 3
    items.close()


def test_leaving_early_stops_the_maker():
    before = threading.active_count()
    items = ahead(iter(range(10**9)))
    next(items)
    items.close()
    time.sleep(0.5)
    assert threading.active_count() <= before


def test_leaving_early_ends_what_the_maker_works_on_ahead():
    ended = []

    def source():
        try:
            yield from range(10**9)
        finally:
            ended.append(True)

    items = ahead(iter(ahead(source())))
    next(items)
    items.close()
    assert ended == [True]
