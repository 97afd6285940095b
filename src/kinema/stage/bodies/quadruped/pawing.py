"""Where a paw is laid on somebody."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.actor import Actor

# Joint -> how far the skin is from it, in heights of the head, and how much rather it is pawed than others as near.
PAWED = {"shoulder_left": (0.22, 1.0), "shoulder_right": (0.22, 1.0), "head": (0.38, 2.0)}


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
        if away / liked < gap:
            best, gap = joint + way * (min(share * deep, away) / max(away, 1e-6)), away / liked
    return best
