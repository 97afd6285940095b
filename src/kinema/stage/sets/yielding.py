"""Yielding things: pillows and covers that rise over what moves under them and sink under what treads on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Surface

UPWARD = 0.3  # z of a normal from which a place is the top, where one can stand
STEP = 0.035  # metres about a place in which its top is looked for
LAYER = 0.06  # metres under the highest of what is found there that still belong to it, and not to what lies below
SUNK, HELD_UP = 0.12, 0.03  # metres that a tread may lie under the top, or over it, and still touch


@dataclass(frozen=True)
class Push:
    """Something that moves cloth by rise metres (down when negative) at x, y, and less within about reach metres."""

    x: float
    y: float
    rise: float
    reach: float


@dataclass(frozen=True, eq=False)
class Yielding:
    """A soft thing. surface: as it lies untouched, its mesh in the world's own axes."""

    surface: Surface

    @cached_property
    def _upper(self) -> dict[tuple[int, int], F32]:
        """Places (N, 3) of its upper side at rest, by squares of the map."""
        mesh = self.surface.mesh
        upper = mesh.positions[mesh.normals[:, 2] > UPWARD]
        squares: dict[tuple[int, int], list[int]] = {}
        for k, (column, row) in enumerate(np.floor(upper[:, :2] / STEP).astype(int).tolist()):
            squares.setdefault((column, row), []).append(k)
        return {square: upper[inside] for square, inside in squares.items()}

    def top(self, x: float, y: float) -> float | None:
        """Height (m) of its upper side there at rest, None beside it."""
        column, row = int(np.floor(x / STEP)), int(np.floor(y / STEP))
        around = [self._upper.get((column + i, row + j)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        found = [places for places in around if places is not None]
        if not found:
            return None
        places = np.concatenate(found)
        near = (np.abs(places[:, 0] - x) < STEP) & (np.abs(places[:, 1] - y) < STEP)
        heights = places[near, 2]
        return float(heights[heights > heights.max() - LAYER].mean()) if near.any() else None

    def pushed(self, pushes: Sequence[Push], treads: F64) -> Surface:
        """It with pushes, and then trodden down to each of treads (N, 4): a place and how broad it is (m)."""
        mesh = self.surface.mesh
        places, normals = _moved(mesh.positions, mesh.normals, pushes)
        dents = []
        for x, y, z, broad in treads.tolist():
            top = self.top(x, y)
            if top is None:
                continue
            at = np.array([[x, y, top]], np.float32)
            gap = float(_moved(at, at, pushes)[0][0, 2]) - z
            if -HELD_UP < gap < SUNK:
                dents.append(Push(x, y, -gap, broad))
        places, normals = _moved(places, normals, dents)
        return replace(self.surface, positions=places, normals=normals)


def _moved(places: F32, normals: F32, pushes: Sequence[Push]) -> tuple[F32, F32]:
    """Places and normals (V, 3) after pushes: of those up the highest holds, and of those down the lowest."""
    if not pushes:
        return places, normals
    x, y, rise, reach = np.array([(p.x, p.y, p.rise, p.reach) for p in pushes], np.float32).T[..., None]
    east, north = places[:, 0] - x, places[:, 1] - y  # (P, V)
    moved = rise * np.exp(-(east * east + north * north) / (reach * reach))
    each = np.arange(len(places))
    total, slope = np.zeros(len(places), np.float32), np.zeros((2, len(places)), np.float32)
    for best, least, most in ((moved.argmax(0), 0.0, np.inf), (moved.argmin(0), -np.inf, 0.0)):
        by = np.clip(moved[best, each], least, most)
        total += by
        slope += -2.0 * by / reach[best, 0] ** 2 * np.stack([east[best, each], north[best, each]])
    shifted, tilted = places.copy(), normals.copy()
    shifted[:, 2] += total
    tilted[:, :2] -= slope.T * normals[:, 2:]
    tilted /= np.maximum(np.linalg.norm(tilted, axis=1, keepdims=True), np.float32(1e-6))
    return shifted, tilted
