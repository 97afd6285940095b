"""Closed outlines in a plane, (N, 2) metres, counter-clockwise: made, rounded, inset and cut into triangles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kinema.buffers.scene_frame import F64, I32


def rectangle(width: float, height: float, radius: float = 0.0, steps: int = 4) -> F64:
    """A rectangle about the origin, its corners rounded by that radius: (N, 2)."""
    x, y = width / 2, height / 2
    corners = np.array([[-x, -y], [x, -y], [x, y], [-x, y]])
    return rounded(corners, radius, steps) if radius > 0 else corners


def circle(radius: float, steps: int = 24) -> F64:
    """A regular polygon of that many corners on a circle, the first on +x: (steps, 2)."""
    turn = np.arange(steps) * (2 * np.pi / steps)
    return radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def rounded(corners: F64, radius: float | Sequence[float], steps: int = 4) -> F64:
    """The outline with every corner replaced by an arc of that radius (or one radius each), steps + 1 points an arc.

    A radius too large for the two edges it sits between is shortened to fit half of the shorter one.
    """
    corners = np.asarray(corners, float)
    radii = np.broadcast_to(np.asarray(radius, float), len(corners))
    points: list[F64] = []
    for k, corner in enumerate(corners):
        before, after = corners[k - 1] - corner, corners[(k + 1) % len(corners)] - corner
        points.extend(_arc(corner, before, after, float(radii[k]), steps))
    return np.array(points)


def _arc(corner: F64, before: F64, after: F64, radius: float, steps: int) -> list[F64]:
    a, b = before / np.linalg.norm(before), after / np.linalg.norm(after)
    half = np.arccos(np.clip(a @ b, -1.0, 1.0)) / 2
    if radius <= 0 or np.pi / 2 - half < 1e-3:
        return [corner]
    reach = min(radius / np.tan(half), 0.499 * min(np.linalg.norm(before), np.linalg.norm(after)))
    radius = reach * np.tan(half)
    centre = corner + (a + b) / np.linalg.norm(a + b) * (radius / np.sin(half))
    start, end = corner + a * reach - centre, corner + b * reach - centre
    sweep = np.arctan2(start[0] * end[1] - start[1] * end[0], start @ end)
    turns = np.linspace(0.0, sweep, steps + 1)
    return [centre + np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]) @ start for t in turns]


def area(outline: F64) -> float:
    """Signed area in square metres, above zero when counter-clockwise."""
    following = np.roll(outline, -1, axis=0)
    return float(0.5 * np.sum(outline[:, 0] * following[:, 1] - outline[:, 1] * following[:, 0]))


def inset(outline: F64, distance: float) -> F64:
    """The outline moved to its left by that distance, mitred: inwards when it is counter-clockwise."""
    edges = np.roll(outline, -1, axis=0) - outline
    edges = edges / np.maximum(np.linalg.norm(edges, axis=1, keepdims=True), 1e-12)
    normal = np.stack([-edges[:, 1], edges[:, 0]], axis=1)
    previous = np.roll(normal, 1, axis=0)
    cosine = np.sum(normal * previous, axis=1, keepdims=True)
    moved: F64 = outline + distance * (normal + previous) / np.maximum(1 + cosine, 0.3)
    return moved


def triangulate(outline: F64, holes: Sequence[F64] = ()) -> tuple[F64, I32]:
    """The area inside the outline and outside the holes as triangles: points (P, 2) and faces (F, 3).

    points are the outline's, then each hole's, in the order given. Ear clipping after bridging every hole to the
    outline (Eberly, "Triangulation by Ear Clipping", 2002). The outline runs counter-clockwise, holes clockwise.
    """
    points = np.concatenate([outline, *holes]) if len(holes) else np.asarray(outline, float)
    ring = list(range(len(outline)))
    start = len(outline)
    rings = []
    for hole in holes:
        rings.append(list(range(start, start + len(hole))))
        start += len(hole)
    for hole_ring in sorted(rings, key=lambda r: -points[r, 0].max()):
        ring = _bridged(points, ring, hole_ring)
    return points, np.array(_ears(points, ring), np.int32).reshape(-1, 3)


def _bridged(points: F64, ring: list[int], hole: list[int]) -> list[int]:
    """The ring with the hole spliced in across the shortest segment that crosses neither."""
    first = int(np.argmax(points[hole, 0]))
    hole = hole[first:] + hole[:first]
    tip = points[hole[0]]
    order = np.argsort(np.linalg.norm(points[ring] - tip, axis=1), kind="stable")
    for at in order:
        if not _crosses(points, ring, tip, points[ring[at]]):
            return [*ring[: at + 1], *hole, hole[0], *ring[at:]]
    raise ValueError("a hole must lie inside the outline and touch no other hole")


def _crosses(points: F64, ring: list[int], a: F64, b: F64) -> bool:
    p, q = points[ring], points[np.roll(ring, -1)]
    side_p, side_q = _side(a, b, p), _side(a, b, q)
    side_a, side_b = _side(p, q, a), _side(p, q, b)
    return bool(np.any((side_p * side_q < -1e-18) & (side_a * side_b < -1e-18)))


def _side(a: F64, b: F64, p: F64) -> F64:
    """Twice the signed area of the triangles (a, b, p)."""
    return np.asarray(
        (b[..., 0] - a[..., 0]) * (p[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (p[..., 0] - a[..., 0])
    )


def _ears(points: F64, ring: list[int]) -> list[tuple[int, int, int]]:
    faces: list[tuple[int, int, int]] = []
    ring = list(ring)
    while len(ring) > 3:
        at = _best_ear(points, np.array(ring))
        faces.append((ring[at - 1], ring[at], ring[(at + 1) % len(ring)]))
        del ring[at]
    faces.append((ring[0], ring[1], ring[2]))
    return faces


def _best_ear(points: F64, ring: I32) -> int:
    """The corner to clip: convex, no other point inside, and of those the one with the widest smallest angle."""
    b = points[ring]
    a, c = np.roll(b, 1, axis=0), np.roll(b, -1, axis=0)
    size = _side(a, b, c)
    longest = np.max([np.sum((p - q) ** 2, axis=1) for p, q in ((a, b), (b, c), (c, a))], axis=0)
    quality = size / np.maximum(longest, 1e-18)
    order = np.argsort(-quality, kind="stable")
    for at in order:
        if size[at] <= 0:
            break
        inside = (_side(a[at], b[at], b) > 0) & (_side(b[at], c[at], b) > 0) & (_side(c[at], a[at], b) > 0)
        if not inside.any():
            return int(at)
    return int(order[0])
