"""Linear blend skinning: joint rotations to moved points and normals, with helper joints against wrung sleeves.

A person's skeleton has few joints; skin needs a few more, which follow by rule: the top of the upper arm takes only
half of the arm's twist, the far half of the forearm takes half of the hand's, and the fingertips bend as far as the
fingers do.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from kinema.buffers.scene_frame import F32, F64, I32, U8
from kinema.stage.bodies.people.skeleton import JOINTS, Skeleton, local_globals

SIDES = ("left", "right")
HELPERS = tuple(f"{name}_{side}" for side in SIDES for name in ("upper_arm_root", "forearm", "fingertips"))
SKIN_JOINTS = (*JOINTS, *HELPERS)


def skin_transforms(skeleton: Skeleton, fingertips: F64, rotations: F64) -> F32:
    """What moves rest points to posed ones, per skin joint: (S, 3, 4), in the body's own space.

    fingertips (2, 3): where the fingers' second bend is at rest, left and right.
    """
    joints = local_globals(skeleton, rotations)
    helpers = [
        helper
        for side, tip in zip(SIDES, fingertips, strict=True)
        for helper in _helper_globals(skeleton, side, tip, rotations, joints)
    ]
    count = len(skeleton.names)
    result = np.empty((count + len(helpers), 3, 4))
    result[:count, :, :3] = joints[:, :3, :3]
    result[:count, :, 3] = joints[:, :3, 3] - np.einsum("jab,jb->ja", joints[:, :3, :3], skeleton.rest[:, :3, 3])
    for row, (turn, here, there) in enumerate(helpers, start=count):
        result[row, :, :3], result[row, :, 3] = turn, there - turn @ here
    return result.astype(np.float32)


def _helper_globals(skeleton: Skeleton, side: str, tip: F64, rotations: F64, joints: F64) -> list[tuple[F64, F64, F64]]:
    """(rotation, place at rest, place now) of a side's helpers, in the order of HELPERS."""
    names = [f"{name}_{side}" for name in ("shoulder", "upper_arm", "lower_arm", "hand", "fingers")]
    shoulder, upper, lower, hand, fingers = (skeleton.index(name) for name in names)
    rest = skeleton.rest[:, :3, 3]
    root = joints[shoulder, :3, :3] @ half_twist(rotations[upper], rest[lower] - rest[upper], swing=True)
    forearm = joints[lower, :3, :3] @ half_twist(rotations[hand], rest[hand] - rest[lower], swing=False)
    bent = joints[fingers, :3, :3] @ rotations[fingers]
    there = joints[fingers, :3, :3] @ (tip - rest[fingers]) + joints[fingers, :3, 3]
    return [
        (root, rest[upper], joints[upper, :3, 3]),
        (forearm, rest[lower], joints[lower, :3, 3]),
        (bent, tip, there),
    ]


def half_twist(rotation: F64, axis: F64, *, swing: bool) -> F64:
    """Half of a rotation's twist about an axis (3,), after the whole of its swing if asked: (3, 3)."""
    axis = axis / np.linalg.norm(axis)
    # a quaternion's part along the axis is the twist; its vector part is proportional to the antisymmetric part
    w = max(1.0 + np.trace(rotation), 1e-9)
    vector = np.array(
        [rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]]
    )
    angle = 2.0 * np.arctan2(vector @ axis, w)
    if not swing:
        return about(axis, angle / 2)
    return rotation @ about(axis, -angle / 2)


def about(axis: F64, angle: float) -> F64:
    """The rotation (3, 3) about a unit axis by radians (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)


@njit(cache=True)  # type: ignore[untyped-decorator]
def skin(
    positions: F32, normals: F32, indices: U8, weights: F32, transforms: F32, out_positions: F32, out_normals: F32
) -> None:
    """Moves points and normals (V, 3) by four weighted transforms (S, 3, 4) each, into out_* (V, 3)."""
    for v in range(positions.shape[0]):
        m = np.zeros((3, 4), np.float32)
        for k in range(4):
            weight = weights[v, k]
            if weight > 0.0:
                t = transforms[indices[v, k]]
                for a in range(3):
                    for b in range(4):
                        m[a, b] += weight * t[a, b]
        x, y, z = positions[v, 0], positions[v, 1], positions[v, 2]
        i, j, l = normals[v, 0], normals[v, 1], normals[v, 2]
        square = np.float32(1e-12)
        for a in range(3):
            out_positions[v, a] = m[a, 0] * x + m[a, 1] * y + m[a, 2] * z + m[a, 3]
            n = m[a, 0] * i + m[a, 1] * j + m[a, 2] * l
            out_normals[v, a] = n
            square += n * n
        scale = np.float32(1.0) / np.sqrt(square)
        for a in range(3):
            out_normals[v, a] *= scale


def smooth_normals(positions: F32, faces: I32, same: I32 | None = None) -> F32:
    """Area-weighted unit normals (V, 3); same (V,) names the point a vertex shares with others across a uv seam."""
    owner = np.arange(len(positions)) if same is None else same
    a, b, c = (positions[faces[:, k]] for k in range(3))
    area = np.cross(b - a, c - a)
    total = np.zeros((int(owner.max()) + 1, 3))
    for axis in range(3):
        flat = np.repeat(area[:, axis], 3)
        total[:, axis] = np.bincount(owner[faces.ravel()], weights=flat, minlength=len(total))
    total = total[owner]
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12), np.float32)


def triangles(quads: I32) -> I32:
    """Quads (Q, 4) split into triangles (2Q, 3)."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)
