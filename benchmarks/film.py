"""Time whole films: wall, stage, paint and encode seconds a frame, peak memory, and the last part against the first.

Run: python benchmarks/film.py [seconds] [prompt]
Prints one JSON object; the machine and versions are in it.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from kinema.film.record import versions
from kinema.production import make_film
from kinema.schema.asking import film_request

PROMPT = "A woman in a long red dress walks down a wet city street at night, neon signs, many pedestrians, one take"


def measure(prompt: str, seconds: str) -> dict[str, Any]:
    """Make the film and return its figures."""
    marks: list[float] = []
    first_picture = 0.0
    begin = time.perf_counter()

    def report(event: dict[str, Any]) -> None:
        nonlocal first_picture
        if event["event"] == "progress":
            marks.append(time.perf_counter())
        elif event["event"] == "sheet" and event["pictures"] == 1:
            first_picture = time.perf_counter() - begin

    with tempfile.TemporaryDirectory() as folder:
        film = make_film(film_request(prompt=prompt, seconds=seconds), Path(folder) / "bench.mp4", report)
    sixth = max(len(marks) // 6, 2)
    early, late = marks[sixth] - marks[1], marks[-1] - marks[-sixth]
    frames = int(film.figures["frames"])
    per_frame = {
        f"{part}_ms": 1000 * float(film.figures[f"{part}_s"]) / frames for part in ("stage", "paint", "encode")
    }
    return {
        **film.figures,
        **per_frame,
        "first_picture_s": first_picture,
        "last_against_first": late / early,
        "machine": platform.platform(),
        "versions": versions(),
    }


if __name__ == "__main__":
    arguments = sys.argv[1:]
    print(json.dumps(measure(arguments[1] if len(arguments) > 1 else PROMPT, (arguments or ["60"])[0]), indent=2))
