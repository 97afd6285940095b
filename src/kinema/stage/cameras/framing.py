"""Framing: what the picture should hold, solved to where a lens must stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.schema.storyboard import Framing
from kinema.stage.actor import Actor, Part, Region, forward, has_anchor


@dataclass(frozen=True)
class Shape:
    """How a size of framing is shot: which part, the share of the picture's height it fills, lens and aperture.

    lens: focal length in mm on a 24 mm high picture · stop: f-number, 0 for everything sharp
    """

    part: Part
    fill: float
    lens: float
    stop: float


SHAPES: dict[str, Shape] = {
    "wide": Shape("whole", 0.30, 28.0, 0.0),
    "full": Shape("whole", 0.74, 35.0, 0.0),
    "medium": Shape("upper", 0.80, 45.0, 2.8),
    "close": Shape("head", 0.70, 65.0, 2.2),
    "extreme": Shape("head", 1.0, 85.0, 2.2),
}
WIDE_LIFT = 0.13  # of the picture's height: how far below its middle a wide shot holds its subject
CLOSE_DROP = 0.05  # of the picture's height: how far over its middle a close shot holds one head, for its dress to show
FACE = 0.08  # metres a face lies before the middle of its head
FACE_SHARE = 0.3  # of what is framed, for smaller heads
BLUR = 0.024 / 200  # metres on the picture's 24 mm: the circle that a point of the subject may grow to
HEADS = 0.95  # of the height, for several heads together, which leave room about them
LYING = 2.0  # times the fill
INDOORS = 0.8  # of a room's height, which a wide picture may show at its subject: more is ceiling
HELD = 0.88  # of the picture, for all the places of what moves before a camera that stands
LOOSEST = 2.2  # times the distance: how far back a standing camera goes for that
LOOK_ROOM = 0.12  # of the width: how much more there is ahead of a body that is followed from beside
LONG_WIDE = 1.45  # the same of the height in a wide shot of a long body, which is seldom seen quite from the side
MANY = 6  # from so many on they are a crowd
FULL_WIDTH = 0.82  # no part may fill more of the picture's width
AZIMUTH = {
    "front": 0.0, "front_left": 38.0, "left": 90.0, "back_left": 142.0,
    "back": 180.0, "back_right": -142.0, "right": -90.0, "front_right": -38.0,
}  # fmt: skip
ELEVATION = {"low": -9.0, "eye": 3.0, "high": 20.0, "top": 62.0}
ROOM = 4.0  # metres: ceilings lower than that are rooms
STANDS, LOOKS_DOWN = 1.6, 22.0  # metres that a level camera stands up in a room, if so it looks down no more than this
PICTURE_MM = 24.0  # height of the picture the lens lengths are given for


@dataclass(frozen=True, eq=False)
class View:
    """A camera in polar terms around what it looks at: lengths in metres, angles in radians.

    azimuth: world yaw of the direction from the target to the camera · lens in mm · aperture: diameter in metres ·
    depth: how far the nearest of the subject lies before the target, where the lens is focused
    """

    target: F64
    distance: float
    azimuth: float
    elevation: float
    lens: float
    aperture: float
    depth: float = 0.0

    @property
    def stopped(self) -> float:
        """The aperture, closed so far that the subject itself stays sharp to its own depth."""
        if self.depth <= 0.0:
            return self.aperture
        return min(self.aperture, BLUR * self.distance**2 / (self.lens / 1000 * 1.2 * self.depth))

    def eye(self) -> F64:
        """Where the camera stands (3,)."""
        level = np.cos(self.elevation)
        out = np.array([-np.sin(self.azimuth) * level, np.cos(self.azimuth) * level, np.sin(self.elevation)])
        eye: F64 = self.target + self.distance * out
        return eye


def united(regions: Sequence[Region]) -> Region:
    """The region that holds several."""
    centres = np.array([region.centre for region in regions])
    heights = np.array([region.height for region in regions])
    widths = np.array([region.width for region in regions])
    low = np.minimum.reduce(centres - np.stack([widths, widths, heights], 1) / 2)
    high = np.maximum.reduce(centres + np.stack([widths, widths, heights], 1) / 2)
    x, y, z = (low + high) / 2
    across = float(np.hypot(*(high - low)[:2])) if len(regions) > 1 else float(widths[0])
    return Region((float(x), float(y), float(z)), float(high[2] - low[2]), across)


def _shape(framing: Framing, cast: dict[str, list[Actor]]) -> Shape:
    shape = SHAPES[framing.size]
    return SHAPES["medium"] if shape.part == "head" and len(cast[framing.subject]) > 1 else shape


def framed_regions(framing: Framing, cast: dict[str, list[Actor]], time: float) -> list[Region]:
    """The regions that a framing holds."""
    part = _shape(framing, cast).part
    beside: Part = "upper" if part == "upper" else part  # close, two are seen head by head
    regions = [actor.region(time, part) for actor in cast[framing.subject]]
    return regions + [actor.region(time, beside) for name in framing.also for actor in cast[name]]


def kept_points(framing: Framing, cast: dict[str, list[Actor]], time: float) -> tuple[F64, F64]:
    """What may not leave the picture: tops and bottoms of heads (N, 3), middles of the ends (M, 3) of whole bodies.

    Of those who are many nobody is missed at the edge; what has no eyes has no head either.
    """
    part = _shape(framing, cast).part
    seen = [one for name in (framing.subject, *framing.also) for one in cast[name] if len(cast[name]) < MANY]
    heads = [one.region(time, "head") for one in seen if has_anchor(one, time, "eyes")]
    tall = np.array([[0.0, 0.0, 0.5 * head.height] for head in heads]).reshape(-1, 3)
    middle = np.array([head.centre for head in heads]).reshape(-1, 3)
    bodies = [(one.region(time, "whole"), forward(one.facing(time))) for one in seen] if part == "whole" else []
    ends = [np.array(body.centre) + side * 0.5 * body.width * ahead for body, ahead in bodies for side in (-1.0, 1.0)]
    return np.concatenate([middle - tall, middle + tall]), np.array(ends).reshape(-1, 3)


def view(
    framing: Framing, cast: dict[str, list[Actor]], time: float, facing: float, aspect: float, ceiling: float = np.inf
) -> View:
    """Where the camera must stand so that a framing's subjects fill the picture as its size says.

    facing: yaw the first subject counts as looking along · aspect: picture width over height · ceiling: height of the
    room (m), if it is in one
    """
    shape = _shape(framing, cast)
    regions = framed_regions(framing, cast, time)
    region = united(regions)
    tall = PICTURE_MM / shape.lens  # picture height at one metre
    long = len(regions) == 1 and region.width > 2.0 * region.height
    fill = max(shape.fill, HEADS) if shape.part == "head" and len(regions) > 1 else shape.fill
    by_height = region.height / (fill * (LONG_WIDE if long and framing.size == "wide" else 1.0) * tall)
    # one who lies alone in the picture may fill more of its width
    share = shape.fill * (LYING if long else 1.25)
    by_width = region.width / (min(FULL_WIDTH, share) * tall * aspect)
    distance = max(by_height, by_width) + region.width / 2
    target = np.array(region.centre)
    if framing.size == "wide":
        least = max(region.height, region.width / aspect) / (HELD * tall) + region.width / 2
        distance = min(distance, max(INDOORS * ceiling / tall, least))
        target[2] += WIDE_LIFT * distance * tall
    elif framing.size == "close" and shape.part == "head" and len(regions) == 1:
        target[2] -= CLOSE_DROP * distance * tall
    aperture = shape.lens / 1000 / shape.stop if shape.stop else 0.0
    if len(regions) > 1:  # all of them are sharp
        aperture = min(aperture, BLUR * distance**2 / (shape.lens / 1000 * 0.6 * region.width))
    azimuth = facing + np.radians(AZIMUTH[framing.side])
    depth = min(FACE, FACE_SHARE * region.height)
    elevation = float(np.radians(ELEVATION[framing.angle]))
    if framing.angle == "eye" and ceiling < ROOM:
        elevation = max(elevation, _from_standing(float(target[2]), distance))
    return View(target, distance, float(azimuth), elevation, shape.lens, aperture, depth)


def _from_standing(height: float, distance: float) -> float:
    """The angle (rad) at which one who stands in a room looks down on what is low in it: on a bed, on a pet."""
    return float(min(np.arcsin(np.clip((STANDS - height) / distance, 0.0, 1.0)), np.radians(LOOKS_DOWN)))


def holding(where: View, regions: Sequence[Region], aspect: float) -> View | None:
    """The view that holds regions of several instants, aimed between them; None if that were too far back."""
    low, high = spread(regions, where)  # (2,) each, across and up
    half = 0.5 * HELD * PICTURE_MM / where.lens * np.array([aspect, 1.0])  # at one metre
    over = np.maximum(-low, high) > half * where.distance
    across, up = np.where(over, 0.5 * (low + high), 0.0)
    target = where.target + across * rightward(where.azimuth) + np.array([0.0, 0.0, up])
    need = float(np.max(np.where(over, 0.5 * (high - low), 0.0) / half))
    if need > LOOSEST * where.distance:
        return None
    return replace(where, target=target, distance=max(need, where.distance))


def spread(regions: Sequence[Region], where: View) -> tuple[F64, F64]:
    """Least and greatest (2,) of what regions take up, metres to the right of a view's target and above it."""
    away = np.array([region.centre for region in regions]) - where.target
    middle = np.stack([away @ rightward(where.azimuth), away[:, 2]], 1)  # (N, 2)
    reach = 0.5 * np.array([[region.width, region.height] for region in regions])
    return (middle - reach).min(axis=0), (middle + reach).max(axis=0)


def looking_ahead(where: View, facing: float, aspect: float) -> View:
    """The view with more room before a body than behind it, as far as it looks across the picture."""
    right = rightward(where.azimuth)
    width = PICTURE_MM / where.lens * aspect * where.distance
    return replace(where, target=where.target + LOOK_ROOM * width * float(forward(facing) @ right) * right)


def rightward(azimuth: float) -> F64:
    """The level direction (3,) to the right in the picture of a camera that stands there."""
    return np.array([-np.cos(azimuth), -np.sin(azimuth), 0.0])


def between(first: View, second: View, share: float, turn: float = 0.0) -> View:
    """A view on the way from one to the other: equal growth in equal time, the short way round plus a turn (rad)."""
    swing = (second.azimuth - first.azimuth + np.pi) % (2 * np.pi) - np.pi + turn
    return View(
        first.target + share * (second.target - first.target),
        float(first.distance ** (1 - share) * second.distance**share),
        float(first.azimuth + share * swing),
        float(first.elevation + share * (second.elevation - first.elevation)),
        float(first.lens ** (1 - share) * second.lens**share),
        float(first.aperture + share**3 * (second.aperture - first.aperture)),
        float(first.depth + share * (second.depth - first.depth)),
    )
