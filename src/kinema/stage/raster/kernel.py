"""How Numba kernels are compiled and run: nogil, cached, no fastmath; bands of work spread over threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numba


def kernel(function: Callable[..., Any]) -> Any:
    """Compile on first call and keep the result on disk; without any writable place, in memory only."""
    try:
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # Numba found neither the package nor the user's cache directory writable
        return numba.njit(nogil=True, error_model="numpy")(function)


def threads() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="raster")


def over(count: int, grain: int, work: Callable[[int, int], Any]) -> list[Any]:
    """Call work(start, end) over [0, count) in fixed pieces of grain; results in order.

    The pieces do not depend on the number of threads, so neither does the picture. Own threads rather than prange:
    Numba's bundled threading layer must not be entered by two Python threads at once, and film stages overlap.
    """
    starts = range(0, count, grain)
    if len(starts) <= 1 or threads() == 1:
        return [work(start, min(start + grain, count)) for start in starts]
    return list(_pool().map(lambda start: work(start, min(start + grain, count)), starts))
