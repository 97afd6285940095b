"""Puffs as a premultiplied layer: their optical depths add up to a haze without edges, which never hides all."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, Particles
from kinema.stage.preview.particles import Layer, seen_from
from kinema.stage.raster.kernel import disjoint, over
from kinema.stage.raster.triangles import View

NEAREST, NEAR = 1.5, 5.0  # metres: nothing is drawn of the first, all beyond the second
WIDE = 0.15  # radius of a puff as a share of its distance past which it thins, as the same dust spread wider
THICKEST = 0.78  # of the picture that haze may hide, however many puffs lie behind each other
ROUND = 0.55  # by how much the side of a puff that faces the key light is brighter
SMALLEST = 0.8  # pixels of radius; smaller ones grow fainter instead
BAND = 8  # rows
# columns of a puff
X, Y, RADIUS, DEPTH, HARD, STRENGTH, RED, GREEN, BLUE, MOVE_X, MOVE_Y = range(11)
_0, _HALF, _1, _FAINT = (np.float32(x) for x in (0.0, 0.5, 1.0, 1e-3))
_THICKEST = np.float32(THICKEST)


@disjoint
def gather(puffs, lean_x, lean_y, y0, across, depth, tau, red, green, blue, move_x, move_y):  # type: ignore[no-untyped-def]
    """Add puffs to the sums of the rows from y0 on (B, W): optical depth, and light and motion times it. across (W,):
    the middles of the columns; lean: how the brightness of a puff changes over its radius, to the right and down.
    Returns the columns [left, right) touched."""
    width = across.shape[0]
    first, last = width, 0
    for n in range(puffs.shape[0]):
        cx, cy, radius = puffs[n, X], puffs[n, Y], puffs[n, RADIUS]
        z, hard, strength = puffs[n, DEPTH], puffs[n, HARD], puffs[n, STRENGTH]
        cr, cg, cb, mx, my = puffs[n, RED], puffs[n, GREEN], puffs[n, BLUE], puffs[n, MOVE_X], puffs[n, MOVE_Y]
        inverse = _1 / radius
        top = max(0, int(np.floor(cy - radius)) - y0)
        bottom = min(tau.shape[0], int(np.ceil(cy + radius)) - y0)
        for k in range(top, bottom):
            v = (np.float32(y0 + k) + _HALF - cy) * inverse
            rest = _1 - v * v
            if rest <= _0:
                continue
            reach = radius * np.sqrt(rest)
            left, right = max(0, int(np.floor(cx - reach))), min(width, int(np.ceil(cx + reach)))
            first, last = min(first, left), max(last, right)
            level = _1 + lean_y * v
            for x in range(left, right):
                u = (across[x] - cx) * inverse
                core = max(_0, rest - u * u)
                w = core * core * core * min(_1, max(_0, (depth[k, x] - z) * hard)) * strength
                lit = w * (level + lean_x * u)
                tau[k, x] += w
                red[k, x] += lit * cr
                green[k, x] += lit * cg
                blue[k, x] += lit * cb
                move_x[k, x] += w * mx
                move_y[k, x] += w * my
    return first, last


@disjoint
def cover(left, right, tau, red, green, blue, move_x, move_y, colour, motion):  # type: ignore[no-untyped-def]
    """Lay the sums (B, W) over the layer's rows (B, W, 4 and 2)."""
    for k in range(tau.shape[0]):
        for x in range(left, right):
            thick = tau[k, x]
            if thick < _FAINT:
                continue
            a = _THICKEST * (_1 - np.exp(-thick / _THICKEST))
            share, keep = a / thick, _1 - a
            colour[k, x, 0] = colour[k, x, 0] * keep + red[k, x] * share
            colour[k, x, 1] = colour[k, x, 1] * keep + green[k, x] * share
            colour[k, x, 2] = colour[k, x, 2] * keep + blue[k, x] * share
            colour[k, x, 3] = colour[k, x, 3] * keep + a
            motion[k, x, 0] = motion[k, x, 0] * keep + move_x[k, x] * share
            motion[k, x, 1] = motion[k, x, 1] * keep + move_y[k, x] * share


def puffs_of(particles: Particles, light: F32, view: View, before: View, interval: float) -> F32:
    """What the screen shows of puffs (N, 11), those before the lens left out; light (N, 3) falls on each."""
    at = seen_from(view, particles.positions)
    was = seen_from(before, particles.positions - particles.velocities * interval)
    z = np.maximum(at[:, 2], NEAREST)
    angle = particles.radii / z
    radius = view.focal * angle
    fade = np.clip((z - NEAREST) / (NEAR - NEAREST), 0.0, 1.0) ** 2 * np.minimum(1.0, WIDE / angle) ** 2
    fade *= np.minimum(1.0, radius / SMALLEST) ** 2
    strength = -np.log1p(-np.minimum(particles.opacity, 0.98)) * fade
    half = np.array([view.width, view.height]) / 2
    inside = np.abs(at[:, :2] - half) < radius[:, None] + half
    shown = (at[:, 2] > NEAREST) & (was[:, 2] > 0.01) & (strength > 1e-4) & inside.all(1)
    # Of a ball, what lies before a surface is seen: all, half where its middle is on it, none a radius before it.
    ball = np.maximum(particles.radii, 0.1)[:, None]
    columns = [
        at[:, :2], np.maximum(radius, SMALLEST)[:, None], at[:, 2:] - ball, 0.5 / ball,
        strength[:, None], particles.colours * light + particles.emission, was[:, :2] - at[:, :2],
    ]  # fmt: skip
    return np.asarray(np.concatenate(columns, 1)[shown], np.float32)


def shroud(puffs: F32, lean: tuple[float, float], depth: F32, layer: Layer) -> None:
    """Lay the haze of puffs (N, 11) over the layer, hidden by depth (H, W). lean: what share of the key light's way
    goes to the right and down."""
    if not len(puffs):
        return
    height, width = depth.shape
    start = max(int((puffs[:, Y] - puffs[:, RADIUS]).min()), 0)
    end = min(int((puffs[:, Y] + puffs[:, RADIUS]).max()) + 1, height)
    across = np.arange(width, dtype=np.float32) + np.float32(0.5)
    x, y = (np.float32(ROUND * part) for part in lean)

    def band(top: int, bottom: int) -> None:
        rows = slice(start + top, start + bottom)
        sums = list(np.zeros((6, bottom - top, width), np.float32))
        touched = gather(puffs, x, y, start + top, across, depth[rows], *sums)
        cover(*touched, *sums, layer.colour[rows], layer.motion[rows])

    over(max(end - start, 0), BAND, band)
