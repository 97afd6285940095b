"""Soft things of a bed: pillows with a dent, a duvet over a sleeper with its hem turned down, a throw across it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.chance import chance
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Solid
from kinema.stage.motion.easing import smooth
from kinema.stage.sets.textures import fractal

LOFT = 0.055  # metres a duvet stands on a flat mattress
EDGE = 0.12  # metres over which it bends down at the mattress' edge
TUCKED = 0.07  # metres a sheet goes down at the mattress' edges
CORNER = 0.035  # share by which a pillow's corners are rounded off
STITCH, PUFF = 0.29, 0.024  # metres between a duvet's seams, and how high the down stands between them


@dataclass(frozen=True)
class Mound:
    """What lifts the cloth: a ridge between two points (x, y), so high (m), flat for core and sloping to reach (m)."""

    start: tuple[float, float]
    end: tuple[float, float]
    height: float
    core: float
    reach: float


@dataclass(frozen=True)
class Duvet:
    """Where a duvet lies.

    left, right, foot, top: the mattress' edges (x, x, y, z) · hem: y of its upper end · drop, tuck: how far it hangs
    at the sides and at the foot (m) · mounds: what lies under it
    """

    left: float
    right: float
    foot: float
    top: float
    hem: float
    drop: float
    tuck: float
    mounds: tuple[Mound, ...]

    def lifted(self, x: F64, y: F64) -> F64:
        """Height (m) of the cloth over the mattress, without folds."""
        total = np.full(np.broadcast_shapes(np.shape(x), np.shape(y)), LOFT)
        for mound in self.mounds:
            away = _distance(x, y, np.array(mound.start), np.array(mound.end))
            rise = mound.height * smooth(1.0 - (away - mound.core) / (mound.reach - mound.core))
            # the higher of two, rounded where they meet
            total = 0.5 * (total + rise + np.sqrt((total - rise) ** 2 + 0.06**2))
        # towards the hem it sinks, so that who lies there comes out of it instead of out of a box
        return np.asarray(total * (1.0 - 0.45 * smooth(1.0 - (self.hem - y) / 0.26)))


def _distance(x: F64, y: F64, a: F64, b: F64) -> F64:
    """Distance in plan from (x, y) to a segment."""
    axis = b - a
    t = np.clip(((x - a[0]) * axis[0] + (y - a[1]) * axis[1]) / max(float(axis @ axis), 1e-9), 0.0, 1.0)
    return np.asarray(np.hypot(x - a[0] - t * axis[0], y - a[1] - t * axis[1]))


def pillow(width: float, depth: float, height: float, dent: float, seed: int, name: str) -> Solid:
    """A pillow lying on z = 0 about the origin, width along x, dented in its middle, wrinkled towards its corners."""
    rng = chance(seed, name, "pillow")
    # closer towards the seam, where the cloth turns over
    a, b = (np.sin(0.5 * np.pi * np.linspace(-1, 1, count)) for count in (39, 29))
    u, v = np.meshgrid(a, b, indexing="ij")
    # sides are drawn in by the stuffing, and the corners between them are round
    x = 0.5 * width * u * (1.0 - 0.055 * (1.0 - v**2) * u**2 - CORNER * u**2 * v**4)
    y = 0.5 * depth * v * (1.0 - 0.09 * (1.0 - u**2) * v**2 - CORNER * v**2 * u**4)
    puff = np.sqrt(np.clip(1 - u**2, 0, 1) ** 0.8 * np.clip(1 - v**2, 0, 1) ** 0.8)
    phases = rng.uniform(0, 2 * np.pi, 4)
    # the cloth gathers between the corners and the stuffing, and sags in one or two broad waves
    corner = np.hypot(1.0 - np.abs(u), 1.0 - np.abs(v))
    turn = np.arctan2(1.0 - np.abs(v), 1.0 - np.abs(u)) + 0.5 * np.sign(u) + 0.9 * np.sign(v)
    rays = np.sin(11.0 * turn + phases[0]) * np.exp(-(((corner - 0.42) / 0.24) ** 2))
    waves = np.sin(2.3 * u + 1.7 * v + phases[1]) + 0.6 * np.sin(3.9 * v - 2.8 * u + phases[2])
    hollow = dent * np.exp(-((u / 0.42) ** 2) - (v / 0.62) ** 2)
    middle = 0.30 * height
    top = middle + (height - middle) * puff + (0.006 * rays + 0.007 * waves) * np.sqrt(puff) - hollow * puff
    bottom = middle * (1.0 - 0.97 * puff**0.6)
    sheet = solids.loft(np.stack([x, y, top], axis=-1).transpose(1, 0, 2))
    below = solids.loft(np.stack([x, y, bottom], axis=-1).transpose(1, 0, 2)[:, ::-1])
    return solids.merge([sheet, below])


def sheet(left: float, right: float, near: float, far: float, top: float, seed: int, name: str) -> Solid:
    """A sheet over the upper part of a mattress (m: x, x, y, y, z), tucked in, drawn into shallow wrinkles."""
    phases = chance(seed, name, "wrinkles").uniform(0, 2 * np.pi, 3)
    x, y = np.meshgrid(np.linspace(left, right, 41), np.linspace(near, far, 29))
    lines = np.sin(21.0 * (y - 0.35 * x) + phases[0] + np.sin(5.0 * x + phases[1]))
    drawn = np.exp(-(((x - 0.5 * (left + right)) / 0.55) ** 2)) * (0.55 + 0.45 * np.sin(3.1 * x + 2.0 * y + phases[2]))
    out = np.minimum(np.minimum(x - left, right - x), far - y) / EDGE  # 0 at the edge, where it goes down
    z = top + 0.0035 * drawn * lines - TUCKED * (1.0 - smooth(out)) ** 3
    return solids.loft(np.stack([x, y, z], axis=-1))


def duvet(cover: Duvet, seed: int, name: str) -> tuple[Solid, Solid]:
    """The cloth seen from above, and the part of it turned down at the hem, which shows its other side."""
    folds = _folds(seed, name)
    across = _lines(cover, 0.0)
    along = np.linspace(cover.foot - cover.tuck - EDGE, cover.hem, 73)
    outer = _slack(cover, _cloth(cover, across, along, folds))
    # the turned-down part runs from the hem back over the cloth, thick where it bends
    back = cover.hem - np.linspace(0.0, 0.26, 15)
    thick = np.array([0.004, 0.024, *[0.032] * 11, 0.024, 0.006])
    turned = _raised(_slack(cover, _cloth(cover, across, back[::-1], folds))[::-1], thick)
    turned[:3, :, 1] += np.array([0.006, 0.022, 0.012])[:, None]
    return solids.loft(outer), solids.loft(turned[::-1])


def _slack(cover: Duvet, points: F64) -> F64:
    """The cloth (A, B, 3) with its hem no straight line: drawn up over the sleeper, lower to the sides, wavering."""
    x, near = points[..., 0], np.clip(1.0 - (cover.hem - points[..., 1]) / 0.7, 0.0, 1.0) ** 2
    aside = x - cover.mounds[0].start[0]
    shift = (
        0.035 * np.sin(7.0 * x + 0.6) + 0.02 * np.sin(17.0 * x) - 0.30 * np.clip(np.abs(aside) - 0.15, 0, 0.6) ** 1.5
    )
    return np.asarray(points + (near * shift)[..., None] * np.array([0.0, 1.0, 0.0]))


def throw(cover: Duvet, seed: int, name: str, far: float, deep: float) -> Solid:
    """A blanket across the bed on top of that duvet (same seed and name), from y = far back by deep metres."""
    across = _lines(cover, 0.05)
    along = np.linspace(far - deep, far, 25)
    thick = np.array([0.004, 0.016, *[0.022] * 21, 0.016, 0.004])
    return solids.loft(_raised(_cloth(cover, across, along, _folds(seed, name)), thick))


def _lines(cover: Duvet, more: float) -> F64:
    """Metres from the middle of the cloth of the lines it is made of."""
    wide = 0.5 * (cover.right - cover.left) + cover.drop + more
    return np.linspace(-wide, wide, 93)


def _raised(points: F64, thick: F64) -> F64:
    """Points (A, B, 3) of a cloth raised along its upper side by thick (A,) metres."""
    along, across = np.gradient(points, axis=0), np.gradient(points, axis=1)
    normal = np.cross(across, along)
    normal *= np.sign(normal[..., 2:].mean(axis=(0, 1), keepdims=True))
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    return np.asarray(points + thick[:, None, None] * normal)


def _folds(seed: int, name: str) -> F64:
    """Unit noise (256, 256) over 2.6 m of cloth."""
    rng = chance(seed, name, "folds")
    soft = fractal(rng, (256, 256), 46.0, 3) - 0.5
    crease = np.abs(fractal(rng, (256, 256), 60.0, 2) - 0.5)
    fine = np.abs(fractal(rng, (256, 256), 26.0, 1) - 0.5)
    # valleys with a round floor: cloth stuffed with down does not bend sharply
    return np.asarray(1.3 * soft - 0.5 * np.exp(-((crease / 0.06) ** 2)) - 0.16 * np.exp(-((fine / 0.10) ** 2)), float)


def _sampled(folds: F64, x: F64, y: F64) -> F64:
    """The folds at places in metres, smoothly between texels."""
    u, v = (np.mod(c / 2.6, 1.0) * 256 for c in (x, y))
    i, j = u.astype(int), v.astype(int)
    s, t = u - i, v - j
    i, j, ii, jj = i % 256, j % 256, (i + 1) % 256, (j + 1) % 256
    return np.asarray(
        folds[i, j] * (1 - s) * (1 - t)
        + folds[ii, j] * s * (1 - t)
        + folds[i, jj] * (1 - s) * t
        + folds[ii, jj] * s * t
    )


def _cloth(cover: Duvet, across: F64, along: F64, folds: F64) -> F64:
    """Points (A, B, 3) of the cloth: over the top, bent at the edges, hanging at the sides and the foot."""
    u, v = np.meshgrid(across, along)
    middle, wide = 0.5 * (cover.left + cover.right), 0.5 * (cover.right - cover.left)
    x_in, x_over = _bent(np.abs(u), wide)
    y_in, y_over = _bent(cover.hem - v, cover.hem - cover.foot)
    x, y = middle + np.sign(u) * x_in, cover.hem - y_in
    ripple = _sampled(folds, u + 3.1, v + 1.7)
    flat = 1.0 - np.clip((x_over + y_over) / 0.2, 0.0, 1.0)
    lift = cover.lifted(x, y)
    steep = np.clip(np.abs(np.gradient(lift, across, axis=1)) * 1.2, 0.0, 1.0)  # slopes gather in folds
    gather = 0.013 * steep * np.sin(34.0 * v + 5.0 * ripple + 3.0 * u)
    z = cover.top + lift * (0.35 + 0.65 * flat) + 0.058 * ripple * (0.4 + 0.6 * flat) + _puff(u, v) + gather
    # at a corner the two hangs share the cloth
    down = np.maximum(x_over, y_over) + 0.25 * np.minimum(x_over, y_over)
    hang = np.clip(down / 0.25, 0.0, 1.0)
    sway = (
        0.030
        * hang
        * (np.sin(9.0 * v + 3.0 * ripple) * (x_over > y_over) + np.sin(10.0 * u + 3.0 * ripple) * (y_over >= x_over))
    )
    belly = 0.035 + 0.03 * hang
    x = x + np.sign(u) * (np.where(x_over > 0, belly + sway, 0.0) * np.clip(x_over / 0.05, 0, 1))
    y = y - np.where(y_over > 0, belly + sway, 0.0) * np.clip(y_over / 0.05, 0, 1)
    return np.stack([x, y, np.maximum(z - down, 0.10)], axis=-1)


def _puff(u: F64, v: F64) -> F64:
    """Height (m) of the down between seams that cross every STITCH metres."""
    dome = np.abs(np.sin(np.pi * u / STITCH) * np.sin(np.pi * v / STITCH))
    return np.asarray(PUFF * np.sqrt(dome))


def _bent(distance: F64, edge: float) -> tuple[F64, F64]:
    """Cloth length from the middle split at the edge: metres still going outwards, and metres hanging down."""
    past = np.maximum(distance - (edge - EDGE), 0.0)
    turn = np.clip(past / (EDGE * np.pi / 2), 0.0, 1.0) * np.pi / 2
    out = np.minimum(distance, edge - EDGE) + EDGE * np.sin(turn)
    down = EDGE * (1 - np.cos(turn)) + np.maximum(past - EDGE * np.pi / 2, 0.0)
    return out, down
