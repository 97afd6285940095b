"""Turns as arrays: about axes, blended, and read back as directions. Everything is vectorised over leading axes."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64


def about_x(angle: F64) -> F64:
    """Turns about right (...,) radians -> (..., 3, 3); positive tips forward up."""
    return _planar(angle, 1, 2)


def about_y(angle: F64) -> F64:
    """Turns about forward (...,) radians -> (..., 3, 3); positive tips up to the right."""
    return _planar(angle, 2, 0)


def about_z(angle: F64) -> F64:
    """Turns about up (...,) radians -> (..., 3, 3); positive tips right forward, counter-clockwise from above."""
    return _planar(angle, 0, 1)


def _planar(angle: F64, first: int, second: int) -> F64:
    angle = np.asarray(angle, float)
    result = np.zeros((*angle.shape, 3, 3))
    cosine, sine = np.cos(angle), np.sin(angle)
    other = 3 - first - second
    result[..., other, other] = 1.0
    result[..., first, first] = cosine
    result[..., second, second] = cosine
    result[..., first, second] = -sine
    result[..., second, first] = sine
    return result


def euler(angles: F64) -> F64:
    """(..., 3) radians about x, y, z -> (..., 3, 3): first leaning sideways (y), then forward (x), then turning (z)."""
    return about_z(angles[..., 2]) @ about_x(angles[..., 0]) @ about_y(angles[..., 1])


def unit(vectors: F64) -> F64:
    """Vectors (..., 3) scaled to length one; a zero vector stays zero."""
    length = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    result: F64 = vectors / np.maximum(length, 1e-12)[..., None]
    return result


def cross(a: F64, b: F64) -> F64:
    """Cross product of (..., 3), without the overhead of numpy's general one."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], -1)


def apply(turns: F64, vectors: F64) -> F64:
    """Turns (..., 3, 3) of vectors (..., 3) -> (..., 3)."""
    result: F64 = np.einsum("...ij,...j->...i", turns, vectors)
    return result


def frame(direction: F64, hinge: F64) -> F64:
    """Turns (..., 3, 3) whose columns are the direction, the hinge made square to it, and their product."""
    along = unit(direction)
    side = unit(hinge - along * np.einsum("...i,...i->...", along, hinge)[..., None])
    return np.stack([along, side, cross(along, side)], -1)


def between(first: F64, second: F64) -> F64:
    """The smallest turn (3, 3) that carries one direction (3,) onto another (not opposite) one."""
    a, b = unit(first), unit(second)
    axis = cross(a, b)
    skew = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    turn: F64 = np.eye(3) + skew + skew @ skew / (1.0 + float(a @ b))
    return turn


def straightened(turns: F64) -> F64:
    """Near-rotations (..., 3, 3), such as a mean of close ones, made rotations again by Newton steps on R'R = 1."""
    for _ in range(2):
        turns = 1.5 * turns - 0.5 * turns @ (np.swapaxes(turns, -1, -2) @ turns)
    return turns


def quaternions(turns: F64) -> F64:
    """Turns (..., 3, 3) -> unit quaternions (..., 4), scalar first, scalar not negative."""
    m = turns
    squares = np.stack(
        [
            1.0 + m[..., 0, 0] + m[..., 1, 1] + m[..., 2, 2],
            1.0 + m[..., 0, 0] - m[..., 1, 1] - m[..., 2, 2],
            1.0 - m[..., 0, 0] + m[..., 1, 1] - m[..., 2, 2],
            1.0 - m[..., 0, 0] - m[..., 1, 1] + m[..., 2, 2],
        ],
        -1,
    )
    # four ways to write the same quaternion, each stable where its own term is the largest
    x, y, z = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    xy, xz, yz = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    s = squares
    rows = np.stack(
        [
            np.stack([s[..., 0], x, y, z], -1),
            np.stack([x, s[..., 1], xy, xz], -1),
            np.stack([y, xy, s[..., 2], yz], -1),
            np.stack([z, xz, yz, s[..., 3]], -1),
        ],
        -2,
    )
    best = np.take_along_axis(rows, np.argmax(s, -1)[..., None, None], -2)[..., 0, :]
    best = best / np.sqrt(np.einsum("...i,...i->...", best, best))[..., None]
    result: F64 = np.where(best[..., :1] < 0, -best, best)
    return result


def from_quaternions(q: F64) -> F64:
    """Quaternions (..., 4), of any length above zero, -> turns (..., 3, 3)."""
    q = q / np.sqrt(np.einsum("...i,...i->...", q, q))[..., None]
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    return np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)], -1),
            np.stack([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)], -1),
            np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], -1),
        ],
        -2,
    )


def mixed(first: F64, second: F64, share: F64) -> F64:
    """Turns (..., 3, 3) a share (...,) of the way from one to another, the short way round (slerp, Shoemake 1985)."""
    a, b = quaternions(first), quaternions(second)
    dot = np.einsum("...i,...i->...", a, b)
    b = np.where(dot[..., None] < 0, -b, b)
    angle = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    sine = np.maximum(np.sin(angle), 1e-9)
    near = angle < 1e-4
    keep = np.where(near, 1.0 - share, np.sin((1.0 - share) * angle) / sine)
    take = np.where(near, share, np.sin(share * angle) / sine)
    return from_quaternions(keep[..., None] * a + take[..., None] * b)
