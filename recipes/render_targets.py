"""Render the painter's targets: python recipes/render_targets.py, with KINEMA_DATA set. Stop and start it at will."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from kinema.training.targets import TargetConfig, data_folder, render_targets
from kinema.training.worlds import World, read_worlds

WORLDS = Path(__file__).with_name("worlds.yaml")


def targets() -> TargetConfig:
    """Many worlds, a few noisy frames of each: what the denoiser leaves of the noise averages out in training."""
    return TargetConfig(data_folder() / "targets", frames=4, samples=8, truth_samples=512)


def main() -> None:
    """Render what is missing, training clips before the held-out ones, beneath all other work."""
    os.nice(10)
    worlds = read_worlds(WORLDS)
    begin = time.monotonic()
    for world in _order(worlds):
        render_targets([world], targets(), lambda name: print(f"{time.monotonic() - begin:8.0f} s  {name}", flush=True))


def _order(worlds: Sequence[World]) -> list[World]:
    """One clip of every training world before the second of any; the held-out ones last."""
    train = [world for world in worlds if not world.held_out]
    most = max((world.clips for world in train), default=0)
    passes = [world.model_copy(update={"clips": n + 1}) for n in range(most) for world in train if n < world.clips]
    return [*passes, *(world for world in worlds if world.held_out)]


if __name__ == "__main__":
    main()
