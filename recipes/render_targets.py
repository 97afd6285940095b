"""Render the painter's targets: python recipes/render_targets.py, with KINEMA_DATA set. Stop and start it at will."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kinema.training.targets import TargetConfig, data_folder, render_targets
from kinema.training.worlds import World, read_worlds

REFERENCES = (32, 64, 128, 256, 512)  # paths a pixel of the held-out frames, in turn
WORLDS = Path(__file__).with_name("worlds.yaml")


def targets() -> TargetConfig:
    """Many worlds, a few noisy frames of each: what the denoiser leaves of the noise averages out in training."""
    return TargetConfig(data_folder() / "targets", frames=4, samples=8)


def main() -> None:
    """Render what is missing, training clips before the held-out ones, beneath all other work."""
    os.nice(10)
    worlds = read_worlds(WORLDS)
    begin = time.monotonic()

    def tell(name: str) -> None:
        print(f"{time.monotonic() - begin:8.0f} s  {name}", flush=True)

    render_targets(_order(worlds), targets(), tell)
    for samples in REFERENCES:  # every frame has some before any has all
        render_targets([w for w in worlds if w.held_out], replace(targets(), frames=8, truth_samples=samples), tell)


def _order(worlds: Sequence[World]) -> list[World]:
    """One clip of every training world before the second of any."""
    train = [world for world in worlds if not world.held_out]
    most = max((world.clips for world in train), default=0)
    passes = [world.model_copy(update={"clips": n + 1}) for n in range(most) for world in train if n < world.clips]
    return passes


if __name__ == "__main__":
    main()
