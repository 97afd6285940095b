"""What making a film takes: seconds by part, and memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]


class Clock:
    """Seconds spent in each part."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, part: str) -> Iterator[None]:
        """Count the seconds of a with block to a part."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.spent[part] = self.spent.get(part, 0.0) + time.perf_counter() - begin


def peak_memory() -> dict[str, int]:
    """Megabytes that this process and the largest of those it started held at most, if the system tells."""
    if resource is None:
        return {}
    unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes or kilobytes
    held = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {"peak_rss_mb": round(sum(held) / unit)}
