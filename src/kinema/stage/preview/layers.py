"""What is seen through: glass and particles, kept apart from the picture as a layer of their own."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, Particles
from kinema.stage.preview.frame_light import OUTLOOK, FrameLight
from kinema.stage.preview.lamps import FLESH, lamp_light
from kinema.stage.preview.particles import Layer, drops_of, lay
from kinema.stage.preview.soft import Surroundings
from kinema.stage.raster.resolve import (
    FIELDS,
    MOTION,
    NORMAL,
    OPACITY,
    POSITION,
    ROUGHNESS,
    SUBSURFACE,
    Surfels,
    surfels,
)  # fmt: skip
from kinema.stage.raster.triangles import View, see
from kinema.stage.raster.visibility import draw

SOFTNESS = 2.0  # of particles, as subsurface


def glaze(light: FrameLight, view: View, before: View, nearness: F32, around: Surroundings, layer: Layer) -> None:
    """Lay glass and other translucent surfaces into the layer: the nearest at each pixel.

    nearness (H, W): inverse depth of the opaque world, which hides them.
    """
    triangles = see(light.geometry, view, layer=True)
    if not len(triangles.where):
        return
    seen = draw(light.geometry, view, triangles, nearness).triangle
    cover = (seen >= 0).mean(0, dtype=np.float32)
    rows, columns = np.nonzero(cover)
    if not len(rows):
        return
    middle = seen[0][rows, columns]
    record = np.where(middle >= 0, middle, seen.max(0)[rows, columns]).astype(np.int32)
    x, y = (columns + 0.5).astype(np.float32), (rows + 0.5).astype(np.float32)
    points = surfels(light.geometry, view, before, triangles, x, y, record)
    shaded = light.shade(points, view, light.visible(points, view), around)
    radiance, matt = shaded.radiance, shaded.matt
    opacity = points.values[OPACITY]
    place, normal = points.values[POSITION : POSITION + 3], points.values[NORMAL : NORMAL + 3]
    cosine = np.abs((place * normal).sum(0)) / np.linalg.norm(place, axis=0)
    clear = (1.0 - opacity) * (1.0 - 0.04 - 0.96 * (1.0 - cosine) ** 5)  # what passes, by Schlick's Fresnel
    share = cover[rows, columns]
    layer.colour[rows, columns, :3] = ((radiance - matt + matt * opacity) * share).T
    layer.colour[rows, columns, 3] = share * (1.0 - clear)
    layer.motion[rows, columns] = (points.values[MOTION : MOTION + 2] * share * (1.0 - clear)).T


def strew(light: FrameLight, view: View, before: View, depth: F32, layer: Layer) -> None:
    """Lay the particles into the layer, then make its motion plain pixels; depth (H, W) hides them."""
    frame = light.frame
    drops = [
        drops_of(p, _falling_on(light, p, view), view, before, frame.interval)
        for p in frame.particles
        if len(p.positions)
    ]
    if drops:
        lay(np.concatenate(drops), depth, layer)
    if layer.colour[..., 3].any():
        layer.motion[...] /= np.maximum(layer.colour[..., 3:], 1e-4)


def _falling_on(light: FrameLight, particles: Particles, view: View) -> F32:
    """Light (N, 3) on particles: as on soft matter that faces the eye."""
    place = (particles.positions - view.position).astype(np.float32)
    values = np.zeros((FIELDS, len(place)), np.float32)
    values[POSITION : POSITION + 3] = place.T
    values[NORMAL : NORMAL + 3] = -(place / np.maximum(np.linalg.norm(place, axis=1, keepdims=True), 1e-3)).T
    values[SUBSURFACE], values[ROUGHNESS] = SOFTNESS, 1.0
    none = np.zeros(len(place), np.float32)
    points = Surfels(values, np.zeros(len(place), np.int32), none, none)
    lit = lamp_light(points, np.arange(len(place), dtype=np.int32), light.lamps).diffuse.T + OUTLOOK * light.sky.mean
    key = light.frame.key_light
    if key is not None:
        wrap = 1.0 / (1.0 + SOFTNESS * np.array(FLESH))
        cosine = np.asarray(key.direction) @ values[NORMAL : NORMAL + 3]
        lit += light.visible(points, view)[:, None] * key.colour * np.maximum(cosine[:, None] * wrap + 1.0 - wrap, 0.0)
    return np.asarray(lit, np.float32)
