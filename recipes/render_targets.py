"""Render the painter's targets: python recipes/render_targets.py, with KINEMA_DATA set. Stop and start it at will."""

from __future__ import annotations

import os
import time
from pathlib import Path

from kinema.training.targets import TargetConfig, data_folder, render_targets
from kinema.training.worlds import World, read_worlds

WORLDS = Path(__file__).with_name("worlds.yaml")


def targets() -> TargetConfig:
    """Targets at the painter's working size."""
    return TargetConfig(data_folder() / "targets")


def main() -> None:
    """Render what is missing, training clips before the held-out ones, beneath all other work."""
    os.nice(10)
    worlds = read_worlds(WORLDS)
    order: list[World] = sorted(worlds, key=lambda world: world.held_out)
    begin = time.monotonic()
    render_targets(order, targets(), lambda name: print(f"{time.monotonic() - begin:8.0f} s  {name}", flush=True))


if __name__ == "__main__":
    main()
