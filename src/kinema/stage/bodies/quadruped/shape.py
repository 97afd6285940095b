"""A species' flesh: distance parts laid along its bones. Eyes, ears, teeth and whiskers are in features.py."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.skeleton import SIDES, SPINE, Skeleton, pitch
from kinema.stage.bodies.quadruped.species import Leg, Species, Station
from kinema.stage.geometry.sdf import Cone, Ellipsoid, Part, Point, Turn


def body_parts(species: Species, skeleton: Skeleton) -> tuple[Part, ...]:
    """Every part of the body, torso first, at the species' scale."""
    s = species.scale
    groups = (_torso(species, skeleton), _neck(species), _legs(species), _tail(species), _head(species, skeleton))
    return tuple(_scaled(part, s) for group in groups for part in group)


def _scaled(part: Part, s: float) -> Part:
    shape = part.shape
    if isinstance(shape, Cone):
        shape = Cone(_times(shape.a, s), _times(shape.b, s), shape.ra * s, shape.rb * s, shape.squash)
    elif isinstance(shape, Ellipsoid):
        shape = Ellipsoid(_times(shape.centre, s), _times(shape.radii, s), shape.turn)
    return Part(shape, part.bone, part.paint, part.blend * s, part.carve, part.grip * s)


def _times(point: Point, s: float) -> Point:
    return point[0] * s, point[1] * s, point[2] * s


def _point(values: F64) -> Point:
    return float(values[0]), float(values[1]), float(values[2])


def _torso(species: Species, skeleton: Skeleton) -> Iterator[Part]:
    ends = [point[0] for point in species.spine]
    for near, far in zip(species.torso, species.torso[1:], strict=False):
        middle = (near[0] + far[0]) / 2
        bone = SPINE[int(np.clip(np.searchsorted(ends, middle) - 1, 0, 2))]
        ra, rb = (near[1] - near[2]) / 2, (far[1] - far[2]) / 2
        squash = (near[3] / ra + far[3] / rb) / 2
        a, b = (0.0, near[0], near[1] - ra), (0.0, far[0], far[1] - rb)
        yield Part(Cone(a, b, ra, rb, squash), bone, "torso", 0.05, grip=0.10)


def _neck(species: Species) -> Iterator[Part]:
    for bone, near, far in zip(("neck_low", "neck_high"), species.neck, species.neck[1:], strict=False):
        squash = (near[3] / near[2] + far[3] / far[2]) / 2
        a, b = (0.0, near[0], near[1]), (0.0, far[0], far[1])
        yield Part(Cone(a, b, near[2], far[2], squash), bone, "neck", 0.06, grip=0.07)


def _tail(species: Species) -> Iterator[Part]:
    points, radii = species.tail.points, species.tail.radii
    for k in range(len(points) - 1):
        a, b = (0.0, *points[k]), (0.0, *points[k + 1])
        yield Part(Cone(a, b, radii[k], radii[k + 1]), f"tail_{k}", "tail", 0.025, grip=0.03)


def _legs(species: Species) -> Iterator[Part]:
    for side, sign in SIDES:
        yield from _leg("fore", side, sign, species.fore, species.hooves)
        yield from _leg("hind", side, sign, species.hind, species.hooves)


def _leg(which: str, side: str, sign: float, leg: Leg, hooves: bool) -> Iterator[Part]:
    joints = [np.array([sign * leg.x, y, z]) for y, z in leg.joints]
    bones = [f"{which}_{name}_{side}" for name in ("upper", "lower", "cannon", "paw")]
    yield _muscle(which, side, sign, leg)
    radii = leg.radii
    for k in range(3):
        squash = (0.72, 0.85, 0.95)[k]
        a, b = _point(joints[k]), _point(joints[k + 1])
        yield Part(Cone(a, b, radii[k], radii[k + 1], squash), bones[k], "leg", 0.035 if k < 2 else 0.015, grip=0.035)
    yield from _hoof(bones[3], joints, radii[4]) if hooves else _paw(bones[3], sign, joints, radii[4])


def _muscle(which: str, side: str, sign: float, leg: Leg) -> Part:
    """Shoulder or thigh: a flat ellipsoid along the first segment, a little inward so that it melts into the flank."""
    top, bottom = (leg.root, leg.joints[0]) if which == "fore" else (leg.joints[0], leg.joints[1])
    dy, dz = top[0] - bottom[0], top[1] - bottom[1]
    along = pitch(float(np.degrees(np.arctan2(-dy, dz))))
    middle = (sign * leg.x * 0.78, (top[0] + bottom[0]) / 2, (top[1] + bottom[1]) / 2)
    turn: Turn = tuple(_point(row) for row in along.T)  # type: ignore[assignment]
    bone = f"fore_blade_{side}" if which == "fore" else f"hind_upper_{side}"
    return Part(Ellipsoid(middle, leg.muscle, turn), bone, "leg", 0.07, grip=0.08)


def _paw(bone: str, sign: float, joints: list[F64], radius: float) -> Iterator[Part]:
    """A pad and four toes, the middle two ahead."""
    ball, toe = joints[3], joints[4]
    yield Part(
        Cone(_point(ball), _point(ball * 0.4 + toe * 0.6), radius * 1.02, radius * 0.86), bone, "paw", 0.02, grip=0.02
    )
    for k, spread in enumerate((-0.72, -0.25, 0.25, 0.72)):
        front = toe + np.array([spread * radius * 1.05, -0.30 * radius * (k in (0, 3)), 0.0])
        back = ball + np.array([spread * radius * 0.8, 0.2 * radius, 0.0])
        size = radius * (0.44 if k in (0, 3) else 0.50)
        front[2] = size * 1.05
        back[2] = size * 1.5
        yield Part(Cone(_point(back), _point(front), size, size), bone, "paw", 0.006, grip=0.02)


def _hoof(bone: str, joints: list[F64], radius: float) -> Iterator[Part]:
    ball, toe = joints[3], joints[4]
    yield Part(Cone(_point(ball), _point(toe), radius * 0.9, radius * 1.15), bone, "hoof", 0.012, grip=0.02)


def _head(species: Species, skeleton: Skeleton) -> Iterator[Part]:
    head, s = species.head, species.scale

    def at(x: float, y: float, z: float) -> Point:
        return _point(skeleton.in_head((x * s, y * s, z * s)) / s)

    turn: Turn = tuple(_point(row) for row in skeleton.turn.T)  # type: ignore[assignment]
    centre, radii = head.skull
    yield Part(Ellipsoid(at(*centre), radii, turn), "head", "head", 0.035, grip=0.03)
    for _, sign in SIDES:
        x, y, z, r = head.brow
        yield Part(Ellipsoid(at(sign * x, y, z), (r, r * 1.2, r * 0.8), turn), "head", "head", 0.03, grip=0.02)
        x, y, z, r = head.cheek
        yield Part(Ellipsoid(at(sign * x, y, z), (r * 0.8, r * 1.2, r), turn), "head", "head", 0.04, grip=0.02)
        x, y, z, r = *species.ear.at, species.ear.width
        yield Part(
            Ellipsoid(at(sign * x, y, z - 0.2 * r), (r * 0.7, r * 0.55, r * 0.7), turn), "head", "head", 0.03, grip=0.02
        )
    yield from _muzzle(head.muzzle, "head", at)
    open_jaw = pitch(-head.gape)

    def in_jaw(x: float, y: float, z: float) -> Point:
        hinge = np.array([0.0, *head.hinge])
        return at(*(hinge + open_jaw @ (np.array([x, y, z]) - hinge)))

    yield from _muzzle(head.jaw, "jaw", in_jaw)


def _muzzle(stations: tuple[Station, Station], bone: str, at) -> Iterator[Part]:  # type: ignore[no-untyped-def]
    """Two cones side by side make a muzzle flat above; stations are (y, z, half height, half width)."""
    near, far = stations
    paint = "muzzle" if bone == "head" else "jaw"
    for sign in (-1.0, 1.0):
        a = at(sign * max(near[3] - near[2], 0.0), near[0], near[1])
        b = at(sign * max(far[3] - far[2], 0.25 * far[3]), far[0], far[1])
        squash = min(1.0, near[3] / near[2])
        yield Part(Cone(a, b, near[2], far[2], squash), bone, paint, 0.02 if bone == "head" else 0.010, grip=0.012)
