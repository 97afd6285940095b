"""What the hands of those who stand about are doing, from the table of stances; and what they do for a moment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from pydantic import TypeAdapter

from kinema.buffers.scene_frame import F64
from kinema.schema.tables import parsed
from kinema.stage.motion.actions.moment import Moment
from kinema.stage.motion.easing import ramp
from kinema.stage.motion.pose_row import PoseRow
from kinema.stage.motion.posture import SIDES, Upper

PASSING = "passing"  # the manner of one in a crowd, who has a stance of its own even while it goes


class Stance(PoseRow):
    """One row of stances.yaml, as its head explains."""

    weight: float
    walks: bool = False


@cache
def stances() -> Mapping[str, Stance]:
    """The whole of stances.yaml."""
    text = files("kinema.stage.motion").joinpath("stances.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Stance]).validate_python(parsed(text))


def at_leisure(moment: Moment, upper: Upper) -> None:
    """The arms of one who stands with nothing to do, in a way of his own that changes from cue to cue; of a passer-by,
    of one who walks too."""
    if moment.resting or moment.hands is not None or moment.cue.instrument is not None:
        return
    stance = own_stance(moment)
    moving = stance.walks and PASSING in moment.cue.manner
    still = ramp(moment.local, 0.2, 0.9) * (1.0 if moving else 1.0 - np.minimum(2.0 * moment.vigour, 1.0))
    if still.any():
        take(moment, upper, stance, still)


def own_stance(moment: Moment) -> Stance:
    """The stance somebody takes for a cue, of those that leave the arms free that carry something."""
    turn = 0.0 if moment.cue.path is not None else 0.618 * np.floor(moment.cue.start / 2.0)
    lot, side = (moment.luck[44] + turn) % 1.0, moment.luck[45] < 0.5
    rows, reached = _choice(bool(side), moment.busy)
    return rows[int(np.searchsorted(reached, lot * reached[-1], "right"))]


@cache
def _choice(mirrored: bool, busy: frozenset[str]) -> tuple[list[Stance], F64]:
    """The stances that leave the busy sides alone, and their weights added up."""
    rows = [row.mirrored() if mirrored else row for row in stances().values()]
    rows = [row for row in rows if not row.sides & busy]
    return rows, np.cumsum([row.weight for row in rows])


def take(moment: Moment, upper: Upper, row: PoseRow, share: F64) -> None:
    """Bring arms a share (T,) of the way to a row's; its hands are from the hips, in lengths of an arm."""
    arm = moment.rig.arm_length
    ordered = sorted(row.numbers.items(), key=lambda item: not item[0].startswith("arms_"))
    for name, value in ordered:  # a pair's number first, then what is said of one side
        upper.blend(share, **{name: value})
    for name, (right, ahead, up) in row.hands.items():
        side = SIDES.index(name)
        upper.hold(side, moment.beside_trunk(right * arm, ahead * arm, up * arm), share, row.elbows.get(name))
