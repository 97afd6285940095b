"""An assembly: parts laid down in their own frames and merged into a few meshes, flat-shaded boxes and smooth rounds.

A part is built as seen by somebody looking along +Y: x to the right, y away, z up; a Frame puts it in the world.
Texture coordinates are in repeats: a Facing's span turns metres into them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kinema.buffers.scene_frame import F64, Colour, Material, Mesh, Surface
from kinema.stage.sets.textures import Facing

UNIT = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
WHITE = (1.0, 1.0, 1.0)
Paint = Material | Facing
Span = tuple[float, float, float, float]

BITS = np.array([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(8)], bool)
SQUARE = np.array(UNIT)
PAIR = np.array([[0, 1, 2], [0, 2, 3]])

# box sides as corner numbers (bit 0: x, bit 1: y, bit 2: z), counter-clockwise from outside, lower left first
SIDES = {
    "front": (0, 1, 5, 4),
    "back": (3, 2, 6, 7),
    "left": (2, 0, 4, 6),
    "right": (1, 3, 7, 5),
    "top": (4, 5, 7, 6),
    "bottom": (2, 3, 1, 0),
}


@dataclass(frozen=True)
class Frame:
    """Where a part stands: its origin (m), and the yaw of the look that sees it from the front."""

    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    yaw: float = 0.0

    @cached_property
    def axes(self) -> F64:
        """Rows: the part's x, y and z in the world (3, 3)."""
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])

    def points(self, local: ArrayLike) -> F64:
        """Local points (..., 3) in the world."""
        return np.asarray(np.asarray(local, np.float64) @ self.axes + self.origin)

    def way(self, local: tuple[float, float, float]) -> tuple[float, float, float]:
        """A local direction in the world."""
        x, y, z = np.array(local) @ self.axes
        return float(x), float(y), float(z)

    def place(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        """One local point in the world."""
        a, b, c = self.points((x, y, z))
        return float(a), float(b), float(c)

    def inner(self, x: float, y: float, z: float, yaw: float = 0.0) -> Frame:
        """A frame given within this one."""
        return Frame(self.place(x, y, z), self.yaw + yaw)


@dataclass(eq=False)
class Assembly:
    """Parts laid down so far; mesh() joins them. Frames are given per part, the result is in world coordinates."""

    key: str
    _faces: list[NDArray[Any]] = field(default_factory=list)
    _points: list[NDArray[Any]] = field(default_factory=list)
    _normals: list[NDArray[Any]] = field(default_factory=list)
    _uv: list[NDArray[Any]] = field(default_factory=list)
    _colours: list[tuple[Colour, int]] = field(default_factory=list)
    _index: list[tuple[int, int]] = field(default_factory=list)
    _materials: dict[int, tuple[int, Material]] = field(default_factory=dict)
    _count: int = 0

    def quads(
        self,
        frame: Frame,
        corners: ArrayLike,
        paint: Paint,
        uv: ArrayLike = UNIT,
        colour: Colour = WHITE,
    ) -> None:
        """Rectangles: corners (N, 4, 3) or (4, 3), from the lower left counter-clockwise; uv (4, 2) or (N, 4, 2)."""
        local = np.asarray(corners, np.float64).reshape(-1, 4, 3)
        world = frame.points(local)
        normal = _across(world[:, 2] - world[:, 0], world[:, 3] - world[:, 1])
        n = len(world)
        faces = np.arange(n)[:, None, None] * 4 + PAIR
        flat = np.asarray(uv, np.float32).reshape(-1, 2)
        self._add(
            world.reshape(-1, 3),
            np.repeat(normal, 4, axis=0),
            flat if len(flat) == 4 * n else np.tile(flat, (n, 1)),
            faces.reshape(-1, 3),
            paint,
            colour,
        )

    def panel(
        self,
        frame: Frame,
        low: Sequence[float],
        high: Sequence[float],
        y: float,
        paint: Paint,
        uv: Span | None = None,
        colour: Colour = WHITE,
    ) -> None:
        """An upright rectangle facing the viewer, low (x, z) to high, at depth y; uv (u0, v0, u1, v1) or by metres."""
        (x0, z0), (x1, z1) = low, high
        if uv is None:
            across, up = span_of(paint)
            uv = (x0 / across, z0 / up, x1 / across, z1 / up)
        u0, v0, u1, v1 = uv
        corners = [(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)]
        self.quads(frame, corners, paint, [(u0, v0), (u1, v0), (u1, v1), (u0, v1)], colour)

    def floor(
        self, frame: Frame, low: Sequence[float], high: Sequence[float], z: float, paint: Paint, colour: Colour = WHITE
    ) -> None:
        """A level rectangle facing up, from low (x, y) to high, textured by metres."""
        (x0, y0), (x1, y1) = low, high
        across, up = span_of(paint)
        corners = np.array([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)])
        self.quads(frame, corners, paint, corners[:, :2] / (across, up), colour)

    def box(
        self,
        frame: Frame,
        low: ArrayLike,
        high: ArrayLike,
        paint: Paint,
        sides: Sequence[str] = ("front", "back", "left", "right", "top", "bottom"),
        colour: Colour = WHITE,
    ) -> None:
        """Upright boxes from low to high, (3,) or (N, 3), textured by metres on every side."""
        lo, hi = (
            np.reshape(np.asarray(low, np.float64), (-1, 1, 3)),
            np.reshape(np.asarray(high, np.float64), (-1, 1, 3)),
        )
        ends = np.where(BITS, hi, lo)  # (N, 8, 3)
        corners = ends[:, [SIDES[side] for side in sides]].reshape(-1, 4, 3)
        across = np.abs(corners[:, 1] - corners[:, 0]).sum(axis=1)
        up = np.abs(corners[:, 3] - corners[:, 0]).sum(axis=1)
        sizes = np.stack([across, up], axis=1) / span_of(paint)
        self.quads(frame, corners, paint, SQUARE * sizes[:, None, :], colour)

    def sheet(
        self, frame: Frame, points: ArrayLike, paint: Paint, both: Paint | None = None, colour: Colour = WHITE
    ) -> None:
        """A smooth curved sheet through points (M, N, 3): M rows upwards, N columns to the right, seen from the front.

        Textured by metres along its middle lines. both: what its back is made of, if it is to be seen.
        """
        world = frame.points(points)
        across, up = np.gradient(world, axis=1), np.gradient(world, axis=0)
        m, n = world.shape[:2]
        normal = _across(across.reshape(-1, 3), up.reshape(-1, 3))
        u = np.insert(np.cumsum(np.linalg.norm(np.diff(world[m // 2], axis=0), axis=1)), 0, 0.0)
        v = np.insert(np.cumsum(np.linalg.norm(np.diff(world[:, n // 2], axis=0), axis=1)), 0, 0.0)
        metres = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2)
        i, j = (g.ravel() for g in np.meshgrid(np.arange(m - 1), np.arange(n - 1), indexing="ij"))
        a, b, c, d = i * n + j, i * n + j + 1, (i + 1) * n + j + 1, (i + 1) * n + j
        faces = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
        self._add(world.reshape(-1, 3), normal, metres / span_of(paint), faces, paint, colour)
        if both is not None:
            self._add(world.reshape(-1, 3), -normal, metres / span_of(both), faces[:, ::-1], both, colour)

    def tube(
        self,
        frame: Frame,
        line: ArrayLike,
        radius: float,
        paint: Paint,
        sides: int = 6,
        closed: bool = False,
        colour: Colour = WHITE,
    ) -> None:
        """A round bar along a polyline (N, 3); ends are open."""
        points = frame.points(line)
        before = np.roll(points, 1, axis=0) if closed else np.vstack([points[:1], points[:-1]])
        after = np.roll(points, -1, axis=0) if closed else np.vstack([points[1:], points[-1:]])
        along = after - before
        along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
        helper = np.where(np.abs(along[:, 2:]) > 0.9, [[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]])
        if len(points) > 2:  # one reference for the whole bar, or it would twist between rings
            spread = points - points.mean(axis=0)
            flat = np.linalg.eigh(spread.T @ spread)[1][:, 0]
            helper = np.where(np.abs(along @ flat)[:, None] > 0.9, helper, flat[None, :])
        side = _across(along, np.broadcast_to(helper, along.shape))
        turn = np.arange(sides) / sides * 2.0 * np.pi
        ring = np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * _across(along, side)[:, None]
        self._rings(points[:, None] + radius * ring, ring, paint, closed, colour)

    def lathe(
        self,
        frame: Frame,
        profile: ArrayLike,
        paint: Paint,
        segments: int = 12,
        squash: float = 0.0,
        ribs: int = 0,
        colour: Colour = WHITE,
    ) -> None:
        """A body of revolution about the frame's z: profile (N, 2) of radius and height, from the foot upwards.

        ribs: that many segments alternate in radius by squash, as on a paper lantern.
        """
        rz = np.asarray(profile, np.float64)
        turn = np.arange(segments) / segments * 2.0 * np.pi
        swell = 1.0 - squash * (np.arange(segments) % 2) if ribs else np.ones(segments)
        x = rz[:, :1] * np.cos(turn) * swell
        y = rz[:, :1] * np.sin(turn) * swell
        z = np.broadcast_to(rz[:, 1:], x.shape)
        slope = np.gradient(rz, axis=0)
        nr, nz = slope[:, 1], -slope[:, 0]
        length = np.maximum(np.hypot(nr, nz), 1e-9)
        normal = np.stack(
            [
                (nr / length)[:, None] * np.cos(turn),
                (nr / length)[:, None] * np.sin(turn),
                (nz / length)[:, None] + 0 * x,
            ],
            axis=-1,
        )
        rings = frame.points(np.stack([x, y, z], axis=-1))
        self._rings(rings, normal @ frame.axes, paint, False, colour)

    def _rings(self, rings: F64, normals: F64, paint: Paint, closed: bool, colour: Colour) -> None:
        """Join rings (N, S, 3), each counter-clockwise seen from ahead; u runs round them and v along."""
        n, s = rings.shape[:2]
        u, v = np.meshgrid(np.linspace(0.0, 1.0, s + 1), np.linspace(0.0, 1.0, n))
        wrap = np.concatenate([rings, rings[:, :1]], axis=1)
        wrapped_normals = np.concatenate([normals, normals[:, :1]], axis=1)
        i, j = np.meshgrid(np.arange(n if closed else n - 1), np.arange(s), indexing="ij")
        k = (i + 1) % n
        a, b, c, d = (x.ravel() for x in (i * (s + 1) + j, i * (s + 1) + j + 1, k * (s + 1) + j + 1, k * (s + 1) + j))
        faces = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
        self._add(
            wrap.reshape(-1, 3),
            wrapped_normals.reshape(-1, 3),
            np.stack([u, v], axis=-1).reshape(-1, 2),
            faces,
            paint,
            colour,
        )

    def _add(
        self,
        points: NDArray[Any],
        normals: NDArray[Any],
        uv: NDArray[Any],
        faces: NDArray[Any],
        paint: Paint,
        colour: Colour,
    ) -> None:
        material = paint.material if isinstance(paint, Facing) else paint
        number, _ = self._materials.setdefault(id(material), (len(self._materials), material))
        self._faces.append(faces + self._count)
        self._points.append(points)
        self._normals.append(normals)
        self._uv.append(uv)
        self._colours.append((colour, len(points)))
        self._index.append((number, len(faces)))
        self._count += len(points)

    @property
    def empty(self) -> bool:
        """Whether nothing was laid down."""
        return not self._faces

    @property
    def materials(self) -> tuple[Material, ...]:
        """The materials so far, in the order of material_index."""
        return tuple(material for _, material in self._materials.values())

    def mesh(self) -> Mesh:
        """Everything joined."""
        return Mesh(
            self.key,
            np.concatenate(self._faces).astype(np.int32),
            np.concatenate(self._points).astype(np.float32),
            np.concatenate(self._normals).astype(np.float32),
            self.materials,
            np.repeat(*np.array(self._index, np.int32).T).astype(np.int32),
            np.concatenate(self._uv).astype(np.float32),
            np.repeat(np.array([c for c, _ in self._colours], np.float32), [n for _, n in self._colours], axis=0),
        )

    def surface(self, instance: int = 0, concept: int = 0, casts_shadow: bool = True) -> Surface:
        """The joined mesh standing where it was built."""
        return Surface(self.mesh(), np.eye(4), instance, concept, casts_shadow=casts_shadow)


def _across(a: F64, b: F64) -> F64:
    """Unit vectors square to both (N, 3); NumPy's cross product is slow on the few rows a part has."""
    x = a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1]
    y = a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2]
    z = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    normal = np.stack([x, y, z], axis=1)
    return np.asarray(normal / np.maximum(np.sqrt(x * x + y * y + z * z), 1e-12)[:, None])


def span_of(paint: Paint) -> tuple[float, float]:
    """Metres across and up that one texture repeat covers; one metre for a plain material."""
    return paint.span if isinstance(paint, Facing) else (1.0, 1.0)
