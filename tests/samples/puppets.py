"""An actor and a setting of the simplest kind, for tests of cameras and blocking."""

import numpy as np

from kinema.buffers.scene_frame import Sky
from kinema.stage.actor import Region
from kinema.stage.cue import Mark, Path
from kinema.stage.setting import Setting

HEIGHTS = {"whole": (0.85, 1.7), "upper": (1.3, 0.8), "head": (1.58, 0.26)}


class Puppet:
    """A person-sized post that walks along +Y at a speed, looking that way."""

    id = "puppet"

    def __init__(self, speed: float = 0.0, start=(0.0, 0.0, 0.0)) -> None:
        self.speed, self.start = speed, np.array(start, float)

    def region(self, time, part):
        middle, height = HEIGHTS[part]
        x, y, z = self.start + np.array([0.0, self.speed * time, middle])
        return Region((x, y, z), height, 0.5 if part != "head" else 0.2)

    def anchor(self, time, name):
        return np.array(self.region(time, "head").centre)

    def facing(self, time):
        return 0.0

    def surfaces(self, time):
        return []

    def particles(self, time):
        return []

    def lamps(self, time):
        return []

    def events(self, start, end):
        return []


def plain_setting(**changes) -> Setting:
    """Open flat ground under a grey sky, with the standard marks and a long straight path."""
    content = {
        "surfaces": (),
        "sky": Sky("grey", np.full((8, 16, 3), 0.3, np.float32)),
        "paths": {"main": Path(np.array([[0.0, -100.0, 0.0], [0.0, 100.0, 0.0]]))},
        "marks": {
            "centre": Mark((0.0, 0.0, 0.0)),
            "left": Mark((-3.0, 0.0, 0.0)),
            "right": Mark((3.0, 0.0, 0.0)),
            "far": Mark((0.0, 40.0, 0.0)),
        },
    }
    return Setting(**{**content, **changes})
