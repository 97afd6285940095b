"""Skirts: cloth rings that hang from the waist and are pushed about by the legs inside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32, Mesh
from kinema.stage.bodies.people.skeleton import Skeleton, local_globals

SIDES = ("left", "right")
BEND = 0.09  # metres along the leg over which a skirt rounds a hip or a knee


@dataclass(frozen=True, eq=False)
class Drape:
    """A tube of R rings of S columns; a column is a direction its cloth faces, so no pose can fold the rings.

    mesh: as it hangs at rest · drop (R,): metres down the legs from the hips' height, negative above ·
    facing (S,): radians from right (+X) towards ahead (+Y) · support (R, S): how far the cloth reaches so at rest,
    from the ring's middle · leg (R,): radius of cloth about each leg · folds (R, S): metres outwards when it hangs free
    · offset (R, 2): the ring's middle at rest, right and ahead of the midline
    """

    mesh: Mesh
    drop: F64
    facing: F64
    support: F64
    leg: F64
    folds: F64
    offset: F64

    def hang(self, skeleton: Skeleton, rotations: F64) -> tuple[F32, F32]:
        """Positions and normals (R * (S + 1), 3) in the body's own space for a pose's rotations (J, 3, 3)."""
        points = self.rings(skeleton, rotations)
        around = np.roll(points, -1, 1) - np.roll(points, 1, 1)
        normals = np.cross(np.gradient(points, axis=0), around)
        normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-9)
        return closed(points), closed(normals)

    def rings(self, skeleton: Skeleton, rotations: F64) -> F64:
        """Points (R, S, 3) of the posed rings.

        Each ring is the hull of its cloth at rest and of a circle about each leg, drawn from the hull's support
        function s: the point that faces u is s u + s' u', so it encloses both whatever the legs do.
        """
        joints = local_globals(skeleton, rotations)
        middles, right, ahead, legs = self._frames(skeleton, joints)
        cosine, sine = np.cos(self.facing), np.sin(self.facing)
        reach = np.maximum(*(leg[:, :1] * cosine + leg[:, 1:] * sine for leg in legs)) + self.leg[:, None]
        # about the hips the cloth's own shape holds; the legs push only below
        reach = reach - 0.10 * (1.0 - np.clip(self.drop / 0.09, 0, 1))[:, None]
        hung = self.support
        taut = np.clip((reach - hung) / 0.02, -12, 12)
        support = hung + 0.02 * np.logaddexp(0.0, taut)  # a smooth maximum
        step = self.facing[1] - self.facing[0]
        slope = (np.roll(support, -1, 1) - np.roll(support, 1, 1)) / (2 * step)
        slope = np.clip(slope, -0.8 * support, 0.8 * support)
        # folds are pulled out where the cloth is taut; they are too sharp for a hull, so they ride on it
        folds = self.folds * (0.5 + 0.5 / (1.0 + np.exp(taut * 1.2)))
        across = (support + folds) * cosine - slope * sine
        along = (support + folds) * sine + slope * cosine
        hung_at = middles[:, None] + across[..., None] * right[:, None] + along[..., None] * ahead[:, None]
        return np.asarray(hung_at)

    def _frames(self, skeleton: Skeleton, joints: F64) -> tuple[F64, F64, F64, list[F64]]:
        """Each ring's middle, right and ahead (R, 3), and where the legs cross it (R, 2), left and right."""
        hips = joints[skeleton.index("hips")]
        turn, place = hips[:3, :3], hips[:3, 3]
        crossings, tangents = zip(*(self._leg(skeleton, joints, side) for side in SIDES), strict=True)
        free = np.clip(self.drop / BEND * 0.5 + 0.5, 0, 1)[:, None]
        down = (tangents[0] + tangents[1]) * free - turn[:, 2] * (1 - free) * 2
        down /= np.linalg.norm(down, axis=1, keepdims=True)
        right = turn[:, 0] - (down @ turn[:, 0])[:, None] * down
        right /= np.linalg.norm(right, axis=1, keepdims=True)
        ahead = np.cross(right, down)
        stiff = place - turn[:, 2] * self.drop[:, None]
        middle = np.where(self.drop[:, None] > 0, (crossings[0] + crossings[1]) / 2, stiff)
        legs = [
            np.stack([((leg - middle) * right).sum(1), ((leg - middle) * ahead).sum(1)], 1) - self.offset
            for leg in crossings
        ]
        legs = [np.where(self.drop[:, None] > -BEND, leg, 0.0) for leg in legs]
        middle = middle + right * self.offset[:, :1] + ahead * self.offset[:, 1:]
        return middle, right, ahead, legs

    def _leg(self, skeleton: Skeleton, joints: F64, side: str) -> tuple[F64, F64]:
        """Points (R, 3) down a leg's bones at each ring's drop, and the direction (R, 3) there, rounded at the knee."""
        hip, knee, foot = (
            joints[skeleton.index(f"{name}_{side}"), :3, 3] for name in ("upper_leg", "lower_leg", "foot")
        )
        thigh, shin = np.linalg.norm(knee - hip), np.linalg.norm(foot - knee)
        upper, lower = (knee - hip) / thigh, (foot - knee) / shin
        share = 1.0 / (1.0 + np.exp(-(self.drop - thigh) / (BEND * 0.4)))[:, None]
        drop = self.drop[:, None]
        points = hip + upper * np.minimum(drop, thigh) + lower * np.maximum(drop - thigh, 0.0)
        return points, upper * (1 - share) + lower * share


def closed(rings: F64) -> F32:
    """Rings (R, S, 3) with the first column repeated as the last, flat: (R * (S + 1), 3)."""
    return np.concatenate([rings, rings[:, :1]], 1).reshape(-1, 3).astype(np.float32)


def tube_faces(rings: int, columns: int) -> I32:
    """Triangles (F, 3) of a tube of that many rings of S columns, laid out as `closed` does."""
    rows = np.arange(rings * (columns + 1), dtype=np.int32).reshape(rings, columns + 1)
    quads = np.stack([rows[:-1, :-1], rows[1:, :-1], rows[1:, 1:], rows[:-1, 1:]], -1).reshape(-1, 4)
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)


def hull_support(points: F64, facing: F64) -> F64:
    """How far points (N, 2) reach in each direction (S,)."""
    directions = np.stack([np.cos(facing), np.sin(facing)])
    return np.asarray((points @ directions).max(0))
