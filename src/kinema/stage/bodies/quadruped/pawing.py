"""Where a paw is laid on somebody."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.actor import Actor, has_anchor

# Joint -> how far the skin is from it, in heights of the head, and how much rather it is pawed than others as near.
PAWED = {"shoulder_left": (0.22, 1.0), "shoulder_right": (0.22, 1.0), "head": (0.36, 2.0)}
CHEEK = 0.9  # of the way from the middle of a head to its eyes, about which a paw comes down on it


def pawed(target: Actor, time: float, here: F64) -> F64:
    """The place (3,) on the target's skin where a paw from here (3,) lands: the head, or a shoulder much nearer."""
    deep = target.region(time, "head").height
    best = np.array(target.region(time, "upper").centre)
    gap = np.inf
    for name, (share, liked) in PAWED.items():
        try:
            joint = target.anchor(time, name)
        except KeyError:
            continue
        way = here - joint
        away = float(np.linalg.norm(way))
        if name == "head" and has_anchor(target, time, "eyes"):
            joint = joint + CHEEK * (target.anchor(time, "eyes") - joint)
            way = here - joint + np.array([0.0, 0.0, away])
            way *= away / max(float(np.linalg.norm(way)), 1e-6)
        if away / liked < gap:
            best, gap = joint + way * (min(share * deep, away) / max(away, 1e-6)), away / liked
    return best
