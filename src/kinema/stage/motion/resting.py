"""Bodies that rest: what a seat, a floor or a mattress carries, from the table of postures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from pydantic import TypeAdapter

from kinema.buffers.scene_frame import F64
from kinema.schema.tables import parsed
from kinema.stage.cue import Mark
from kinema.stage.motion.footsteps import Ground
from kinema.stage.motion.pose_row import PoseRow, Triple
from kinema.stage.motion.posture import SIDES, Support, Upper, neutral
from kinema.stage.motion.rig import DOWN, Rig
from kinema.stage.motion.rotations import about_x, about_y, about_z, mixed

REFERENCE_LEG = 0.9  # metres, for which the table's heights hold


class Rest(PoseRow):
    """One row of postures.yaml, as its head explains."""

    up: float
    recline: float
    roll: float = 0.0
    floor: bool = False
    thighs: tuple[Triple, Triple]
    knees: tuple[float, float]
    ankles: tuple[float, float]

    def mirrored(self) -> Rest:
        """The same to the other side."""
        legs = {"thighs": self.thighs[::-1], "knees": self.knees[::-1], "ankles": self.ankles[::-1]}
        return super().mirrored().model_copy(update={"roll": -self.roll, **legs})


@cache
def rests() -> Mapping[str, Rest]:
    """The table, and `side_left`, `side_right`, `back` and its mirror image by name."""
    table = parsed(files(__package__).joinpath("postures.yaml").read_text("utf-8"))
    rows = TypeAdapter(dict[str, Rest]).validate_python(table)
    side = rows.pop("side")
    return rows | {"side_left": side, "side_right": side.mirrored(), "propped_right": rows["propped"].mirrored()}


@dataclass(frozen=True, eq=False)
class Place:
    """A mark one rests at: heading (rad) of the body were it to sit upright, and the ground beneath (m)."""

    mark: Mark
    heading: float
    floor: float


def place_at(mark: Mark, in_bed: bool, ground: Ground) -> Place:
    """A bed's mark looks from the hips to the pillow, so a sleeper who sat up would look the other way."""
    floor = float(ground(np.array([mark.position[:2]]))[0])
    return Place(mark, mark.yaw + (np.pi if in_bed else 0.0), floor)


def rest_support(rig: Rig, rest: Rest, place: Place) -> Support:
    """The support (T = 1) of a body in a posture at a place."""
    turn = about_z(np.array(place.heading)) @ about_x(np.radians(rest.recline)) @ about_z(np.radians(rest.roll))
    hips = np.array(place.mark.position, float)
    hips[2] += rest.up * rig.leg / REFERENCE_LEG
    ankles, feet, knees = np.zeros((2, 3)), np.zeros((2, 3, 3)), np.zeros((2, 3))
    for side in (0, 1):
        sign = 1.0 if side == 0 else -1.0
        forward, out, inward = np.radians(rest.thighs[side])
        thigh = turn @ about_x(forward) @ about_y(sign * out) @ about_z(-sign * inward)
        shin = thigh @ about_x(-np.radians(rest.knees[side]))
        limb = rig.legs[side]
        ankles[side] = hips + turn @ rig.hip_offsets[side] + limb.upper * thigh @ DOWN + limb.lower * shin @ DOWN
        feet[side] = shin @ about_x(-np.radians(rest.ankles[side]))
        knees[side] = thigh[:, 1]
        if rest.floor:
            ankles[side, 2] = place.floor + rig.sole.ankle
            feet[side] = about_z(np.array(place.heading - sign * -0.12))
    return Support(
        np.array([place.heading]), hips[None], turn[None], ankles[None], feet[None], np.zeros((1, 2)), knees[None]
    )


def rest_upper(rig: Rig, rest: Rest, place: Place) -> Upper:
    """What a body in a posture at a place does above the legs (T = 1); hands that lie on something lie on the palm."""
    upper = neutral(1)
    # a pair's number first, then what is said of one side
    for name, value in sorted(rest.numbers.items(), key=lambda item: not item[0].startswith("arms_")):
        upper.set(**{name: value})
    turn, scale = about_z(np.array(place.heading)), rig.leg / REFERENCE_LEG
    for name, spot in rest.hands.items():
        side = SIDES.index(name)
        upper.hands[0, side] = np.array(place.mark.position) + scale * turn @ np.array(spot)
        upper.grasp[0, side] = upper.flat[0, side] = 1.0
        upper.elbows[0, side] = rest.elbows.get(name, tuple(upper.elbows[0, side]))
    return upper


def held(support: Support, count: int) -> Support:
    """One support (T = 1) for as many instants."""
    return Support(*(np.repeat(getattr(support, name), count, 0) for name in Support.__dataclass_fields__))


def between_rests(first: Support, second: Support, share: F64) -> Support:
    """From one rest (T = 1) to another on the same bed or seat, by shares (T,); limbs keep touching the bed."""
    one = share[:, None]
    heading = first.heading + share * (second.heading - first.heading)
    wide = np.broadcast_to(one, (len(share), 2))
    return Support(
        heading,
        first.hips + one * (second.hips - first.hips),
        mixed(np.repeat(first.turns, len(share), 0), np.repeat(second.turns, len(share), 0), share),
        first.ankles + one[..., None] * (second.ankles - first.ankles),
        mixed(np.repeat(first.feet, len(share), 0), np.repeat(second.feet, len(share), 0), wide),
        first.toes + one * (second.toes - first.toes),
        first.knees + one[..., None] * (second.knees - first.knees),
    )
