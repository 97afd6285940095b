"""What is seen through: glass and particles, kept apart from the picture as a layer of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F32, Particles
from kinema.stage.preview.frame_light import NO_SPANS, OUTLOOK, FrameLight, Target
from kinema.stage.preview.haze import puffs_of, shroud
from kinema.stage.preview.lamps import lamp_light
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
)  # fmt: skip
from kinema.stage.raster.triangles import NEAR, View, see
from kinema.stage.raster.visibility import draw

SOFTNESS = 2.0  # of particles under lamps, as subsurface
EVENLY, ALONG = 0.5, 0.35  # of the key light particles send every way; and more straight on and straight back
PASSED_ON = 0.22  # of the key light that lit dust and ground around send on to a puff in the shade


def glaze(light: FrameLight, view: View, before: View, nearness: F32, around: Surroundings, layer: Layer) -> None:
    """Lay glass and other translucent surfaces into the layer: the nearest at each pixel.

    nearness (H, W): inverse depth of the opaque world, which hides them.
    """
    left, right, top, bottom = _box(view, light.geometry.bounds[light.geometry.clear])
    if left >= right or top >= bottom:
        return
    middle = view.centre[0] - left, view.centre[1] - top
    window = replace(view, width=right - left, height=bottom - top, centre=middle)
    triangles = see(light.geometry, window, layer=True)
    if not len(triangles.where):
        return
    seen = draw(light.geometry, window, triangles, np.ascontiguousarray(nearness[top:bottom, left:right])).triangle
    most = seen.max(0)
    rows, columns = np.nonzero(most >= 0)
    if not len(rows):
        return
    share = (seen[:, rows, columns] >= 0).mean(0, dtype=np.float32)
    first = seen[0, rows, columns]
    record = np.where(first >= 0, first, most[rows, columns]).astype(np.int32)
    rows, columns = rows + top, columns + left
    x, y = (columns + 0.5).astype(np.float32), (rows + 0.5).astype(np.float32)
    whole = replace(triangles, where=triangles.where + np.array([0, left, left, top, top, 0, 0, 0], np.int32))
    points, shaded = light.shade(Target(view, before, whole, record, None, NO_SPANS), x, y, record, around)
    radiance, matt = shaded.radiance, shaded.matt
    opacity = points.values[OPACITY]
    place, normal = points.values[POSITION : POSITION + 3], points.values[NORMAL : NORMAL + 3]
    cosine = np.abs((place * normal).sum(0)) / np.linalg.norm(place, axis=0)
    clear = (1.0 - opacity) * (1.0 - 0.04 - 0.96 * (1.0 - cosine) ** 5)  # what passes, by Schlick's Fresnel
    layer.colour[rows, columns, :3] = ((radiance - matt + matt * opacity) * share).T
    layer.colour[rows, columns, 3] = share * (1.0 - clear)
    layer.motion[rows, columns] = (points.values[MOTION : MOTION + 2] * share * (1.0 - clear)).T


def _box(view: View, bounds: F32) -> tuple[int, int, int, int]:
    """Left, right, top and bottom pixel (the second of each pair left out) that spheres (S, 4) may be seen in."""
    if not len(bounds):
        return 0, 0, 0, 0
    local = (bounds[:, :3] - view.position) @ view.rotation.T
    radius = bounds[:, 3:4].astype(np.float64)
    if (local[:, 2:] < radius + NEAR).any():
        return 0, view.width, 0, view.height
    edges = []
    for axis, extent in ((0, view.width), (1, view.height)):
        middle, deep = local[:, axis], local[:, 2]
        sides = [(middle + s * radius[:, 0]) / (deep - t * radius[:, 0]) for s in (-1.0, 1.0) for t in (-1.0, 1.0)]
        low, high = np.min(sides), np.max(sides)
        edges += [max(int(view.focal * low + view.centre[axis]), 0)]
        edges += [min(int(view.focal * high + view.centre[axis]) + 2, extent)]
    return edges[0], edges[1], edges[2], edges[3]


def strew(light: FrameLight, view: View, before: View, depth: F32, layer: Layer) -> None:
    """Lay the particles into the layer, haze first, as it lies deeper than what flies through it; depth (H, W) hides
    them."""
    frame, key = light.frame, light.frame.key_light
    puffs: list[F32] = []
    drops: list[F32] = []
    for some in frame.particles:
        if not len(some.positions):
            continue
        rows, shape = (puffs, puffs_of) if some.kind == "puff" else (drops, drops_of)
        rows.append(shape(some, _falling_on(light, some, view), view, before, frame.interval))
    if puffs:
        right, down = (0.0, 0.0) if key is None else (float(way @ key.direction) for way in view.rotation[:2])
        shroud(np.concatenate(puffs), (right, down), depth, layer)
    if drops:
        lay(np.concatenate(drops), depth, layer)


def _falling_on(light: FrameLight, particles: Particles, view: View) -> F32:
    """Light (N, 3) on particles: the sky's and the lamps' as on soft matter that faces the eye, the key light's as fine
    grains scatter it, of its own colour wherever it comes from."""
    place = (particles.positions - view.position).astype(np.float32)
    values = np.zeros((FIELDS, len(place)), np.float32)
    values[POSITION : POSITION + 3] = place.T
    values[NORMAL : NORMAL + 3] = -(place / np.maximum(np.linalg.norm(place, axis=1, keepdims=True), 1e-3)).T
    values[SUBSURFACE], values[ROUGHNESS] = SOFTNESS, 1.0
    none = np.zeros(len(place), np.float32)
    points = Surfels(values, np.zeros(len(place), np.int32), none, none)
    lit = lamp_light(points, light.lamps).diffuse.T + OUTLOOK * light.sky.mean
    key = light.frame.key_light
    if key is not None:
        cosine = np.asarray(key.direction) @ values[NORMAL : NORMAL + 3]
        share = light.visible(points, view)
        if particles.kind == "puff":
            share = PASSED_ON + (1.0 - PASSED_ON) * share
        lit += (share * (EVENLY + ALONG * cosine**2))[:, None] * key.colour
    return np.asarray(lit, np.float32)
