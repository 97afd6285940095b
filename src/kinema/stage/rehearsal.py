"""Rehearsals: a scene's cast on a bare stage, to be dressed by another process while its set is being built."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Sky
from kinema.schema.storyboard import Scene, Storyboard
from kinema.stage.beforehand import Order
from kinema.stage.casting import cast_in
from kinema.stage.cue import Mark, Path
from kinema.stage.setting import Setting


def rehearsal(storyboard: Storyboard, scene: Scene, seed: int) -> list[Order]:
    """What a scene's cast will be seen with, as far as the storyboard tells: what somebody wears and holds does not
    depend on where it stands. Whoever only the set brings in is not among them.

    Raises: UnknownConcept when the stage lacks a body or an action; whatever a body that needs its set raises.
    """
    return cast_in(_bare_stage(), storyboard, scene, seed).orders()


def _bare_stage() -> Setting:
    """A floor with all that every setting has, and a lane for crowds."""
    line = Path(np.array([(0.0, -30.0, 0.0), (0.0, 30.0, 0.0)]))
    marks = {"centre": (0.0, 0.0, 0.0), "left": (-2.0, 0.0, 0.0), "right": (2.0, 0.0, 0.0), "far": (0.0, 30.0, 0.0)}
    return Setting(
        surfaces=(),
        sky=Sky("bare", np.zeros((2, 4, 3), np.float32)),
        paths={"main": line, "crowd": line},
        marks={name: Mark(place) for name, place in marks.items()},
    )
