"""Foliage drawn stroke by stroke: sprays of needles, leaves, fronds and blades, as cut-out textures for cards.

A card's v runs from the branch's foot (bottom row) to its tip (top row). Strokes are drawn large and shrunk, so that
edges are smooth, and colour is bled past the edges, so that filtering brings in no fringe.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt, gaussian_filter

from kinema.buffers.scene_frame import U8, Colour, Texture
from kinema.stage.bodies.tree.species import Spray, species
from kinema.stage.cache import kept
from kinema.stage.chance import chance
from kinema.stage.colours import decoded, encoded
from kinema.stage.sets.noise import smooth

WIDTH, HEIGHT, FINER = 192, 384, 3
TWIG: Colour = (0.085, 0.055, 0.035)
Point = tuple[float, float]


@dataclass(eq=False)
class Sheet:
    """A sheet to draw on: x across in -1 to 1, y from foot 0 to tip 1."""

    rng: np.random.Generator
    leaf: Colour
    young: Colour
    picture: Image.Image = field(default_factory=lambda: Image.new("RGBA", (WIDTH * FINER, HEIGHT * FINER)))

    def __post_init__(self) -> None:
        self.draw = ImageDraw.Draw(self.picture)

    def pixel(self, point: Point) -> Point:
        """Sheet coordinates to pixels."""
        return (point[0] + 1) / 2 * WIDTH * FINER, (1 - point[1]) * HEIGHT * FINER

    def stroke(self, start: Point, end: Point, width: float, age: float) -> None:
        """A needle or blade: age 0 is young and light, 1 old; each varies a little."""
        self.draw.line([self.pixel(start), self.pixel(end)], self.shade(age), max(1, round(width * FINER)))

    def twig(self, start: Point, end: Point, width: float) -> None:
        """Wood."""
        self.draw.line([self.pixel(start), self.pixel(end)], _byte(TWIG, 1.0), max(1, round(width * FINER)))

    def leaf_at(self, place: Point, angle: float, length: float, age: float) -> None:
        """A pointed oval, length in sheet heights, with a lighter half."""
        x, y = self.pixel(place)
        size = length * HEIGHT * FINER
        along = np.array([np.sin(angle), -np.cos(angle)]) * size
        side = np.array([np.cos(angle), np.sin(angle)]) * size * 0.27
        foot, tip = np.array([x, y]), np.array([x, y]) + along
        for way, light in ((side, 1.0), (-side, 0.82)):
            outline = [foot, foot + 0.3 * along + 0.9 * way, foot + 0.6 * along + 0.8 * way, tip]
            self.draw.polygon([tuple(p) for p in outline], self.shade(age, light))

    def shade(self, age: float, light: float = 1.0) -> tuple[int, int, int, int]:
        """A foliage colour as it is drawn: sRGB bytes, opaque."""
        mix = np.asarray(self.young) * (1 - age) + np.asarray(self.leaf) * age
        return _byte(tuple(mix), light * float(self.rng.uniform(0.72, 1.28)))


def _byte(colour: Colour, light: float) -> tuple[int, int, int, int]:
    r, g, b = encoded(np.asarray(colour) * light).tolist()
    return r, g, b, 255


@functools.cache
def spray_texture(name: str) -> Texture:
    """The cut-out texture of a species' sprays."""
    return kept("spray", name, lambda: _drawn(name))


def _drawn(name: str) -> Texture:
    row = species()[name]
    sheet = Sheet(chance(0, name, "spray"), row.foliage, row.young)
    if row.spray is not None:
        DRAW[row.spray](sheet)
    colour, cover = _shrink(sheet.picture, FINER)
    return Texture(f"tree/{name}/spray", albedo=colour, alpha=cover)


def _shrink(picture: Image.Image, factor: int) -> tuple[U8, U8]:
    """Box-filtered colour (bled outwards) and coverage, whose mean among the foliage is brought up to one half."""
    pixels = np.asarray(picture, np.float32) / 255.0
    height, width = pixels.shape[0] // factor, pixels.shape[1] // factor
    blocks = pixels[: height * factor, : width * factor].reshape(height, factor, width, factor, 4)
    cover = blocks[..., 3].mean((1, 3))
    linear = decoded(np.asarray(np.rint(blocks[..., :3] * 255.0), np.uint8))
    colour = (linear * blocks[..., 3:]).sum((1, 3)) / np.maximum(blocks[..., 3:].sum((1, 3)), 1e-6)
    nearest = distance_transform_edt(cover < 0.05, return_distances=False, return_indices=True)
    colour = colour[tuple(nearest)]
    whole = float((pixels[..., 3] > 0.5).mean())
    level = float(np.quantile(cover, 1 - whole)) if 0 < whole < 1 else 0.5
    cover = np.clip(cover * (0.5 / max(level, 0.08)), 0, 1)
    # Gaps among needles stay just under the cut at one half, so that coarser levels of the texture, which are means,
    # do not lose thin foliage; open space stays at nothing.
    near = gaussian_filter(cover, 7.0)
    density = float((cover * near).sum() / near.sum())
    gap = np.clip((0.5 - density) / (1 - density), 0, 0.42) * smooth(0.06, 0.30, near)
    cover = np.maximum(cover, gap)
    return encoded(colour), (cover * 255 + 0.5).astype(np.uint8)


def _needled(sheet: Sheet, start: Point, end: Point, needle: float, pairs: int, width: float, age: float) -> None:
    """A twig with needles in two ranks leaning towards its tip; lengths in sheet heights (x is half a width)."""
    ratio = 2 * HEIGHT / WIDTH
    dx, dy = (end[0] - start[0]) / ratio, end[1] - start[1]
    angle = np.arctan2(dx, dy)
    sheet.twig(start, end, 1.1)
    for k in range(pairs):
        t = (k + 0.5) / pairs
        x, y = start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t
        reach = needle * (0.65 + 0.6 * np.sin(np.pi * (0.15 + 0.75 * t))) * sheet.rng.uniform(0.75, 1.15)
        for side in (-1.0, 1.0):
            a = angle + side * np.radians(52 - 22 * t) + sheet.rng.normal(0, 0.12)
            tip = (x + np.sin(a) * reach * ratio, y + np.cos(a) * reach)
            sheet.stroke((x, y), tip, width, float(np.clip(age + 0.45 * (1 - t), 0, 1)))
    sheet.stroke(
        end, (end[0] + np.sin(angle) * needle * ratio * 0.8, end[1] + np.cos(angle) * needle * 0.8), width, age
    )


def _flat(sheet: Sheet) -> None:
    """Redwood: a fern-like fan of two-ranked twigs, each hanging a little apart from the next."""
    _fan(sheet, twigs=15, reach=0.86, needle=0.026, pairs=20, width=1.5, lean=58)


def _dense(sheet: Sheet) -> None:
    """Fir and spruce: close, combed twigs that leave little sky."""
    _fan(sheet, twigs=20, reach=0.80, needle=0.022, pairs=22, width=1.7, lean=50)


def _fan(sheet: Sheet, twigs: int, reach: float, needle: float, pairs: int, width: float, lean: float) -> None:
    sheet.twig((0, 0), (0, 0.96), 2.2)
    ratio = 2 * HEIGHT / WIDTH
    for layer in (1.0, 0.35):  # an old, darker layer first, then this year's on top
        for k in range(twigs):
            t = (k + 0.5) / twigs
            profile = (1 - t) ** 0.75 * min(1.0, 0.35 + 2.6 * t)
            for side in (-1.0, 1.0):
                a = side * np.radians(lean + sheet.rng.normal(0, 7))
                size = 0.30 * reach * profile * sheet.rng.uniform(0.65, 1.12) + 0.03
                foot = (0.0, 0.03 + 0.90 * t + sheet.rng.normal(0, 0.008))
                tip = (float(np.clip(np.sin(a) * size * ratio, -0.95, 0.95)), foot[1] + np.cos(a) * size)
                if tip[1] > 0.985:
                    continue
                _needled(sheet, foot, tip, needle, max(6, int(pairs * size / 0.26)), width, layer)
    _needled(sheet, (0, 0.82), (0, 0.965), needle, 12, width, 0.2)


def _tuft(sheet: Sheet) -> None:
    """Pine: bare twigs that end in round brushes of long needles."""
    ratio = 2 * HEIGHT / WIDTH
    sheet.twig((0, 0), (0.02, 0.9), 3.0)
    places: list[Point] = [(0.0, 0.90)]
    for k in range(9):
        t = 0.18 + 0.72 * k / 9
        for side in (-1.0, 1.0):
            a = side * np.radians(52 + sheet.rng.normal(0, 9))
            size = 0.27 * (1 - t) ** 0.55 * sheet.rng.uniform(0.6, 1.1) + 0.03
            tip = (float(np.clip(np.sin(a) * size * ratio, -0.8, 0.8)), min(t + np.cos(a) * size, 0.93))
            sheet.twig((0, t), tip, 1.6)
            places += [tip, (tip[0] * 0.55, t + (tip[1] - t) * 0.5)]
    for layer in (1.0, 0.5, 0.1):
        for x, y in places:
            for _ in range(46):
                a, size = sheet.rng.uniform(-2.5, 2.5), 0.058 * sheet.rng.uniform(0.6, 1.1) * (1.15 - 0.3 * (1 - layer))
                tip = (x + np.sin(a) * size * ratio, y + np.cos(a) * size)
                sheet.stroke((x, y), tip, 1.25, float(np.clip(layer + 0.2 * np.cos(a), 0, 1)))


def _leaves(sheet: Sheet) -> None:
    """Broadleaf: forked twigs covered with pointed ovals, old ones under young."""
    sheet.twig((0, 0), (0, 0.85), 2.4)
    for k in range(10):
        t, side = 0.12 + 0.07 * k, 1.0 if k % 2 else -1.0
        sheet.twig((0, t), (side * 0.62 * (1.1 - t), t + 0.14), 1.4)
    for layer in (1.0, 0.6, 0.2):
        for _ in range(120):
            y = float(sheet.rng.beta(1.7, 1.5)) * 0.86 + 0.05
            reach = 0.86 * np.sin(np.pi * np.clip(0.08 + 0.88 * y, 0, 1)) ** 0.7
            x = float(sheet.rng.uniform(-1, 1)) * reach
            angle = 1.1 * x + sheet.rng.normal(0, 0.7)
            sheet.leaf_at((x, y), float(angle), float(sheet.rng.uniform(0.055, 0.085)), layer)


def _twigs(sheet: Sheet) -> None:
    """Bare wood forking three times."""

    def fork(start: Point, angle: float, size: float, width: float, depth: int) -> None:
        end = (start[0] + np.sin(angle) * size * 2 * HEIGHT / WIDTH, start[1] + np.cos(angle) * size)
        sheet.twig(start, end, width)
        if depth == 0:
            return
        for turn in (-0.55, 0.05, 0.5):
            share = float(sheet.rng.uniform(0.35, 1.0))
            foot = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            fork(foot, angle + turn + float(sheet.rng.normal(0, 0.15)), size * 0.55, width * 0.62, depth - 1)

    fork((0.0, 0.0), 0.0, 0.42, 5.0, 4)


def _frond(sheet: Sheet) -> None:
    """Fern: a midrib with toothed leaflets, longest a third of the way up."""
    sheet.twig((0, 0), (0, 0.97), 2.0)
    ratio = 2 * HEIGHT / WIDTH
    for k in range(34):
        t = 0.05 + 0.92 * k / 34
        size = 0.235 * (1 - t) ** 0.8 * min(1.0, 0.25 + 3.2 * t)
        for side in (-1.0, 1.0):
            a = side * np.radians(70 - 18 * t + sheet.rng.normal(0, 3))
            tip = (float(np.clip(np.sin(a) * size * ratio, -0.98, 0.98)), min(t + np.cos(a) * size, 0.99))
            _needled(sheet, (0, t), tip, 0.013, max(4, int(34 * size / 0.235 * 0.5)), 2.1, 0.35 + 0.4 * (1 - t))


DRAW: dict[Spray, Callable[[Sheet], None]] = {
    "flat": _flat,
    "dense": _dense,
    "tuft": _tuft,
    "leaves": _leaves,
    "twigs": _twigs,
    "frond": _frond,
}
