"""Sight: the set as small cubes of space, filled or free, so that lines of sight can be tried by the hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, Surface
from kinema.stage.setting import Box, Setting

CELL = 0.22  # metres: the edge of a cube where the space looked at is small
MOST = 5_000_000  # cubes
BROAD = 30.0  # metres: faces larger than this are ground and hills, which the setting's heights tell of
LOOSE = 1.3  # how many cubes apart the points may be that faces are tried at
STEPS = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 136])  # parts an edge is cut into
CLEAR_GLASS = 0.6  # opacity below which one sees through


@dataclass(frozen=True, eq=False)
class Obstacles:
    """Which cubes of a box of space are filled. low (3,) metres · filled (X, Y, Z)."""

    low: F64
    cell: float
    filled: NDArray[np.bool_]

    def at(self, points: F64) -> NDArray[np.bool_]:
        """Whether points (..., 3) lie in filled cubes; what is outside the box is free."""
        index = np.floor((points - self.low) / self.cell).astype(np.int64)
        inside = np.asarray(((index >= 0) & (index < self.filled.shape)).all(axis=-1), np.bool_)
        x, y, z = np.where(inside[..., None], index, 0).transpose(-1, *range(index.ndim - 1))
        return np.asarray(inside & self.filled[x, y, z], np.bool_)

    def between(self, starts: F64, ends: F64, stop: F64 | float = 0.0) -> NDArray[np.bool_]:
        """Whether anything is met from starts (..., 3) to ends (..., 3), up to stop metres before the ends."""
        way = ends - starts
        length = np.linalg.norm(way, axis=-1)
        count = int(np.ceil(float(length.max()) / self.cell)) + 1
        reach = np.clip(length - stop, 0.0, None) / np.maximum(length, 1e-9)
        share = np.linspace(0.0, 1.0, count) * reach[..., None]  # (..., count)
        points = starts[..., None, :] + share[..., None] * way[..., None, :]
        return np.asarray(self.at(points).any(axis=-1), np.bool_)


def obstacles(setting: Setting, time: float, eye: F64, space: Box) -> Obstacles:
    """All that stands in a box of space at a time, still or moving, for a camera about eye (3,)."""
    still = (*setting.surfaces, *setting.soft(time, ()))
    found = filled_by((*still, *setting.moving(time, eye).surfaces), space, CELL)
    return replace(found, filled=found.filled & ~_in_the_ground(found, setting))


def _in_the_ground(found: Obstacles, setting: Setting) -> NDArray[np.bool_]:
    """Cubes (X, Y, Z) that the ground itself goes through: the feet of what stands there are seen all the same."""
    across, along, up = (found.low[k] + found.cell * np.arange(found.filled.shape[k]) for k in range(3))
    middles = np.stack(np.meshgrid(across, along, indexing="ij"), -1).reshape(-1, 2) + 0.5 * found.cell
    heights = setting.ground(middles).reshape(len(across), len(along), 1)
    return np.asarray(up < heights, np.bool_)


def filled_by(surfaces: Sequence[Surface], space: Box, least: float) -> Obstacles:
    """The cubes of a box of space that surfaces fill, with edges of at least so many metres."""
    low, high = np.array(space.low), np.array(space.high)
    cell = max(least, float(np.prod(high - low) / MOST) ** (1.0 / 3.0))
    filled = np.zeros(np.maximum(np.ceil((high - low) / cell), 1).astype(int), np.bool_)
    for surface in surfaces:
        if any(material.opacity < CLEAR_GLASS for material in surface.mesh.materials):
            continue
        points = _sampled(_triangles(surface, low, high), cell)
        index = np.floor((points - low.astype(np.float32)) / np.float32(cell)).astype(np.int32)
        index = index[((index >= 0) & (index < filled.shape)).all(axis=1)]
        filled[index[:, 0], index[:, 1], index[:, 2]] = True
    return Obstacles(low, cell, filled)


def _triangles(surface: Surface, low: F64, high: F64) -> F32:
    """Those of a surface's triangles (N, 3, 3) that may reach into the box and are not BROAD."""
    local = surface.mesh.positions if surface.positions is None else surface.positions
    world = local @ surface.transform[:3, :3].T + surface.transform[:3, 3]
    if (world.max(0) < low).any() or (world.min(0) > high).any():
        return np.zeros((0, 3, 3), np.float32)
    corners = world[surface.mesh.faces]
    least, most = corners.min(axis=1), corners.max(axis=1)
    near = (most > low).all(axis=1) & (least < high).all(axis=1) & ((most - least).max(axis=1) < BROAD)
    return np.asarray(corners[near], np.float32)


def _sampled(corners: F32, cell: float) -> F32:
    """Points (M, 3) on triangles (N, 3, 3), hardly farther apart than a cube is wide."""
    edges = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    parts = STEPS[np.minimum(np.searchsorted(STEPS, edges / (LOOSE * cell)), len(STEPS) - 1)]
    found = [np.zeros((0, 3), np.float32)]
    for count in np.unique(parts):
        step = np.arange(count + 1) / count
        u, v = (axis.ravel() for axis in np.meshgrid(step, step))
        shares = np.stack([1.0 - u - v, u, v], axis=1)[u + v <= 1.0 + 1e-9] if count > 1 else np.full((1, 3), 1 / 3)
        found.append((shares.astype(np.float32) @ corners[parts == count]).reshape(-1, 3))
    return np.concatenate(found)


def posts(places: Sequence[F64], starts: F64, ends: F64, radius: float, height: float) -> NDArray[np.bool_]:
    """Whether lines (..., 3) pass through people at places (3,): upright posts of a radius and a height (m)."""
    hit = np.zeros(starts.shape[:-1], np.bool_)
    way = ends - starts
    flat = np.maximum((way[..., :2] ** 2).sum(-1), 1e-9)
    for place in places:
        share = np.clip(((place[:2] - starts[..., :2]) * way[..., :2]).sum(-1) / flat, 0.0, 0.97)
        nearest = starts + share[..., None] * way
        gap = np.linalg.norm(nearest[..., :2] - place[:2], axis=-1)
        hit |= (gap < radius) & (nearest[..., 2] < place[2] + height) & (nearest[..., 2] > place[2] - 0.1)
    return hit
