"""A plain adult skeleton for motion tests: the proportions of a person 1.68 m tall, no skin."""

from __future__ import annotations

import numpy as np

from kinema.stage.actor import Region
from kinema.stage.bodies.people.skeleton import Skeleton, skeleton_at
from kinema.stage.cue import Cue, Mark, Path


def adult() -> Skeleton:
    """Rests as skeleton.py asks: legs straight down, arms 45 degrees below level."""
    places = {
        "hips": (0, 0, 0.93), "spine": (0, -0.01, 1.05), "chest": (0, -0.01, 1.22), "neck": (0, -0.02, 1.42),
        "head": (0, 0, 1.5), "jaw": (0, 0.02, 1.5), "eye_left": (-0.03, 0.08, 1.56), "eye_right": (0.03, 0.08, 1.56),
    }  # fmt: skip
    for side, name in ((-1, "left"), (1, "right")):
        arm = np.array([side * np.sqrt(0.5), 0.0, -np.sqrt(0.5)])
        shoulder = np.array([side * 0.16, -0.02, 1.38])
        places |= {
            f"shoulder_{name}": (side * 0.02, 0, 1.38), f"upper_arm_{name}": shoulder,
            f"lower_arm_{name}": shoulder + 0.27 * arm, f"hand_{name}": shoulder + 0.51 * arm,
            f"fingers_{name}": shoulder + 0.6 * arm, f"thumb_{name}": shoulder + 0.54 * arm + np.array([0, 0.03, 0]),
            f"upper_leg_{name}": (side * 0.085, 0, 0.9), f"lower_leg_{name}": (side * 0.085, 0, 0.49),
            f"foot_{name}": (side * 0.085, 0, 0.085), f"toes_{name}": (side * 0.085, 0.13, 0.025),
        }  # fmt: skip
    return skeleton_at({name: np.array(place, float) for name, place in places.items()})


def cue(action: str, start: float, end: float, position=(0.0, 0.0, 0.0), yaw: float = 0.0, **more) -> Cue:
    """A cue at a mark."""
    return Cue(action, start, end, Mark(tuple(float(value) for value in position), yaw), **more)


def path(*points) -> Path:
    """A path on flat ground through (x, y) points."""
    return Path(np.array([[x, y, 0.0] for x, y in points], float))


class Point:
    """A target that does not move."""

    id = "point"

    def __init__(self, *place: float) -> None:
        self.place = np.array(place)

    def region(self, time: float, part: str):
        x, y, z = (float(c) for c in self.place)
        return Region((x, y, z), 0.1, 0.1)

    def anchor(self, time: float, name: str):
        return self.place
