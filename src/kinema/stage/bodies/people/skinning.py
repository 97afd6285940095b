"""Linear blend skinning: joint rotations to moved points and normals, with helper joints against wrung sleeves.

A person's skeleton has few joints; skin needs a few more, which follow by rule: the top of the upper arm takes only
half of the arm's twist, the far half of the forearm takes half of the hand's, and the fingertips bend as far as the
fingers do. `load` is where a thing hangs from the left forearm, `grip` where one hangs from the left fist: both upright
whatever the arm does, swaying with the hips and turning a little with what holds them unless told how they swing.
"""

from __future__ import annotations

import numpy as np

from kinema.buffers.compiled import kernel
from kinema.buffers.scene_frame import F32, F64, I32, U8
from kinema.stage.bodies.people.pendulum import FOLLOWS, MOST_TURN
from kinema.stage.bodies.people.skeleton import JOINTS, Skeleton

SIDES = ("left", "right")
HELPERS = tuple(f"{name}_{side}" for side in SIDES for name in ("upper_arm_root", "forearm", "fingertips"))
LOADS = ("load", "grip")
SKIN_JOINTS = (*JOINTS, *HELPERS, *LOADS)
LOAD = 0.27  # of the left forearm, from the elbow: where a load hangs
GRIP = (0.12, 0.24)  # of the hand, from the knuckles on and out of the palm: the middle of a fist
SWAY, MOST_SWAY = 1.6, 0.22  # a load leans as many times as far as the hips do, and at most so far (radians)
HIPS, CHEST = list(JOINTS).index("hips"), list(JOINTS).index("chest")


def skin_transforms(skeleton: Skeleton, fingertips: F64, rotations: F64, load: F64 | None = None) -> F32:
    """What moves rest points to posed ones, per skin joint: (S, 3, 4), in the body's own space.

    fingertips (2, 3): where the fingers' second bend is at rest, left and right · load (2, 3): the ways up from a
    load to what it hangs on, and ahead of one in the fist, where those are known.
    """
    count = len(SKIN_JOINTS)
    turns, places, rests = np.empty((count, 3, 3)), np.empty((count, 3)), np.empty((count, 3))
    rest = np.ascontiguousarray(skeleton.rest[:, :3, 3])
    known = np.zeros((2, 3)) if load is None else np.ascontiguousarray(load)
    _transforms(
        skeleton.parents, rest, np.ascontiguousarray(rotations), fingertips, known, _LIMBS, turns, places, rests
    )
    result = np.empty((count, 3, 4), np.float32)
    result[:, :, :3] = turns
    result[:, :, 3] = places - (turns * rests[:, None, :]).sum(2)
    return result


_LIMBS = np.array(
    [
        [list(JOINTS).index(f"{name}_{side}") for name in ("shoulder", "upper_arm", "lower_arm", "hand", "fingers")]
        for side in SIDES
    ]
)


@kernel
def multiply(a: F64, b: F64, out: F64) -> None:
    """The product of two rotations (3, 3), into out; loops, for Numba's own needs a linked BLAS."""
    for i in range(3):
        for j in range(3):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j]


@kernel
def carry(turn: F64, here: F64, pivot: F64, there: F64, out: F64) -> None:
    """The point `here` (3,), turned about `pivot` and set down with the pivot at `there`, into out."""
    x, y, z = here[0] - pivot[0], here[1] - pivot[1], here[2] - pivot[2]
    for i in range(3):
        out[i] = turn[i, 0] * x + turn[i, 1] * y + turn[i, 2] * z + there[i]


@kernel
def about(axis: F64, angle: float, out: F64) -> None:
    """The rotation about a unit axis (3,) by radians, into out (3, 3) (Rodrigues)."""
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = axis[0], axis[1], axis[2]
    out[0, 0], out[0, 1], out[0, 2] = c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s
    out[1, 0], out[1, 1], out[1, 2] = y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s
    out[2, 0], out[2, 1], out[2, 2] = z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c)


@kernel
def half_twist(rotation: F64, along: F64, swing: bool, out: F64) -> None:
    """Half of a rotation's twist about a direction (3,), after the whole of its swing if asked, into out (3, 3)."""
    axis = along / np.sqrt(along[0] ** 2 + along[1] ** 2 + along[2] ** 2)
    # a quaternion's part along the axis is the twist; its vector part is proportional to the antisymmetric part
    w = max(1.0 + rotation[0, 0] + rotation[1, 1] + rotation[2, 2], 1e-9)
    x, y, z = rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]
    angle = 2.0 * np.arctan2(x * axis[0] + y * axis[1] + z * axis[2], w)
    if swing:
        back = np.empty((3, 3))
        about(axis, -angle / 2, back)
        multiply(rotation, back, out)
    else:
        about(axis, angle / 2, out)


@kernel
def _joints(parents: I32, rest: F64, rotations: F64, turns: F64, places: F64) -> None:
    """Every joint's rotation (J, 3, 3) and place now (J, 3), from its own turn and place at rest."""
    for j in range(len(parents)):
        p = parents[j]
        if p < 0:
            turns[j] = rotations[j]
            places[j] = rest[j]
        else:
            multiply(turns[p], rotations[j], turns[j])
            carry(turns[p], rest[j], rest[p], places[p], places[j])


def joints_at(skeleton: Skeleton, rotations: F64) -> tuple[F64, F64]:
    """Forward kinematics in the body's own space: turns (J, 3, 3) and places (J, 3) of its joints."""
    turns, places = np.empty((len(skeleton.parents), 3, 3)), np.empty((len(skeleton.parents), 3))
    rest = np.ascontiguousarray(skeleton.rest[:, :3, 3])
    _joints(skeleton.parents, rest, np.ascontiguousarray(rotations), turns, places)
    return turns, places


@kernel
def _transforms(
    parents: I32, rest: F64, rotations: F64, fingertips: F64, load: F64, limbs: I32, turns: F64, places: F64, rests: F64
) -> None:
    """Every skin joint's rotation (S, 3, 3), place now and place at rest (S, 3)."""
    count = len(parents)
    half = np.empty((3, 3))
    rests[:count] = rest
    _joints(parents, rest, rotations, turns, places)
    for side in range(2):
        shoulder, upper, lower, hand, fingers = limbs[side]
        first = count + 3 * side
        half_twist(rotations[upper], rest[lower] - rest[upper], True, half)
        multiply(turns[shoulder], half, turns[first])
        half_twist(rotations[hand], rest[hand] - rest[lower], False, half)
        multiply(turns[lower], half, turns[first + 1])
        multiply(turns[fingers], rotations[fingers], turns[first + 2])
        places[first], places[first + 1] = places[upper], places[lower]
        rests[first], rests[first + 1], rests[first + 2] = rest[upper], rest[lower], fingertips[side]
        carry(turns[fingers], fingertips[side], rest[fingers], places[fingers], places[first + 2])
    lower, hand, fingers = limbs[0, 2], limbs[0, 3], limbs[0, 4]
    rests[-2] = rest[lower] + LOAD * (rest[hand] - rest[lower])
    grip_at(rest[hand], rest[fingers], rests[-1])
    carry(turns[lower], rests[-2], rest[lower], places[lower], places[-2])
    carry(turns[hand], rests[-1], rest[hand], places[hand], places[-1])
    up, ahead, held = load[0], np.empty(2), np.empty(2)
    levelled(turns[CHEST], ahead)
    levelled(turns[hand], held)
    if up[2] == 0.0:
        up = np.array(
            [MOST_SWAY * np.tanh(SWAY * turns[HIPS, 0, 2] / MOST_SWAY),
             MOST_SWAY * np.tanh(SWAY * turns[HIPS, 1, 2] / MOST_SWAY), 1.0]
        )  # fmt: skip
        yaw = MOST_TURN * np.tanh(FOLLOWS * np.arctan2(-held[0], held[1]) / MOST_TURN)
        held[0], held[1] = -np.sin(yaw), np.cos(yaw)
    else:
        held[:] = load[1, :2]
    hanging(ahead, up, turns[-2])
    hanging(held, up, turns[-1])


@kernel
def grip_at(wrist: F64, knuckles: F64, out: F64) -> None:
    """The middle of the left fist (3,) at rest, where the thumb is ahead."""
    x, y, z = knuckles[0] - wrist[0], knuckles[1] - wrist[1], knuckles[2] - wrist[2]
    out[0] = knuckles[0] + GRIP[0] * x - GRIP[1] * z
    out[1] = knuckles[1] + GRIP[0] * y
    out[2] = knuckles[2] + GRIP[0] * z + GRIP[1] * x


@kernel
def levelled(turn: F64, out: F64) -> None:
    """The way ahead of a joint's turn (3, 3) on the level, into out (2,)."""
    # leaning back, the way ahead is lost in the joint's own and found in its up
    x = turn[0, 1] - turn[2, 1] * turn[0, 2]
    y = turn[1, 1] - turn[2, 1] * turn[1, 2]
    length = max(np.sqrt(x**2 + y**2), 1e-9)
    out[0], out[1] = x / length, y / length


@kernel
def hanging(ahead: F64, up: F64, out: F64) -> None:
    """The rotation of what hangs, into out (3, 3): its up as given (3,), its way ahead near that on the level (2,)."""
    ahead_x, ahead_y = ahead[0], ahead[1]
    scale = 1.0 / np.sqrt(up[0] ** 2 + up[1] ** 2 + up[2] ** 2)
    z = (up[0] * scale, up[1] * scale, up[2] * scale)
    along = ahead_x * z[0] + ahead_y * z[1]
    y = (ahead_x - along * z[0], ahead_y - along * z[1], -along * z[2])
    size = np.sqrt(y[0] ** 2 + y[1] ** 2 + y[2] ** 2)
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        out[i, 0] = (y[j] * z[k] - y[k] * z[j]) / size
        out[i, 1] = y[i] / size
        out[i, 2] = z[i]


@kernel
def skin(
    positions: F32, normals: F32, indices: U8, weights: F32, transforms: F32, out_positions: F32, out_normals: F32
) -> None:
    """Moves points and normals (V, 3) by four weighted transforms (S, 3, 4) each, into out_* (V, 3)."""
    m = np.empty((3, 4), np.float32)
    for v in range(positions.shape[0]):
        first, weight = transforms[indices[v, 0]], weights[v, 0]
        for a in range(3):
            for b in range(4):
                m[a, b] = weight * first[a, b]
        for n in range(1, 4):
            weight = weights[v, n]
            if weight > 0.0:
                other = transforms[indices[v, n]]
                for a in range(3):
                    for b in range(4):
                        m[a, b] += weight * other[a, b]
        x, y, z = positions[v, 0], positions[v, 1], positions[v, 2]
        i, j, k = normals[v, 0], normals[v, 1], normals[v, 2]
        for a in range(3):
            out_positions[v, a] = m[a, 0] * x + m[a, 1] * y + m[a, 2] * z + m[a, 3]
            out_normals[v, a] = m[a, 0] * i + m[a, 1] * j + m[a, 2] * k
        p, q, r = out_normals[v, 0], out_normals[v, 1], out_normals[v, 2]
        scale = np.float32(1.0) / np.sqrt(p * p + q * q + r * r + np.float32(1e-12))
        out_normals[v, 0], out_normals[v, 1], out_normals[v, 2] = p * scale, q * scale, r * scale


def smooth_normals(positions: F32, faces: I32, same: I32 | None = None) -> F32:
    """Area-weighted unit normals (V, 3); same (V,) names the point a vertex shares with others across a uv seam."""
    owner = np.arange(len(positions)) if same is None else same
    a, b, c = (positions[faces[:, k]] for k in range(3))
    area = np.cross(b - a, c - a)
    total = np.zeros((int(owner.max()) + 1, 3))
    for axis in range(3):
        flat = np.repeat(area[:, axis], 3)
        total[:, axis] = np.bincount(owner[faces.ravel()], weights=flat, minlength=len(total))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    total = np.where(length > 1e-12, total / np.maximum(length, 1e-12), (0.0, 0.0, 1.0))  # a point of no area faces up
    return np.asarray(total[owner], np.float32)


def triangles(quads: I32) -> I32:
    """Quads (Q, 4) split into triangles (2Q, 3)."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)
