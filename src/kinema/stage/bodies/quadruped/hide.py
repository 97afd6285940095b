"""The hide: a picture of the whole coat, its pattern and its single hairs, painted texel by texel on the charts."""

from __future__ import annotations

import hashlib

import numpy as np
from scipy.ndimage import distance_transform_edt

from kinema.buffers.scene_frame import F64, U8, Texture
from kinema.stage.bodies.quadruped.charts import Charts, spread
from kinema.stage.bodies.quadruped.fur import groom, hair_length
from kinema.stage.bodies.quadruped.paint import coat, locate
from kinema.stage.bodies.quadruped.palette import Palette
from kinema.stage.bodies.quadruped.piece import F32, I32
from kinema.stage.bodies.quadruped.skeleton import Skeleton
from kinema.stage.bodies.quadruped.species import Species
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.geometry.sdf import Part

GRAIN = 96  # cells along a side of the noise that hairs are drawn from; it repeats
STEPS = 7  # either way along a hair
BATCH = 120_000  # texels painted at once, for memory's sake
CONTRAST = 0.15
# How far (share of the fur's depth) hairs carry one colour into the next.
FRAY = 0.30


def hide(
    species: Species, skeleton: Skeleton, colours: Palette, parts: tuple[Part, ...], of: Charts, skin: tuple[F32, F32]
) -> Texture:
    """The coat of skin (positions and normals, each (V, 3)) as brightness, colour and relief."""
    place = locate(species, skeleton, parts, *skin)
    depth = hair_length(species, place)[:, None]
    corners = np.concatenate([skin[0], skin[1], groom(species, skeleton, place), depth], 1)[of.vertex]
    values, texel = spread(of, corners)
    painted, strands = np.empty((len(values), 3)), np.empty(len(values))
    for start in range(0, len(values), BATCH):
        part = slice(start, start + BATCH)
        painted[part], strands[part] = _painted(species, skeleton, colours, parts, of.metre, values[part])
    holes = np.ones((of.size, of.size), bool)
    holes.ravel()[texel] = False
    nearest = distance_transform_edt(holes, return_distances=False, return_indices=True)
    albedo = _filled(encoded(painted), texel, nearest)
    relief = _filled((255 * np.clip(0.5 + 0.2 * strands, 0, 1)).astype(np.uint8)[:, None], texel, nearest)[..., 0]
    key = hashlib.sha256(albedo.tobytes() + relief.tobytes()).hexdigest()[:24]
    return Texture(f"hide-{species.name}-{key}", albedo=albedo, height=relief)


def _painted(
    species: Species, skeleton: Skeleton, colours: Palette, parts: tuple[Part, ...], metre: float, values: F64
) -> tuple[F64, F64]:
    """Colours (N, 3) and strands (N,), unit variance, at points, normals, groom and depth of fur (N, 10)."""
    points, normals, flow, depth = np.split(values, [3, 6, 9], axis=1)
    normals, flow = (a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-9) for a in (normals, flow))
    fine, clump = _strands(points, flow, 1.25 / metre), _strands(points, flow, 4.5 / metre)
    depth = depth[:, 0]
    # Each hair shows the colour of its root, so that the edges of a pattern are frayed along the coat.
    roots = points - flow * (FRAY * (depth + 0.1 * species.coat.length * species.scale) * (fine + clump))[:, None]
    base = coat(
        species, colours, locate(species, skeleton, parts, roots.astype(np.float32), normals.astype(np.float32))
    )
    furry = np.clip(depth / (0.3 * species.coat.length * species.scale), 0.25, 1.0)
    shade = 1.0 + CONTRAST * furry * (0.75 * fine + 0.55 * clump)
    return base * shade[:, None], 0.8 * fine + 0.5 * clump


def _strands(points: F64, flow: F64, cell: float) -> F64:
    """Noise of cells (m) smeared along the flow (Cabral and Leedom 1993): (N,), mean 0, variance about 1."""
    noise = chance(0, "hide", "grain").normal(size=(GRAIN, GRAIN, GRAIN)).astype(np.float32)
    total = np.zeros(len(points))
    for k in range(-STEPS, STEPS + 1):
        x, y, z = (np.floor((points + (k * cell) * flow) / cell).astype(np.int64) % GRAIN).T
        total += noise[x, y, z]
    return np.asarray(np.clip(total / np.sqrt(2 * STEPS + 1), -2.2, 2.2))


def _filled(values: U8, texel: I32, nearest: F64) -> U8:
    """A picture (S, S, K) of values (N, K) at texels, the gaps filled from the nearest."""
    size = nearest.shape[-1]
    picture = np.zeros((size * size, values.shape[1]), np.uint8)
    picture[texel] = values
    return np.ascontiguousarray(picture.reshape(size, size, -1)[nearest[0], nearest[1]])
