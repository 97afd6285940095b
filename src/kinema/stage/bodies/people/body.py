"""A bare body: shapes blended from the baked archive and set into the common rest pose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, I32, U8
from kinema.stage.bodies.people.fingers import relaxed
from kinema.stage.bodies.people.skeleton import JOINTS, Skeleton, skeleton_at
from kinema.stage.bodies.people.skinning import SIDES, skin_transforms, smooth_normals

Sex = Literal["female", "male"]
TENTH_MILLIMETRE = 1e-4
ARM_DROP = np.pi / 4  # arms rest that far below level


@dataclass(frozen=True)
class Physique:
    """What a body is like, apart from the rig.

    ages, origins: mixtures of child, young, old and of african, asian, caucasian; each sums to 1 ·
    weight: -1 slight to 1 heavy · muscle, ideal: 0 to 1 · tall: -1 to 1 · details: rows of the archive -> weight
    """

    sex: Sex = "female"
    ages: Mapping[str, float] = field(default_factory=lambda: {"young": 1.0})
    origins: Mapping[str, float] = field(default_factory=lambda: {"caucasian": 1.0})
    weight: float = 0.0
    muscle: float = 0.0
    ideal: float = 0.0
    tall: float = 0.0
    details: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Archive:
    """The baked data, as read. K points, M landmarks, C corners (a point at one uv), Q quads.

    points (K + M, 3) metres, the landmarks last · deltas: target -> (K + M, 3) in tenths of a millimetre ·
    corners (C,): point of each corner · uv (C, 2) · quads (Q, 4) of corners · quad_groups (Q,) into groups ·
    skin_indices, skin_weights (K, 4): of SKIN_JOINTS, weights sum to 255 · nails (C,) ·
    masks: lips, eyelids (512, 512) over face_window (left, bottom, right, top) of the uv layout
    """

    points: F32
    landmarks: tuple[str, ...]
    deltas: Mapping[str, NDArray[np.int16]]
    corners: I32
    uv: F32
    quads: I32
    quad_groups: U8
    groups: tuple[str, ...]
    skin_indices: U8
    skin_weights: F32
    nails: U8
    masks: Mapping[str, U8]
    face_window: F32

    def group(self, name: str) -> I32:
        """The quads (Q', 4) of a group: body, tights, eye_left, lashes_left, teeth_upper ..."""
        return np.asarray(self.quads[self.quad_groups == self.groups.index(name)], np.int32)


@cache
def archive() -> Archive:
    """people.npz, read once."""
    with files("kinema.stage.bodies.people").joinpath("people.npz").open("rb") as file:
        baked: dict[str, Any] = dict(np.load(file, allow_pickle=False))
    return Archive(
        points=baked["vertices"],
        landmarks=tuple(str(name) for name in baked["landmarks"]),
        deltas={str(name): delta for name, delta in zip(baked["targets"], baked["deltas"], strict=True)},
        corners=baked["corners"].astype(np.int32),
        uv=baked["uv"],
        quads=baked["quads"].astype(np.int32),
        quad_groups=baked["quad_groups"],
        groups=tuple(str(name) for name in baked["groups"]),
        skin_indices=baked["skin_indices"],
        skin_weights=baked["skin_weights"].astype(np.float32) / 255,
        nails=baked["nails"],
        masks={name.removeprefix("mask_"): baked[name] for name in baked if name.startswith("mask_")},
        face_window=baked["face_window"],
    )


@dataclass(frozen=True, eq=False)
class Body:
    """One person's bare body in the common rest pose.

    points, normals (K, 3): the archive's points, helper surfaces too · landmarks: name -> place (3,) ·
    fingertips (2, 3): second bends of the fingers, left and right
    """

    physique: Physique
    points: F32
    normals: F32
    landmarks: Mapping[str, F64]
    skeleton: Skeleton
    fingertips: F64

    @property
    def height(self) -> float:
        """Metres from sole to crown."""
        return float(self.points[: body_count()][:, 2].max())


@cache
def body_count() -> int:
    """How many of the archive's points are the body proper (they come first)."""
    baked = archive()
    return int(baked.corners[baked.group("body")].max()) + 1


@cache
def point_triangles() -> I32:
    """All groups' triangles (F, 3) of points, for normals that know no uv seams."""
    baked = archive()
    quads = baked.corners[baked.quads]
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def build_body(physique: Physique) -> Body:
    """Blends the shapes, straightens the limbs and bends the fingers into the rest pose that skeleton.py describes."""
    baked = archive()
    moved = baked.points.copy()
    for name, weight in target_weights(physique).items():
        moved += baked.deltas[name].astype(np.float32) * np.float32(weight * TENTH_MILLIMETRE)
    count = len(moved) - len(baked.landmarks)
    marks = dict(zip(baked.landmarks, moved[count:].astype(np.float64), strict=True))
    rest = skeleton_at({name: marks[name] for name in JOINTS})
    transforms = skin_transforms(rest, _fingertips(marks), straightening(marks))
    points, marks = relaxed(baked, _blend(moved[:count], transforms), _carry(marks, rest, transforms))
    middle = (marks["upper_leg_left"] + marks["upper_leg_right"]) / 2
    shift = np.array([-middle[0], -middle[1], -float(points[: body_count(), 2].min())])
    points = points + shift.astype(np.float32)
    marks = {name: place + shift for name, place in marks.items()}
    skeleton = skeleton_at({name: marks[name] for name in JOINTS})
    normals = smooth_normals(points, point_triangles())
    return Body(physique, points, normals, marks, skeleton, _fingertips(marks))


def raised(body: Body, height: float) -> Body:
    """The same body standing on soles of that many metres."""
    lift = np.array([0.0, 0.0, height])
    marks = {name: place + lift for name, place in body.landmarks.items()}
    skeleton = skeleton_at({name: marks[name] for name in JOINTS})
    points = (body.points + lift).astype(np.float32)
    return replace(body, points=points, landmarks=marks, skeleton=skeleton, fingertips=_fingertips(marks))


def site(body: Body, place: tuple[float, float, float]) -> F64:
    """Where on this body (3,) the skin is that lies nearest to a place on the unmorphed base mesh."""
    base = archive().points[: body_count()]
    return np.asarray(body.points[int(np.argmin(((base - np.array(place)) ** 2).sum(1)))], np.float64)


def target_weights(physique: Physique) -> dict[str, float]:
    """Shape rows of the archive -> weight, for a physique."""
    weights: dict[str, float] = {}
    heavy, slight = max(physique.weight, 0.0), max(-physique.weight, 0.0)
    builds = {"averageweight": 1.0 - heavy - slight, "maxweight": heavy, "minweight": slight}
    for age, share in physique.ages.items():
        for build, amount in builds.items():
            weights[f"{physique.sex}_{age}_{build}"] = share * amount
        for origin, amount in physique.origins.items():
            weights[f"{physique.sex}_{age}_{origin}"] = share * amount
    young = physique.ages.get("young", 0.0) * builds["averageweight"]
    weights[f"{physique.sex}_young_averageweight"] = young * (1.0 - physique.muscle)
    weights[f"{physique.sex}_young_maxmuscle"] = young * physique.muscle
    weights[f"{physique.sex}_young_ideal"] = young * physique.ideal
    weights[f"{physique.sex}_young_tall"] = young * max(physique.tall, 0.0)
    weights[f"{physique.sex}_young_low"] = young * max(-physique.tall, 0.0)
    return {name: weight for name, weight in (weights | dict(physique.details)).items() if weight}


def straightening(marks: Mapping[str, F64]) -> F64:
    """Local rotations (J, 3, 3) that bring the source's bent arms and spread legs into the rest pose."""
    names = list(JOINTS)
    world = {name: np.eye(3) for name in names}
    ahead = np.array([0.0, 1.0, 0.0])
    for side, out in zip(SIDES, (-1.0, 1.0), strict=True):
        places = {name: marks[f"{name}_{side}"] for name in ("upper_arm", "lower_arm", "hand", "fingers")}
        upper, fore = places["lower_arm"] - places["upper_arm"], places["hand"] - places["lower_arm"]
        arm = np.array([out * np.cos(ARM_DROP), 0.0, -np.sin(ARM_DROP)])
        hinge, hinge_there = np.cross(upper, fore), np.cross(arm, ahead)
        thumb_side = marks[f"knuckle_index_{side}"] - marks[f"knuckle_little_{side}"]
        world[f"upper_arm_{side}"] = _turn(upper, hinge, arm, hinge_there)
        world[f"lower_arm_{side}"] = _turn(fore, hinge, arm, hinge_there)
        hand = _turn(places["fingers"] - places["hand"], thumb_side, arm, ahead)
        for name in ("hand", "fingers", "thumb"):
            world[f"{name}_{side}"] = hand
        hip, knee, ankle, toes = (marks[f"{name}_{side}"] for name in ("upper_leg", "lower_leg", "foot", "toes"))
        point = (toes - ankle) * (1.0, 1.0, 0.0)
        down = np.array([0.0, 0.0, -1.0])
        world[f"upper_leg_{side}"] = _turn(knee - hip, point, down, ahead)
        world[f"lower_leg_{side}"] = _turn(ankle - knee, point, down, ahead)
        for name in ("foot", "toes"):
            world[f"{name}_{side}"] = _turn(down, point, down, ahead)
    parents = [JOINTS[name] for name in names]
    return np.stack(
        [world[parent].T @ world[name] if parent else world[name] for name, parent in zip(names, parents, strict=True)]
    )


def _turn(primary: F64, secondary: F64, primary_there: F64, secondary_there: F64) -> F64:
    """The rotation that takes a direction exactly, and a second one as nearly as may be, to where they belong."""
    return _frame(primary_there, secondary_there) @ _frame(primary, secondary).T


def _frame(primary: F64, secondary: F64) -> F64:
    first = primary / np.linalg.norm(primary)
    third = np.cross(first, secondary)
    third /= np.linalg.norm(third)
    return np.stack([first, np.cross(third, first), third], 1)


def _fingertips(marks: Mapping[str, F64]) -> F64:
    return np.stack([marks[f"fingertips_{side}"] for side in SIDES])


def _blend(points: F32, transforms: F32) -> F32:
    baked = archive()
    blended = np.einsum("vk,vkab->vab", baked.skin_weights, transforms[baked.skin_indices])
    return np.asarray(np.einsum("vab,vb->va", blended[:, :, :3], points) + blended[:, :, 3], np.float32)


def _carry(marks: Mapping[str, F64], skeleton: Skeleton, transforms: F32) -> dict[str, F64]:
    """Landmarks moved rigidly with the joint they belong to."""
    carriers = {"crown": "head", "chin": "jaw"}
    for side in SIDES:
        carriers |= {f"knuckle_{name}_{side}": f"hand_{side}" for name in ("index", "little")}
        carriers |= {f"fingertips_{side}": f"fingers_{side}", f"fingers_end_{side}": f"fingers_{side}"}
        carriers |= {f"thumb_middle_{side}": f"thumb_{side}"}
    moved = {}
    for name, place in marks.items():
        transform = transforms[skeleton.index(carriers.get(name, name))].astype(np.float64)
        moved[name] = transform[:, :3] @ place + transform[:, 3]
    return moved
