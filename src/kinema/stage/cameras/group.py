"""Groups: of a crowd that is to be seen closely, the few who stand together where something is going on."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.schema.storyboard import Framing
from kinema.stage.actor import Actor, forward, has_anchor
from kinema.stage.cameras.framing import MANY
from kinema.stage.setting import Setting

FEW = 4
COMING = 5.0  # metres ahead of the leads, where they are looked out for
CLOSE_BY = 0.35  # how much a metre away from the event counts against one between each other


def handful(cast: dict[str, list[Actor]], framing: Framing, time: float, setting: Setting) -> dict[str, list[Actor]]:
    """The cast for a framing: of a crowd seen closer than wide, those few nearest to each other and to the event.

    The event is where the others of the cast are about to come, or the setting's centre when the crowd is alone.
    """
    crowd = cast[framing.subject]
    if framing.size == "wide" or len(crowd) < MANY:
        return cast
    places = np.array([_place(one, time) for one in crowd])
    alone = [who[0] for name, who in cast.items() if name != framing.subject and len(who) < MANY]
    leads = [one for one in alone if _stands(one, time)]
    others = [_place(one, time) + COMING * forward(one.facing(time)) for one in leads]
    event = np.mean(others, axis=0) if others else np.array(setting.marks["centre"].position)
    gaps = np.linalg.norm(places[:, None, :2] - places[None, :, :2], axis=2)  # (N, N)
    nearest = np.argsort(gaps, axis=1, kind="stable")[:, :FEW]  # each with the three nearest to it
    spread = np.take_along_axis(gaps, nearest, axis=1).sum(axis=1)
    best = int(np.argmin(spread + CLOSE_BY * np.linalg.norm((places - event)[:, :2], axis=1)))
    return {**cast, framing.subject: [crowd[k] for k in sorted(nearest[best])]}


def beside(cast: dict[str, list[Actor]], framing: Framing, time: float) -> dict[str, list[Actor]]:
    """The cast for a close framing: of several beside its subject only the one nearest to it is seen."""
    if framing.size not in ("close", "extreme"):
        return cast
    place = _place(cast[framing.subject][0], time)
    nearest = {
        name: [min(cast[name], key=lambda one: float(np.linalg.norm(_place(one, time) - place)))]
        for name in framing.also
    }
    return {**cast, **nearest}


def _place(one: Actor, time: float) -> F64:
    return np.array(one.region(time, "whole").centre)


def _stands(one: Actor, time: float) -> bool:
    """Whether it goes on feet or wheels, and is no thing that somebody holds."""
    return has_anchor(one, time, "feet") or has_anchor(one, time, "rear")
