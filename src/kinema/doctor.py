"""The doctor: what is installed, what this machine can do, and an estimate measured on it."""

from __future__ import annotations

import os
import shutil
import time
from fractions import Fraction
from importlib.util import find_spec
from itertools import islice
from typing import Any

from kinema.film.record import versions
from kinema.schema.request import FilmRequest
from kinema.stage.cores import threads
from kinema.studio import Studio

SAMPLE = "a woman in a black jacket walks down a city street at night"
MEASURED_FRAMES = 16
EXTRAS = {"train": ("torch", "mitsuba", "pyoidn", "anny"), "bake": ("fontTools",)}


REPORT = """installed   {packages}
extras      {extra_words}
machine     {cores} cores, {memory_gb} GB memory, {free_disk_gb} GB disk
speed       {ms_per_720p_frame} ms a 1280x720 frame, after {startup_s} s of building
estimate    one minute of 1280x720 at 24 fps: {minute_of_720p_min} minutes, encoding apart"""


def examine() -> dict[str, Any]:
    """Findings as plain values; takes as long as staging a street and a few frames of it."""
    startup, frame = _measure()
    return {
        "versions": versions(),
        "extras": {name: all(find_spec(part) for part in parts) for name, parts in EXTRAS.items()},
        "cores": threads(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "free_disk_gb": round(shutil.disk_usage(".").free / 2**30, 1),
        "startup_s": round(startup, 1),
        "ms_per_720p_frame": round(frame * 1000),
        "minute_of_720p_min": round((startup + frame * 60 * 24) / 60, 1),
    }


def told(findings: dict[str, Any]) -> str:
    """The findings in lines for a person."""
    packages = ", ".join(f"{name} {number}" for name, number in findings["versions"].items())
    extras = ", ".join(f"{name}: {'yes' if there else 'no'}" for name, there in findings["extras"].items())
    found = dict(findings, packages=packages, extra_words=extras)
    return REPORT.format(**found)


def _measure() -> tuple[float, float]:
    """Seconds to the first frame, and seconds a frame after it, of a short night street at 1280x720."""
    begin = time.perf_counter()
    studio = Studio(FilmRequest(prompt=SAMPLE, seconds=Fraction(10)))
    studio.prepare()
    frames = studio.frames()
    for _ in islice(frames, 8):
        pass
    first = time.perf_counter()
    for _ in islice(frames, MEASURED_FRAMES):
        pass
    return first - begin, (time.perf_counter() - first) / MEASURED_FRAMES
