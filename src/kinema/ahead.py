"""Working ahead: the next item of an iterator is made in a thread while the last one is used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from typing import TypeVar

T = TypeVar("T")
POLL = 0.1  # seconds after which a waiting maker looks whether its user has gone


class _End:
    """Says that the iterator ended, or by what error."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """The same items, each begun as soon as the one before is taken; errors come out where they would have.

    One item is held besides the one in use. Leaving the loop early stops the maker after the item it is at.
    """
    made: queue.Queue[T | _End] = queue.Queue(maxsize=1)
    gone = threading.Event()

    def put(item: T | _End) -> None:
        while not gone.is_set():
            try:
                made.put(item, timeout=POLL)
                return
            except queue.Full:
                continue

    def make() -> None:
        try:
            for item in items:
                put(item)
                if gone.is_set():
                    if isinstance(items, Generator):  # what it works on ahead of itself ends with it
                        items.close()
                    return
            put(_End(None))
        except BaseException as error:  # carried over to the user's thread, whatever it is
            put(_End(error))

    maker = threading.Thread(target=make, daemon=True)
    maker.start()
    try:
        while not isinstance(item := made.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        gone.set()
        maker.join()
