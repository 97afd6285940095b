"""Rain, sparks and flakes as a premultiplied layer: capsules on the screen, drawn from far to near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32, Particles
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.triangles import View

NEAREST = 0.15  # metres
# Metres from the eye between which a kind comes to be seen: on the lens a flake would be a disc.
NEAR = {"streak": (0.0, 0.3), "spark": (0.5, 2.0), "flake": (0.5, 2.2)}
THINNEST = 0.55  # pixels of radius; thinner ones grow fainter instead
TRAILS = {"streak": 1.0, "spark": 1.5, "flake": 0.5}  # frame intervals of flight shown
BAND = 16
# columns of a drop
X0, Y0, X1, Y1, RADIUS, DEPTH, RED, GREEN, BLUE, ALPHA, MOVE_X, MOVE_Y = range(12)


@dataclass(frozen=True, eq=False)
class Layer:
    """colour (H, W, 4) premultiplied · motion (H, W, 2) pixels, times coverage."""

    colour: F32
    motion: F32


# numbers of the kernel, in single precision
_0, _HALF, _FADE, _1 = (np.float32(x) for x in (0.0, 0.5, 0.7, 1.0))
_TINY, _FAINT = np.float32(1e-9), np.float32(1e-4)


@kernel
def splat(drops, order, y0, y1, depth, colour, motion):  # type: ignore[no-untyped-def]
    """Lay drops over rows [y0, y1) of colour and motion, in the given order."""
    width = depth.shape[1]
    for o in range(order.shape[0]):
        d = order[o]
        ax, ay, bx, by, radius = drops[d, 0], drops[d, 1], drops[d, 2], drops[d, 3], drops[d, 4]
        rim = radius + _1
        top = max(y0, int(np.floor(min(ay, by) - rim)))
        bottom = min(y1 - 1, int(np.ceil(max(ay, by) + rim)))
        if top > bottom:
            continue
        left, right = max(0, int(np.floor(min(ax, bx) - rim))), min(width - 1, int(np.ceil(max(ax, bx) + rim)))
        ex, ey = bx - ax, by - ay
        length2 = ex * ex + ey * ey + _TINY
        z = drops[d, 5]
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                qx, qy = np.float32(x) + _HALF - ax, np.float32(y) + _HALF - ay
                t = min(_1, max(_0, (qx * ex + qy * ey) / length2))
                gx, gy = qx - t * ex, qy - t * ey
                gap = np.sqrt(gx * gx + gy * gy)
                if gap >= rim:
                    continue
                if depth[y, x] <= z:
                    continue
                a = min(_1, max(_0, radius + _HALF - gap)) * (_1 - _FADE * t) * drops[d, 9]
                if a < _FAINT:
                    continue
                keep = _1 - min(a, _1)
                for c in range(3):
                    colour[y, x, c] = colour[y, x, c] * keep + drops[d, 6 + c] * a
                colour[y, x, 3] = colour[y, x, 3] * keep + min(a, _1)
                motion[y, x, 0] = motion[y, x, 0] * keep + drops[d, 10] * a
                motion[y, x, 1] = motion[y, x, 1] * keep + drops[d, 11] * a


def drops_of(particles: Particles, light: F32, view: View, before: View, interval: float) -> F32:
    """Screen capsules (N, 12) of the particles before the eye; light (N, 3) falls on each."""
    at = seen_from(view, particles.positions)
    was = seen_from(before, particles.positions - particles.velocities * interval)
    tail = seen_from(view, particles.positions - particles.velocities * (interval * TRAILS[particles.kind]))
    z = at[:, 2]
    shown = (z > NEAREST) & (tail[:, 2] > NEAREST) & (was[:, 2] > 0.01)
    radius = view.focal * particles.radii / np.maximum(z, NEAREST)
    faint = np.minimum(1.0, radius / THINNEST)
    least, clear = NEAR[particles.kind]
    near = np.clip((z - least) / (clear - least), 0.0, 1.0)
    alpha = np.minimum(particles.opacity * (faint**2 if particles.kind == "flake" else faint) * near, 0.98)
    colour = particles.colours * light + particles.emission
    columns = [
        at[:, :2], tail[:, :2], np.maximum(radius, THINNEST)[:, None], z[:, None], colour, alpha[:, None],
        was[:, :2] - at[:, :2],
    ]  # fmt: skip
    return np.asarray(np.concatenate(columns, 1)[shown & (alpha > 0.0)], np.float32)


def seen_from(view: View, points: F32) -> F64:
    """Screen place and depth (N, 3)."""
    h = (points.astype(np.float64) - view.position) @ view.matrix.T
    deep = np.where(np.abs(h[:, 2]) > 1e-6, h[:, 2], 1e-6)
    return np.stack([h[:, 0] / deep, h[:, 1] / deep, h[:, 2]], 1)


def lay(drops: F32, depth: F32, layer: Layer) -> None:
    """Draw the drops over the layer, far ones first, hidden by depth (H, W)."""
    order: I32 = np.argsort(-drops[:, DEPTH], kind="stable").astype(np.int32)
    over(
        depth.shape[0],
        BAND,
        lambda a, b: splat(drops, order, a, b, depth, layer.colour, layer.motion),
    )
