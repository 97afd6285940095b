"""Postures over time: the few numbers per instant that actions write, blends mix and the rig turns into joints.

Angles in radians. Trunk and head are turns about right, forward and up, as the skeleton defines them. An arm's zero is
hanging straight down with the palm at the thigh, whatever the rest pose: `swing` lifts it forward, `raise` outward,
`twist` turns the elbow's pit inward; `elbow` bends, `pronate` turns the palm back, `wrist` bends it towards the palm,
`cock` lifts the thumb's side; `curl` closes the fingers. Both sides have the same signs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.people.skeleton import FACE_UNITS
from kinema.stage.motion.rotations import mixed

SIDES = ("left", "right")
TRUNK = tuple(f"{joint}_{axis}" for joint in ("spine", "chest", "neck", "head") for axis in "xyz")
ARM = ("shrug", "protract", "swing", "raise", "twist", "elbow", "pronate", "wrist", "cock", "curl", "thumb")
EYES = ("eyes_x", "eyes_z")
NAMES = (*TRUNK, *EYES, *(f"{part}_{side}" for side in SIDES for part in ARM), *FACE_UNITS)
COLUMN = {name: index for index, name in enumerate(NAMES)}
ARM_COLUMNS = np.array([[COLUMN[f"{part}_{side}"] for part in ARM] for side in SIDES])  # (2, 11)
FACE_COLUMNS = np.array([COLUMN[unit] for unit in FACE_UNITS])


@dataclass(frozen=True, eq=False)
class Upper:
    """What an action does above the legs, at T instants.

    numbers (T, len(NAMES)) · shift (T, 3): of the hips in the frame of the heading (right, ahead, up), m ·
    turn (T, 3): of the hips about right, forward, up · hands (T, 2, 3): world targets · grasp (T, 2): how far the
    hands go to them, 0 to 1 · hop (T,): height of a jump, m
    """

    numbers: F64
    shift: F64
    turn: F64
    hands: F64
    grasp: F64
    hop: F64

    def column(self, name: str) -> F64:
        """One number over time (T,), as a view that can be written."""
        return self.numbers[:, COLUMN[name]]

    def set(self, **numbers: F64 | float) -> None:
        """Writes numbers by name, angles in degrees, the face's as they are; `arms_` in front names both arms'."""
        for name, value in numbers.items():
            scaled = np.asarray(value) if name in FACE_UNITS else np.radians(value)
            for column in _columns(name):
                self.numbers[:, column] = scaled

    def add(self, **numbers: F64 | float) -> None:
        """Like set, on top of what is there."""
        for name, value in numbers.items():
            scaled = np.asarray(value) if name in FACE_UNITS else np.radians(value)
            for column in _columns(name):
                self.numbers[:, column] += scaled

    def blend(self, share: F64, **numbers: F64 | float) -> None:
        """Moves numbers a share (T,) of the way from what is there."""
        for name, value in numbers.items():
            scaled = np.asarray(value) if name in FACE_UNITS else np.radians(value)
            for column in _columns(name):
                self.numbers[:, column] += share * (scaled - self.numbers[:, column])


def _columns(name: str) -> list[int]:
    if name.startswith("arms_"):
        return [COLUMN[f"{name[5:]}_{side}"] for side in SIDES]
    return [COLUMN[name]]


def neutral(count: int) -> Upper:
    """Arms hanging, eyes open, at T = count instants."""
    zero = np.zeros
    return Upper(
        zero((count, len(NAMES))),
        zero((count, 3)),
        zero((count, 3)),
        zero((count, 2, 3)),
        zero((count, 2)),
        zero(count),
    )


def blended(layers: list[tuple[Upper, F64]]) -> Upper:
    """A mean of postures by weights (T,) that add up to one."""
    first, weight = layers[0]
    if len(layers) == 1:
        return first
    total = neutral(len(weight))
    hands = np.zeros_like(total.hands)
    grasp = np.zeros_like(total.grasp)
    for layer, weight in layers:
        column = weight[:, None]
        for name in ("numbers", "shift", "turn"):
            getattr(total, name).__iadd__(getattr(layer, name) * column)
        total.hop.__iadd__(layer.hop * weight)
        pull = layer.grasp * column
        grasp += pull
        hands += layer.hands * pull[..., None]
    return replace(total, hands=hands / np.maximum(grasp, 1e-9)[..., None], grasp=grasp)


@dataclass(frozen=True, eq=False)
class Support:
    """What carries the body at T instants, all in the world.

    heading (T,): yaw of the root, unwrapped · hips (T, 3) m · turns (T, 3, 3) of the hips · ankles (T, 2, 3) ·
    feet (T, 2, 3, 3) · toes (T, 2) rad up · knees (T, 2, 3): where they point
    """

    heading: F64
    hips: F64
    turns: F64
    ankles: F64
    feet: F64
    toes: F64
    knees: F64


def between_supports(first: Support, second: Support, share: F64, lift: float) -> Support:
    """A share (T,) of the way from one support to another; feet that change place rise up to `lift` m on the way."""
    one = share[:, None]
    turn = (second.heading - first.heading + np.pi) % (2.0 * np.pi) - np.pi
    ankles = first.ankles + one[..., None] * (second.ankles - first.ankles)
    far = np.linalg.norm(second.ankles - first.ankles, axis=-1)  # (T, 2)
    arc = np.minimum(0.5 * far, lift) * (4.0 * share * (1.0 - share))[:, None]
    ankles[..., 2] += arc
    return Support(
        first.heading + share * turn,
        first.hips + one * (second.hips - first.hips),
        mixed(first.turns, second.turns, share),
        ankles,
        mixed(first.feet, second.feet, np.broadcast_to(one, far.shape)),
        first.toes + one * (second.toes - first.toes),
        first.knees + one[..., None] * (second.knees - first.knees),
    )
