"""The slow, readable raster the fast one is tested against: every pixel against every triangle, in plain NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, I32, SceneFrame

NEAR = 0.05


@dataclass(frozen=True)
class Seen:
    """At the pixels' middles: depth (H, W), inf for sky · surface, face (H, W), -1 for sky · weights (H, W, 3)."""

    depth: F64
    surface: I32
    face: I32
    weights: F64


def trace(frame: SceneFrame) -> Seen:
    """Meet every pixel's ray with every triangle (Cramer's rule) and keep the nearest hit beyond the near plane."""
    camera = frame.camera
    height, width = camera.height, camera.width
    v, u = np.mgrid[:height, :width] + 0.5
    centre = camera.centre
    rays = np.stack([(u - centre[0]) / camera.focal, (v - centre[1]) / camera.focal, np.ones_like(u)], -1)
    depth = np.full((height, width), np.inf)
    surface, face = np.full((2, height, width), -1, np.int32)
    weights = np.zeros((height, width, 3))
    for number, thing in enumerate(frame.surfaces):
        local = thing.mesh.positions if thing.positions is None else thing.positions
        world = local.astype(np.float64) @ thing.transform[:3, :3].T + thing.transform[:3, 3]
        corners = (world - camera.position) @ camera.rotation.T
        for index, triangle in enumerate(thing.mesh.faces):
            a, b, c = corners[triangle]
            volume = a @ np.cross(b, c)
            if abs(volume) < 1e-15:
                continue
            # ray * t = wa a + wb b + wc c with weights that add up to one
            shares = rays @ np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], 1) / volume
            with np.errstate(divide="ignore", invalid="ignore"):
                z = 1.0 / shares.sum(-1)
            hit = (shares >= 0).all(-1) & (z > NEAR) & (z < depth)
            depth[hit], surface[hit], face[hit] = z[hit], number, index
            weights[hit] = (shares * z[..., None])[hit]
    return Seen(depth, surface, face, weights)
