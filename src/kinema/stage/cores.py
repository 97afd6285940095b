"""Cores: how many a process may use. Known without a numerical library, for those who start early."""

import os


def threads() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
