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
from kinema.stage.motion.easing import smooth
from kinema.stage.motion.rotations import mixed

SIDES = ("left", "right")
LEFT, RIGHT = 0, 1
TRUNK = tuple(f"{joint}_{axis}" for joint in ("spine", "chest", "neck", "head") for axis in "xyz")
ARM = ("shrug", "protract", "swing", "raise", "twist", "elbow", "pronate", "wrist", "cock", "curl", "thumb")
EYES = ("eyes_x", "eyes_z")
NAMES = (*TRUNK, *EYES, *(f"{part}_{side}" for side in SIDES for part in ARM), *FACE_UNITS)
COLUMN = {name: index for index, name in enumerate(NAMES)}
ARM_COLUMNS = np.array([[COLUMN[f"{part}_{side}"] for part in ARM] for side in SIDES])  # (2, 11)
FACE_COLUMNS = np.array([COLUMN[unit] for unit in FACE_UNITS])
LETS_GO = 0.3  # metres between two places of a hand, from which on it goes from one to the other as the arm swings
ELBOWS = np.array([[-0.6, -0.2, -0.75], [0.6, -0.2, -0.75]])  # where they point by themselves: out, a little back, down


@dataclass(frozen=True, eq=False)
class Upper:
    """What an action does above the legs, at T instants.

    numbers (T, len(NAMES)) · shift (T, 3): of the hips in the frame of the heading (right, ahead, up), m ·
    turn (T, 3): of the hips about right, forward, up · hands (T, 2, 3): world targets · grasp (T, 2): how far the
    hands go to them, 0 to 1 · elbows (T, 2, 3): where they point meanwhile, in the chest's axes · flat (T, 2): how far
    a palm that is held so faces down, 0 to 1 · hop (T,): height of a jump, m · kneel (T,): how far down on one knee
    """

    numbers: F64
    shift: F64
    turn: F64
    hands: F64
    grasp: F64
    elbows: F64
    flat: F64
    hop: F64
    kneel: F64

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

    def hold(self, side: int, place: F64, share: F64, elbow: tuple[float, float, float] | None = None) -> None:
        """Takes a hand a share (T,) of the way from where it is to a place (T, 3); elbow: where that points then."""
        before, pole = self.grasp[:, side] * (1.0 - share), ELBOWS[side] if elbow is None else np.array(elbow)
        self.grasp[:, side] = before + share
        pull = (share / np.maximum(self.grasp[:, side], 1e-9))[:, None]
        self.hands[:, side] += pull * (place - self.hands[:, side])
        self.elbows[:, side] += pull * (pole - self.elbows[:, side])
        self.flat[:, side] *= 1.0 - share

    def free(self, *sides: int) -> None:
        """Lets hands go from where they are held or lie; 0 is the left one."""
        for side in sides:
            self.grasp[:, side] = self.flat[:, side] = 0.0
            self.elbows[:, side] = ELBOWS[side]

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
        np.repeat(ELBOWS[None], count, 0),
        zero((count, 2)),
        zero(count),
        zero(count),
    )


def blended(layers: list[tuple[Upper, F64]]) -> Upper:
    """A mean of postures, each at T instants or one for all, by weights (T,) that add up to one."""
    first, weight = layers[0]
    if len(layers) == 1:
        return first
    total = neutral(len(weight))
    hands, elbows, square = np.zeros_like(total.hands), 1e-9 * total.elbows, np.zeros_like(total.grasp)
    for layer, weight in layers:
        column = weight[:, None]
        for name in ("numbers", "shift", "turn", "flat"):
            getattr(total, name).__iadd__(getattr(layer, name) * column)
        total.hop.__iadd__(layer.hop * weight)
        total.kneel.__iadd__(layer.kneel * weight)
        pull = layer.grasp * column
        total.grasp.__iadd__(pull)
        hands += layer.hands * pull[..., None]
        square += (layer.hands**2).sum(-1) * pull
        elbows += layer.elbows * pull[..., None]
    held = np.maximum(total.grasp, 1e-9)
    hands /= held[..., None]
    # a hand on its way from one place to another far from it lets go of both
    spread = np.maximum(square / held - (hands**2).sum(-1), 0.0)  # at most a quarter of their distance's square
    apart = _apart(layers)
    going = 1.0 - smooth(apart / LETS_GO) * np.minimum(4.0 * spread / np.maximum(apart**2, 1e-9), 1.0)
    return replace(total, hands=hands, elbows=elbows, grasp=total.grasp * going, flat=total.flat * going)


def _apart(layers: list[tuple[Upper, F64]]) -> F64:
    """Metres (T, 2) between the farthest places that hands are held at."""
    held = np.stack([layer.grasp * weight[:, None] > 0.0 for layer, weight in layers])[..., None]
    hands = np.stack(np.broadcast_arrays(*(layer.hands for layer, _ in layers)))
    low, high = np.where(held, hands, np.inf).min(0), np.where(held, hands, -np.inf).max(0)
    return np.asarray(np.linalg.norm(np.where(high >= low, high - low, 0.0), axis=-1))


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
