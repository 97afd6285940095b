"""Down on one knee: the left foot steps ahead, the right one back onto its toes, and the hips come down between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.motion.easing import bump, smooth
from kinema.stage.motion.posture import LEFT, RIGHT, Support
from kinema.stage.motion.rig import Rig
from kinema.stage.motion.rotations import about_x, about_z, mixed, unit

APART, OUT = 0.10, 0.02  # of the leg: half the distance between the feet's lines, and how far the knee ahead points out
AHEAD = 0.36  # of the leg, from the hips to the ankle of the foot ahead
KNEE = 0.055  # of the leg: the middle of a knee on the ground above it
TUCKED = np.radians(72.0)  # how far the foot behind stands on its toes
STEPS = ((0.0, 0.5), (0.3, 0.55))  # when, of the whole, each foot is on its way: from, and for how long
RISE = 0.07  # of the leg: how high it goes meanwhile


def knelt(rig: Rig, support: Support, share: F64) -> Support:
    """The support of a body on flat feet, a share (T,) of the way down onto its right knee; the hips stay where they
    are on the map."""
    turn, limb = about_z(support.heading), rig.legs[RIGHT]
    floor = support.ankles[..., 2].min(1) - rig.sole.ankle
    sole = rig.sole
    toes = sole.ball_height + sole.ball * np.sin(TUCKED) + (sole.ankle - sole.ball_height) * np.cos(TUCKED)
    knee, hip = KNEE * rig.leg, KNEE * rig.leg + 0.98 * limb.upper
    behind = np.sqrt(max(limb.lower**2 - (toes - knee) ** 2, 0.0))
    goals = np.array([[-APART * rig.leg, AHEAD * rig.leg, sole.ankle], [APART * rig.leg, -behind, toes]])
    under = np.column_stack([support.hips[:, :2], floor])
    feet, ankles = np.stack([turn, turn @ about_x(np.array(-TUCKED))], 1), support.ankles.copy()
    turns, bent = support.feet.copy(), support.toes.copy()
    for side, (start, lasts) in zip((LEFT, RIGHT), STEPS, strict=True):
        there = under + turn @ goals[side]
        gone = smooth((share - start) / lasts)
        ankles[:, side] += gone[:, None] * (there - ankles[:, side])
        ankles[:, side, 2] += RISE * rig.leg * bump((share - start) / lasts)
        turns[:, side] = mixed(support.feet[:, side], feet[:, side], gone)
    bent[:, RIGHT] += smooth((share - STEPS[RIGHT][0]) / STEPS[RIGHT][1]) * TUCKED
    down = smooth((share - 0.25) / 0.75)
    hips = support.hips.copy()
    hips[:, 2] += down * (floor + hip - rig.hip_offsets[RIGHT, 2] - hips[:, 2])
    return replace(support, hips=hips, ankles=ankles, feet=turns, toes=bent, knees=_knees(support, turn, share))


def _knees(support: Support, turn: F64, share: F64) -> F64:
    """Where knees (T, 2, 3) point: ahead and a little out; the one on the ground ahead and down."""
    there = np.stack([turn @ [-OUT, 1.0, 0.3], turn @ [0.0, 1.0, -0.6]], 1)
    return unit(support.knees + share[:, None, None] * (there - support.knees))
