"""Where a paw is laid on somebody."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.actor import Actor

# Joint -> how far the skin is from it, in heights of the head.
PAWED = {"shoulder_left": 0.22, "shoulder_right": 0.22, "head": 0.38}


def pawed(target: Actor, time: float, here: F64) -> F64:
    """The place (3,) on the target's skin where a paw from here (3,) lands: the nearest shoulder, or the head."""
    deep = target.region(time, "head").height
    best = np.array(target.region(time, "upper").centre)
    gap = np.inf
    for name, share in PAWED.items():
        try:
            joint = target.anchor(time, name)
        except KeyError:
            continue
        way = here - joint
        away = float(np.linalg.norm(way))
        if away < gap:
            best, gap = joint + way * (min(share * deep, away) / max(away, 1e-6)), away
    return best
