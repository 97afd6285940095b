"""A finished person: pieces joined into one mesh that a pose can move."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32, U8, Mesh, Surface
from kinema.stage.actor import Part, Region
from kinema.stage.bodies.people.body import Body
from kinema.stage.bodies.people.combed import Strands, rounded
from kinema.stage.bodies.people.drape import Drape
from kinema.stage.bodies.people.piece import Piece, top_four
from kinema.stage.bodies.people.skeleton import PersonPose, Skeleton, globals, root_transform
from kinema.stage.bodies.people.skinning import SKIN_JOINTS, skin, skin_transforms

LID_FOLLOWS = np.radians(30)  # how far down the gaze turns for the lids to follow wholly
SHUT = 0.06  # of an open jaw, by which one that rests is shut more than at rest: there the lips do not quite meet
AT_EASE = 0.11  # of a blink: how far lids are down in a face that is not startled


@dataclass(frozen=True, eq=False)
class FaceUnit:
    """Where (N,) and how far (N, 3) a face unit moves the mesh, in metres."""

    rows: I32
    delta: F32


@dataclass(frozen=True, eq=False)
class Trail:
    """What hangs on a body at an instant, in the world: each skirt's cloth (R, S, 3), and the ways (3,) from a load up
    to what it hangs on, and ahead."""

    cloths: tuple[F64, ...]
    up: F64
    ahead: F64


@dataclass(frozen=True, eq=False)
class PersonModel:
    """A dressed person at rest, ready to be posed.

    indices, weights (V, 4): skin joints of each vertex · units: face unit -> what it moves ·
    landmarks: name -> (joint, place at rest (3,)) · pixels: that a metre takes on the picture, from which on this
    level of detail is worth showing · drapes: skirts, which legs push about · strands: hair lit strand by strand
    """

    mesh: Mesh
    skeleton: Skeleton
    fingertips: F64
    indices: U8
    weights: F32
    units: Mapping[str, FaceUnit]
    landmarks: Mapping[str, tuple[str, F64]]
    height: float
    pixels: float = 0.0
    drapes: tuple[Drape, ...] = ()
    strands: Strands | None = None

    def surfaces(
        self,
        pose: PersonPose,
        transform: F64,
        instance: int = 0,
        concept: int = 0,
        eye: F64 | None = None,
        trail: Trail | None = None,
    ) -> list[Surface]:
        """Posed surfaces, in the body's own space under transform @ root; always as many, in the same order.

        eye (3,): who looks, in the world; hair is lit by where that is · trail: what hangs on it, under transform, if
        it does not just hang.
        """
        rest = self._expressed(pose)
        root = root_transform(pose)
        load = None if trail is None else np.stack([trail.up, trail.ahead]) @ root[:3, :3]
        transforms = skin_transforms(self.skeleton, self.fingertips, pose.rotations, load)
        positions, normals = np.empty_like(rest), np.empty_like(rest)
        skin(rest, self.mesh.normals, self.indices, self.weights, transforms, positions, normals)
        placed = transform @ root
        if eye is not None and self.strands is not None:
            rows, head = self.strands.rows, transforms[SKIN_JOINTS.index("head"), :, :3]
            local = np.linalg.inv(placed) @ np.append(eye, 1.0)
            normals[rows] = rounded(positions[rows], normals[rows], self.strands.along @ head.T, local[:3])
        result = [Surface(self.mesh, placed, instance, concept, positions, normals)]
        for number, drape in enumerate(self.drapes):
            if trail is None:
                points, facing = drape.hang(self.skeleton, pose.rotations)
            else:
                points, facing = drape.laid((trail.cloths[number] - root[:3, 3]) @ root[:3, :3])
            result.append(Surface(drape.mesh, placed, instance, concept, points, facing))
        return result

    def _expressed(self, pose: PersonPose) -> F32:
        """Rest positions (V, 3) with the face's units added."""
        eased = AT_EASE * (1.0 - pose.face.get("wide", 0.0))
        face = {**pose.face, "blink": eased + (1.0 - eased) * pose.face.get("blink", 0.0)}
        face["jaw_open"] = face.get("jaw_open", 0.0) - SHUT
        weights = {name: weight for name, weight in face.items() if weight and name in self.units}
        gaze = pose.rotations[self.skeleton.index("eye_left")][2, 1]  # sine of the gaze's elevation
        if gaze and "look_down" in self.units:
            lids = "look_up" if gaze > 0 else "look_down"
            weights[lids] = min(abs(float(gaze)) / np.sin(LID_FOLLOWS), 1.0)
        if not weights:
            return self.mesh.positions
        moved = self.mesh.positions.copy()
        for name, weight in weights.items():
            unit = self.units[name]
            moved[unit.rows] += unit.delta * np.float32(weight)
        return moved

    def anchor(self, pose: PersonPose, name: str) -> F64:
        """A named point (3,) in the world under an identity transform. KeyError if there is none.

        head, eyes, mouth, chest, hip, back, hand_left, hand_right, feet, crown, and every joint of the skeleton.
        """
        if name == "feet":
            return np.asarray((self.anchor(pose, "foot_left") + self.anchor(pose, "foot_right")) / 2)
        joint, place = self.landmarks[name]
        here = globals(self.skeleton, pose)[self.skeleton.index(joint)]
        return np.asarray(here[:3, :3] @ (place - self.skeleton.place(joint)) + here[:3, 3])

    def region(self, pose: PersonPose, part: Part) -> Region:
        """What a camera should hold to show the whole person, the upper body or the head."""
        crown, chin = self.anchor(pose, "crown"), self.anchor(pose, "chin")
        if part == "head":
            centre, size = (crown + chin) / 2, float(np.linalg.norm(crown - chin))
            return Region(_triple(centre), size * 1.15, size * 0.95)
        ends = [crown, *(self.anchor(pose, name) for name in ("hand_left", "hand_right", "hip"))]
        if part == "whole":
            ends += [self.anchor(pose, name) for name in ("foot_left", "foot_right")]
        low, high = np.min(ends, 0), np.max(ends, 0)
        if part == "whole":
            low = low - (0.0, 0.0, self.skeleton.place("foot_left")[2])
        spread = float(np.hypot(*(high - low)[:2]))
        return Region(_triple((low + high) / 2), float(high[2] - low[2]) + 0.05, max(spread, 0.5))


def _triple(point: F64) -> tuple[float, float, float]:
    return float(point[0]), float(point[1]), float(point[2])


def join(
    pieces: Sequence[Piece],
    body: Body,
    key: str,
    pixels: float = 0.0,
    drapes: Sequence[Drape] = (),
    one_sided: bool = False,
) -> PersonModel:
    """One mesh of all pieces; those without colours or uv get white and zero. one_sided: see Mesh."""
    done = [piece.with_normals() for piece in pieces]
    starts = np.cumsum([0, *(len(piece.points) for piece in done)])
    materials = list(dict.fromkeys(piece.material for piece in done))
    weights = np.concatenate([piece.weights for piece in done])
    indices, strongest = top_four(weights)
    mesh = Mesh(
        key=f"person-{key}-{_digest(done)}",
        faces=np.concatenate([piece.faces + start for piece, start in zip(done, starts, strict=False)]).astype(
            np.int32
        ),
        positions=np.concatenate([piece.points for piece in done]).astype(np.float32),
        normals=np.concatenate([_normals(piece) for piece in done]).astype(np.float32),
        materials=tuple(materials),
        material_index=np.concatenate(
            [np.full(len(piece.faces), materials.index(piece.material), np.int32) for piece in done]
        ),
        uv=np.concatenate([_or(piece.uv, 0.0, (len(piece.points), 2)) for piece in done]),
        colours=np.concatenate([_or(piece.colours, 1.0, (len(piece.points), 3)) for piece in done]),
        one_sided=one_sided,
    )
    return PersonModel(
        mesh=mesh,
        skeleton=body.skeleton,
        fingertips=body.fingertips,
        indices=indices.astype(np.uint8),
        weights=strongest,
        units=_units(done, starts),
        landmarks=_landmarks(body),
        height=body.height,
        pixels=pixels,
        drapes=tuple(drapes),
        strands=_strands(done, starts),
    )


def _normals(piece: Piece) -> F32:
    assert piece.normals is not None
    return piece.normals


def _or(values: F32 | None, fill: float, shape: tuple[int, int]) -> F32:
    return np.full(shape, fill, np.float32) if values is None else values.astype(np.float32)


def _digest(pieces: Sequence[Piece]) -> str:
    content = hashlib.sha256()
    for piece in pieces:
        content.update(np.ascontiguousarray(piece.points).tobytes())
        content.update(np.ascontiguousarray(piece.faces).tobytes())
        if piece.colours is not None:
            content.update(np.ascontiguousarray(piece.colours).tobytes())
        texture = piece.material.texture
        content.update(repr((piece.material.name, piece.material.albedo, texture and texture.key)).encode())
    return content.hexdigest()[:16]


def _units(pieces: Sequence[Piece], starts: I32) -> dict[str, FaceUnit]:
    rows: dict[str, list[I32]] = {}
    deltas: dict[str, list[F32]] = {}
    for piece, start in zip(pieces, starts, strict=False):
        for name, delta in piece.units.items():
            moved = np.flatnonzero(np.abs(delta).max(1) > 2e-5)
            rows.setdefault(name, []).append((moved + start).astype(np.int32))
            deltas.setdefault(name, []).append(delta[moved])
    return {name: FaceUnit(np.concatenate(rows[name]), np.concatenate(deltas[name])) for name in rows}


def _strands(pieces: Sequence[Piece], starts: I32) -> Strands | None:
    hair = [(piece.along, start) for piece, start in zip(pieces, starts, strict=False) if piece.along is not None]
    if not hair:
        return None
    rows = np.concatenate([np.arange(len(along)) + start for along, start in hair]).astype(np.int32)
    return Strands(rows, np.concatenate([along for along, _ in hair]).astype(np.float32))


def _landmarks(body: Body) -> dict[str, tuple[str, F64]]:
    """Anchors by name: the joint each follows and its place at rest."""
    marks = body.landmarks
    eyes = (marks["eye_left"] + marks["eye_right"]) / 2
    result = {name: (name, body.skeleton.place(name)) for name in body.skeleton.names}
    result |= {
        "head": ("head", (marks["crown"] + marks["chin"]) / 2),
        "crown": ("head", marks["crown"] * (1, 1, 0) + (0, 0, body.height)),
        "chin": ("head", marks["chin"]),
        "eyes": ("head", eyes),
        "mouth": ("head", eyes * 0.3 + marks["chin"] * 0.7 + (0, 0.015, 0)),
        "chest": ("chest", marks["chest"] * 0.5 + marks["neck"] * 0.5 + (0, 0.08, 0)),
        "back": ("chest", marks["chest"] * 0.5 + marks["neck"] * 0.5 - (0, 0.12, 0)),
        "hip": ("hips", marks["hips"]),
    }
    for side in ("left", "right"):
        palm = marks[f"hand_{side}"] * 0.35 + marks[f"fingers_{side}"] * 0.65
        result[f"hand_{side}"] = (f"hand_{side}", palm)
    return result
