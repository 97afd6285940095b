"""Milliseconds a frame of the native painter by part, whatever its weights: python benchmarks/painter.py FOLDER.

FOLDER holds exported weights (bridge.xml and manifest.json). The chunk is random; the time does not depend on it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kinema.buffers.chunk import Chunk, Lens, empty_arrays
from kinema.painter.features import factor_for, seen, spread
from kinema.painter.native import NativePainter


def chunk(height: int, width: int) -> Chunk:
    """Two frames of noise."""
    lot = np.random.default_rng(0)
    arrays = empty_arrays(2, height, width)
    arrays["preview"][:] = lot.random(arrays["preview"].shape)
    arrays["depth"][:] = 1.0 + 10.0 * lot.random(arrays["depth"].shape)
    arrays["normal"][..., 2], arrays["valid"][:] = 127, 1
    arrays["albedo"][:] = lot.integers(0, 256, arrays["albedo"].shape)
    return Chunk(first_frame=0, lenses=(Lens(1000.0, 0.0, 3.0),) * 2, **arrays)


def milliseconds(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median of so many calls, after two to warm up: by the wall, and of all cores together."""
    wall, cores = [], []
    for _ in range(rounds + 2):
        begin, spent = time.perf_counter(), time.process_time()
        work()
        wall.append(1000.0 * (time.perf_counter() - begin))
        cores.append(1000.0 * (time.process_time() - spent))
    return statistics.median(wall[2:]), statistics.median(cores[2:])


def main() -> None:
    """Print one line a part."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--width", type=int, default=1280)
    options.add_argument("--height", type=int, default=720)
    options.add_argument("--rounds", type=int, default=10)
    given = options.parse_args()
    film, factor = chunk(given.height, given.width), factor_for(given.height)
    painter = NativePainter(steps=1, folder=given.folder)
    view = seen(film, 0, factor)
    ratio = painter._ratio(view, None)
    out = np.empty_like(film.preview[0])
    parts: dict[str, Callable[[], object]] = {
        "gather": lambda: seen(film, 0, factor),
        "network": lambda: painter._ratio(view, ratio),
        "spread": lambda: spread(film, 0, view, ratio, factor, out),
    }
    for name, work in parts.items():
        wall, cores = milliseconds(work, given.rounds)
        print(f"{name:8s} {wall:7.1f} ms wall {cores:7.1f} ms CPU")
    print(f"working size {view.valid.shape[1]}x{view.valid.shape[0]}")


if __name__ == "__main__":
    main()
