"""Rehearsals: a scene's cast on a bare stage, to be dressed by another process while its set is being built."""

from __future__ import annotations

from functools import partial

import numpy as np

from kinema.buffers.scene_frame import Sky
from kinema.schema.storyboard import Scene, Storyboard
from kinema.stage.beforehand import Order
from kinema.stage.blocking.roles import CROWD
from kinema.stage.casting import cast_in
from kinema.stage.cue import Mark, Path
from kinema.stage.setting import Setting


def rehearsal(storyboard: Storyboard, scene: Scene, seed: int) -> list[Order]:
    """What makes a scene's cast as it will be seen, as far as the storyboard tells: what somebody wears and holds does
    not depend on where it stands. The leads come first; whoever only the set brings in is not among them."""
    return [partial(_orders, leads(storyboard), scene, seed), partial(_orders, storyboard, scene, seed)]


def _orders(storyboard: Storyboard, scene: Scene, seed: int) -> list[Order]:
    """Raises: UnknownConcept when the stage lacks a body or an action; whatever a body that needs its set raises."""
    return cast_in(_bare_stage(), storyboard, scene, seed).orders()


def leads(storyboard: Storyboard) -> Storyboard:
    """The storyboard without its crowds, and without what is done with them."""
    crowds = {one.id for one in storyboard.cast if one.count >= CROWD}
    return storyboard.model_copy(
        update={
            "cast": tuple(one for one in storyboard.cast if one.id not in crowds),
            "beats": tuple(b for b in storyboard.beats if not {b.subject, b.target, b.instrument} & crowds),
            "relations": tuple(r for r in storyboard.relations if not {r.subject, r.object} & crowds),
        }
    )


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
