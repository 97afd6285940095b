"""How Numba kernels of the raster are run: bands of work spread over threads; and how their helpers are joined in."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Any

from kinema.buffers.compiled import disjoint, helper, inlined, kernel
from kinema.stage.cores import threads

__all__ = ["disjoint", "hold_memory", "inlined", "kernel", "over", "single_handed", "woven"]

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # what glibc's mallopt calls them
HELD, LARGEST = 512 << 20, 32 << 20  # bytes free in all, and of one array, up to which memory is kept


def woven(function: Callable[..., Any]) -> Any:
    """A kernel's helper whose statements become its callers': it is never compiled by itself, as even an inlined one
    is, with all that it calls."""
    return helper(function, inline="always")


@cache
def hold_memory() -> None:
    """Have the C library keep what a frame frees for the next one: handed back, every page of it is zeroed and mapped
    anew, thousands a frame. Only glibc knows how; elsewhere nothing happens."""
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(TRIM_THRESHOLD, HELD)
        mallopt(MMAP_THRESHOLD, LARGEST)


class _Hands(threading.local):
    """Whether this thread may ask others to help it."""

    helped = True


_hands = _Hands()


def single_handed() -> None:
    """From now on this thread does all its work itself: others like it keep the cores busy."""
    _hands.helped = False


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), "raster", single_handed)


def over(count: int, grain: int, work: Callable[[int, int], Any]) -> list[Any]:
    """Call work(start, end) over [0, count) in fixed pieces of grain; results in order.

    The pieces do not depend on the number of threads, so neither does the picture. Own threads rather than prange:
    Numba's bundled threading layer must not be entered by two Python threads at once, and film stages overlap.
    """
    starts = range(0, count, grain)
    if len(starts) <= 1 or threads() == 1 or not _hands.helped:
        return [work(start, min(start + grain, count)) for start in starts]
    return list(_pool().map(lambda start: work(start, min(start + grain, count)), starts))
