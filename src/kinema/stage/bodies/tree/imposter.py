"""Far trees: a picture of the near tree, taken from its own triangles, on two crossed cards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from kinema.buffers.scene_frame import F32, F64, U8, Material, Texture
from kinema.stage.bodies.tree.cards import Sheaf
from kinema.stage.chance import chance

HEIGHT, FINER = 224, 2
SAMPLES = 200_000


def imposter(name: str, seed: int, near: Sequence[Sheaf]) -> tuple[Sheaf, ...]:
    """Two crossed cards (4 triangles) that carry the tree's picture seen along +Y."""
    points, colours = _scattered(near, chance(seed, name, "imposter"))
    half = float(np.quantile(np.abs(points[:, :2]), 0.999)) * 1.03
    top = float(points[:, 2].max()) * 1.01
    albedo, alpha = _picture(points, colours, half, top)
    material = Material(
        f"{name}_far",
        (1.0, 1.0, 1.0),
        roughness=0.48,
        subsurface=0.25,
        texture=Texture(f"tree/{name}/{seed}/far", albedo=albedo, alpha=alpha),
    )
    return (_crossed(half, top, material),)


def _scattered(near: Sequence[Sheaf], rng: np.random.Generator) -> tuple[F64, F64]:
    """Points (N, 3) spread evenly over all that is not cut away, with linear colours."""
    areas = [_areas(sheaf) for sheaf in near]
    total = sum(float(a.sum()) for a in areas)
    found: list[tuple[F64, F64]] = []
    for sheaf, area in zip(near, areas, strict=True):
        count = int(SAMPLES * area.sum() / total) + 1
        face = sheaf.faces[rng.choice(len(area), count, p=area / area.sum())]
        a, b = rng.random((2, count))
        over = a + b > 1
        a, b = np.where(over, 1 - a, a), np.where(over, 1 - b, b)
        weights = np.stack([1 - a - b, a, b], -1)[..., None]
        uv, tint, place = ((x[face] * weights).sum(1) for x in (sheaf.uv, sheaf.colours, sheaf.positions))
        colour, cover = _sampled(sheaf.material, uv)
        found.append((place[cover], (colour * tint)[cover]))
    points, colours = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return points, colours


def _areas(sheaf: Sheaf) -> F64:
    a, b, c = (sheaf.positions[sheaf.faces[:, k]].astype(np.float64) for k in range(3))
    return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2)


def _sampled(material: Material, uv: F64) -> tuple[F64, NDArray[np.bool_]]:
    texture = material.texture
    assert texture is not None
    assert texture.albedo is not None
    height, width = texture.albedo.shape[:2]
    row = ((1 - uv[:, 1]) % 1 * height).astype(int) % height
    column = (uv[:, 0] % 1 * width).astype(int) % width
    colour = (texture.albedo[row, column] / 255.0) ** 2.2
    cover = np.ones(len(uv), bool) if texture.alpha is None else texture.alpha[row, column] > 127
    return colour, cover


def _picture(points: F64, colours: F64, half: float, top: float) -> tuple[U8, U8]:
    """Splat from back to front on a fine grid, shrink; inner and lower parts are darkened as their own sky is less."""
    width = max(24, round(HEIGHT * 2 * half / top / 8) * 8)
    reach = np.hypot(points[:, 0], points[:, 1]) / half
    front = np.argsort(-points[:, 1])  # the viewer stands at -Y
    column = np.clip((points[:, 0] / half + 1) / 2 * width * FINER, 0, width * FINER - 1).astype(int)
    row = np.clip((1 - points[:, 2] / top) * HEIGHT * FINER, 0, HEIGHT * FINER - 1).astype(int)
    shade = (0.50 + 0.38 * np.clip(reach * 1.6, 0, 1))[:, None]
    fine = np.zeros((HEIGHT * FINER, width * FINER, 4), np.float32)
    fine[row[front], column[front], :3] = (colours * shade)[front]
    fine[row[front], column[front], 3] = 1
    blocks = fine.reshape(HEIGHT, FINER, width, FINER, 4)
    filled = blocks[..., 3].mean((1, 3))
    colour = (blocks[..., :3] * blocks[..., 3:]).sum((1, 3)) / np.maximum(blocks[..., 3:].sum((1, 3)), 1e-6)
    nearest = distance_transform_edt(filled < 0.08, return_distances=False, return_indices=True)
    colour = colour[tuple(nearest)]
    alpha = np.clip(filled * 1.25, 0, 1)
    return (np.clip(colour, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8), (alpha * 255).astype(np.uint8)


def _crossed(half: float, top: float, material: Material) -> Sheaf:
    places, normals, uv = [], [], []
    for right in (np.array([1.0, 0, 0]), np.array([0, 1.0, 0])):
        for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
            places.append(right * (2 * u - 1) * half + np.array([0, 0, v * top]))
            normals.append(right * (2 * u - 1) * 0.8 + np.array([0, 0, 0.25 + 0.6 * v]))
            uv.append((0.004 + 0.992 * u, 0.004 + 0.992 * v))
    faces = np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]], np.int32)
    unit = np.array(normals) / np.linalg.norm(normals, axis=1, keepdims=True)
    white: F32 = np.ones((8, 3), np.float32)
    return Sheaf(
        material, np.array(places, np.float32), unit.astype(np.float32), np.array(uv, np.float32), white, faces
    )
