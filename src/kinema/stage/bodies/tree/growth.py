"""How trees and plants grow: stems and branch curves from a species' row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.tree.species import Species

GOLDEN = np.pi * (3 - np.sqrt(5))  # successive branches turn by this, so none hides the one below

STEEPEST = 0.85  # metres down per metre of ground that a trunk may stand on


@dataclass(frozen=True, eq=False)
class Branches:
    """Curves that foliage hangs on: points (B, K, 3), lengths (B,), outward (B, 3) horizontal, share (B,) of height."""

    points: F64
    lengths: F64
    outward: F64
    share: F64

    def thinned(self, count: int) -> Branches:
        """That many of them, spread over all: those of the same tree, so that its outline stays."""
        kept = np.round(np.linspace(0, len(self.lengths) - 1, count)).astype(int)
        return Branches(self.points[kept], self.lengths[kept], self.outward[kept], self.share[kept])


@dataclass(frozen=True, eq=False)
class Stem:
    """A wooden axis: spine (K, 3) and radii (K,)."""

    spine: F64
    radii: F64


def trunk(row: Species, height: float, rng: np.random.Generator, knots: int) -> Stem:
    """An almost straight stem, flared at the root and thinning to the top."""
    t = np.linspace(0, 1, knots) ** 1.35
    lean = rng.normal(0, 0.012, 2)
    wave = rng.uniform(0, 2 * np.pi, 2)
    spine = np.stack(
        [*(lean[k] * t * height + 0.006 * height * np.sin(3 * t + wave[k]) * t for k in (0, 1)), t * height], -1
    )
    radius = row.trunk_radius * height
    radii = radius * ((1 - t) ** 0.95 * 0.97 + 0.03) + 0.62 * radius * np.exp(-t * height / (2.2 * radius))
    spine[0, 2] = -0.2 - STEEPEST * radii[0]  # the downhill side of a thick foot reaches far below its middle
    radii[0] *= 1.18
    return Stem(spine, radii)


def whorls(row: Species, height: float, rng: np.random.Generator, count: int, knots: int) -> Branches:
    """A conifer's branches: long and drooping below, short and rising above, a few stunted ones under the crown."""
    t = ((np.arange(count) + rng.uniform(0.1, 0.9, count)) / count) ** 0.86
    azimuth = np.arange(count) * GOLDEN + rng.normal(0, 0.35, count)
    profile = (1 - t) ** row.taper * np.clip(0.45 + 3.2 * t, 0, 1)
    ragged = rng.uniform(0.62, 1.12, count) * (1 + 0.22 * np.sin(9 * t + rng.uniform(0, 6)))
    lengths = height * (row.crown_radius * profile * ragged + 0.013)
    rise = np.radians(row.rise - row.droop * (1 - t) ** 1.4 + 34 * t**2.2 + rng.normal(0, 6, count))
    foot = height * (row.crown_base + (0.985 - row.crown_base) * t)
    return _curves(row, azimuth, lengths, rise, foot, height, knots)


def stunted(row: Species, height: float, rng: np.random.Generator, count: int, knots: int) -> Branches:
    """Short sprays along the bare part of a stem, as old conifers put out."""
    t = rng.uniform(0.25, 1.0, count)
    lengths = height * row.crown_radius * rng.uniform(0.10, 0.34, count) * t
    rise = np.radians(rng.normal(-12, 14, count))
    return _curves(row, rng.uniform(0, 2 * np.pi, count), lengths, rise, height * row.crown_base * t, height, knots)


def _curves(row: Species, azimuth: F64, lengths: F64, rise: F64, foot: F64, height: float, knots: int) -> Branches:
    outward = np.stack([np.sin(azimuth), np.cos(azimuth), np.zeros_like(azimuth)], -1)
    s = np.linspace(0, 1, knots)[None, :]
    up = np.tan(rise)[:, None] * s - row.sag * s**1.8 + row.lift * s**3.2
    points = outward[:, None] * (lengths[:, None] * s)[..., None]
    points[..., 2] += foot[:, None] + lengths[:, None] * up
    return Branches(points, lengths, outward, foot / height)


def limbs(row: Species, height: float, rng: np.random.Generator) -> list[Stem]:
    """A forking tree: a short trunk, then three generations of limbs that fan out into the crown."""
    base = height * max(row.crown_base, 0.12)
    radius = row.trunk_radius * height
    spine = np.array([[0, 0, -0.3], [0.01 * height, 0, base * 0.5], [0.0, 0.012 * height, base]])
    grown = [Stem(spine, radius * np.array([1.45, 0.95, 0.82]))]
    _fork(row, grown, spine[-1], np.array([0.0, 0.0, 1.0]), height - base, radius * 0.8, rng, 3)
    return grown


def _fork(
    row: Species,
    grown: list[Stem],
    foot: F64,
    way: F64,
    room: float,
    radius: float,
    rng: np.random.Generator,
    generations: int,
) -> None:
    count = 4 if generations == 3 else 3
    spin = rng.uniform(0, 2 * np.pi)
    for k in range(count):
        around = spin + 2 * np.pi * k / count + rng.normal(0, 0.25)
        spread = (
            np.array([np.cos(around), np.sin(around), 0.0]) * rng.uniform(0.35, 0.95) * (1.5 * row.crown_radius + 0.4)
        )
        heading = way + spread + [0, 0, 0.25]
        heading = heading / np.linalg.norm(heading)
        size = room * rng.uniform(0.30, 0.46)
        bend = np.array([0, 0, 0.10 * size])
        spine = np.stack([foot, foot + heading * size * 0.5 + bend, foot + heading * size + 1.6 * bend])
        grown.append(Stem(spine, radius * np.array([0.62, 0.48, 0.36])))
        if generations > 1:
            _fork(row, grown, spine[-1], heading, room - size * 0.72, radius * 0.42, rng, generations - 1)


def crown(row: Species, height: float, stems: list[Stem], rng: np.random.Generator, count: int) -> Branches:
    """Leafy sprays of a broadleaf: out of the ends of its limbs, away from the crown's middle."""
    tips = np.array([stem.spine[-1] for stem in stems[len(stems) // 4 :]])
    foot = tips[rng.integers(0, len(tips), count)] + rng.normal(0, 0.055 * height, (count, 3))
    middle = np.array([0, 0, height * (0.45 + 0.3 * row.crown_base)])
    away = foot - middle
    away = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6) + rng.normal(0, 0.42, (count, 3))
    away = away / np.linalg.norm(away, axis=1, keepdims=True)
    lengths = height * rng.uniform(0.10, 0.17, count)
    s = np.linspace(0, 1, 3)[None, :, None]
    points = foot[:, None] + away[:, None] * lengths[:, None, None] * s
    points[..., 2] -= row.sag * lengths[:, None] * np.linspace(0, 1, 3) ** 2
    flat = away * [1, 1, 0.0]
    outward = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return Branches(points, lengths, outward, np.clip(foot[:, 2] / height, 0, 1))


def arching(row: Species, height: float, rng: np.random.Generator, count: int, knots: int) -> Branches:
    """Leaves from one root: fronds that arch over, bush sprays, grass that stands."""
    azimuth = np.arange(count) * GOLDEN + rng.normal(0, 0.3, count)
    lengths = height * rng.uniform(0.75, 1.15, count)
    rise = np.radians(row.rise - row.droop * rng.uniform(0, 1, count))
    outward = np.stack([np.sin(azimuth), np.cos(azimuth), np.zeros(count)], -1)
    s = np.linspace(0, 1, knots)[None, :]
    flat = lengths[:, None] * s * np.cos(rise)[:, None]
    up = lengths[:, None] * (s * np.sin(rise)[:, None] - row.sag * s**2.2 * 0.62)
    start = rng.uniform(0.0, 0.35 if row.habit != "fronds" else 0.05, count) * row.crown_radius * height
    points = outward[:, None] * (start[:, None] + flat)[..., None]
    points[..., 2] += up - 0.03
    return Branches(points, lengths, outward, rng.uniform(0.2, 1.0, count))
