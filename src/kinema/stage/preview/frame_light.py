"""All the light of one frame, ready to be asked for any surfel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from kinema.buffers.scene_frame import F32, I32, SceneFrame
from kinema.stage.preview.compose import Shaded, compose
from kinema.stage.preview.contacts import grounded
from kinema.stage.preview.fog import lamp_glow
from kinema.stage.preview.key_shadow import Cascades, visibility
from kinema.stage.preview.lamps import lamp_light, lamp_rows
from kinema.stage.preview.mirror import STEP, blurred, mirrored
from kinema.stage.preview.occlusion import occlusion
from kinema.stage.preview.openness import Dome, openness
from kinema.stage.preview.sky import SkyLight
from kinema.stage.preview.soft import Mirror, Scenery, Surroundings, scenery, soft_light
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import disjoint, over
from kinema.stage.raster.resolve import DEPTH, MIRROR, NORMAL, Resolver, Surfels
from kinema.stage.raster.triangles import Triangles, View, see
from kinema.stage.raster.visibility import Visibility, draw

COARSE = 4  # pixels of the grid that soft light is gathered on
OUTLOOK = 0.6  # of the sky that a place in the mirror is taken to see
MARGIN = 48  # rows of the mirror beyond the wet pixels, for its blur and bumps
ROWS = 12  # of pixels carried through all of shading at once: what the second-level cache holds
STRIP = 96  # rows to one piece of work

NO_MIRROR = Mirror(np.zeros(28 * 4, np.float32), 2, 2)


@dataclass(frozen=True, eq=False)
class Target:
    """A picture to be shaded: what its pixels see, record (H, W), -1 is sky · earlier: the view a frame ago · water:
    height of a wet plane."""

    view: View
    earlier: View
    triangles: Triangles
    record: I32
    water: float | None


@dataclass(frozen=True, eq=False)
class Band:
    """Some rows of a picture, from row `top` on: their pixels' surfels and light."""

    top: int
    points: Surfels
    light: Shaded


class FrameLight:
    """Key light, lamps, sky, bounce, mirror and fog of one frame."""

    def __init__(
        self, frame: SceneFrame, geometry: Geometry, sky: SkyLight, dome: Dome, cascades: Cascades | None, reach: float
    ) -> None:
        self.frame, self.geometry, self.sky = frame, geometry, sky
        self._dome, self._cascades = dome, cascades
        self.lamps, self._others = lamp_rows(frame.lamps, frame.camera, reach)

    def visible(self, points: Surfels, view: View) -> F32:
        """Share of the key light each surfel gets (N,)."""
        if self._cascades is None or self.frame.key_light is None:
            return np.zeros(len(points.surface), np.float32)
        return visibility(points, self._cascades, view.position, self.frame.key_light)

    def shade(self, points: Surfels, view: View, around: Surroundings) -> Shaded:
        """Light of surfels seen in a view, everything gathered for each of them."""
        return compose(points, len(points.surface), self._softly(points, view, around), 0, around)[0]

    def _softly(self, points: Surfels, view: View, around: Surroundings) -> F32:
        lamps = lamp_light(points, self._lamps_from(view))
        return soft_light(points, lamps, self.visible(points, view), around)

    def strip(self, target: Target, y0: int, y1: int, around: Surroundings) -> Iterator[Band]:
        """Light of the pixels of rows [y0, y1) of a view, y0 even, from the lowest band of ROWS up: what was gathered
        for one band's first row serves the last row of the band above."""
        view, width = target.view, target.view.width
        resolver = Resolver(self.geometry, view, target.earlier, target.triangles, target.water)
        columns = _every_second(1, width)
        below: F32 | None = None
        if y1 < view.height:
            x, y = (columns + 0.5).astype(np.float32), np.full(len(columns), y1 + 0.5, np.float32)
            below = self._softly(resolver.at(x, y, target.record[y1, columns]), view, around)
        for top in reversed(range(y0, y1, ROWS)):
            rows = min(ROWS, y1 - top)
            x, y = _middles(rows, width)
            points = resolver.at(x, y + np.float32(top), target.record[top : top + rows].reshape(-1))
            own = self._softly(chosen(points, _every_second(rows, width)), view, around)
            table = np.concatenate([own, own[:, -len(columns) :] if below is None else below], 1)
            below = own[:, : len(columns)]
            into, lost = compose(points, rows * width, table, width, around)
            if len(lost):
                into.take(lost, self.shade(chosen(points, lost), view, around))
            yield Band(top, points, into)

    def _lamps_from(self, view: View) -> F32:
        if not view.mirrored:
            return self.lamps
        lamps = self.lamps.copy()  # the mirrored eye is elsewhere
        lamps[:, 2] += self.frame.camera.position[2] - view.position[2]
        return lamps

    def surroundings(self, view: View, triangles: Triangles, seen: Visibility) -> Surroundings:
        """Occlusion, openness, glow, mirror image and bounce for the picture."""
        shade, depth = occlusion(triangles, seen.triangle[0], view)
        shade = grounded(shade, depth, self.geometry, view)
        points = self._coarse(view, triangles, seen)
        h, w = view.height // COARSE, view.width // COARSE
        grid = [
            points.values[NORMAL : NORMAL + 3],
            points.values[DEPTH][None],
            openness(points, view.position, self._dome),
        ]
        if self.frame.fog is not None and len(self.lamps):
            grid.append(lamp_glow(points, view.position, self.frame.fog, self.lamps).T)
        about = scenery(self.frame.key_light, self.sky, self.frame.fog, view)
        around = Surroundings(
            about, shade, depth, np.concatenate(grid).reshape(-1, h, w), COARSE, NO_MIRROR, self._others
        )
        around = replace(around, bounce=self._others + self._bounce(points, view, triangles, seen, around))
        return replace(around, mirror=self._mirror(points, view, around.bounce))

    def _coarse(self, view: View, triangles: Triangles, seen: Visibility) -> Surfels:
        """The surfels of every COARSE-th pixel, without their maps."""
        h, w = view.height // COARSE, view.width // COARSE
        rows, columns = (np.indices((h, w)) * COARSE + COARSE // 2).reshape(2, -1)
        record = seen.triangle[0][rows, columns]
        x, y = (columns + 0.5).astype(np.float32), (rows + 0.5).astype(np.float32)
        return Resolver(self.geometry, view, view, triangles, self.frame.mirror_height, True).at(x, y, record)

    def _bounce(self, points: Surfels, view: View, triangles: Triangles, seen: Visibility, around: Surroundings) -> F32:
        """Mean light (3,) the surfaces in view throw back, from a sparse set of them."""
        w = view.width // COARSE
        number = np.arange(len(points.surface))
        sparse = np.flatnonzero((points.surface >= 0) & (number % w % 3 == 1) & (number // w % 3 == 1))
        if not len(sparse):
            return np.zeros(3, np.float32)
        rows, columns = (part * COARSE + COARSE // 2 for part in np.divmod(sparse, w))
        resolver = Resolver(self.geometry, view, view, triangles, self.frame.mirror_height)
        surfels = resolver.at(points.x[sparse], points.y[sparse], seen.triangle[0][rows, columns])
        matt = self.shade(surfels, view, around).matt
        thrown = np.minimum(matt, 4.0).mean(1) * 1.3  # what bounces once bounces again
        return np.asarray(thrown, np.float32)

    def _mirror(self, points: Surfels, view: View, bounce: F32) -> Mirror:
        """The wet plane's image, sharp and ever more blurred."""
        height = self.frame.mirror_height
        wet = np.flatnonzero(points.values[MIRROR]) // (view.width // COARSE)  # rows of the coarse grid
        if height is None or view.position[2] <= height or not len(wet):
            return NO_MIRROR
        turned = mirrored(view, height)
        records = see(self.geometry, turned)
        record = draw(self.geometry, turned, records, samples=1).triangle[0]
        target = Target(turned, turned, records, record, None)
        image = np.zeros((turned.height, turned.width, 4), np.float32)
        around = _bare(scenery(self.frame.key_light, self.sky, self.frame.fog, turned), bounce)

        def work(y0: int, y1: int) -> None:
            for band in self.strip(target, y0, y1, around):
                values, radiance = band.points.values, band.light.radiance
                rows = image[band.top : band.top + radiance.shape[1] // turned.width].reshape(-1, 4)
                rows[:, :3] = radiance.T
                rows[:, 3] = np.minimum(values[DEPTH], 400.0)

        low = max(0, wet[0] * COARSE // STEP - MARGIN) // ROWS * ROWS
        high = min(turned.height, wet[-1] * COARSE // STEP + MARGIN)
        over(high - low, STRIP, lambda a, b: work(low + a, low + b))
        return blurred(image)


def chosen(points: Surfels, index: I32) -> Surfels:
    """The surfels that index (M,) names."""
    count = len(index)
    values, surface = np.empty((len(points.values), count), np.float32), np.empty(count, np.int32)
    x, y = np.empty(count, np.float32), np.empty(count, np.float32)
    pick(points.values, points.surface, points.x, points.y, index, values, surface, x, y)
    return Surfels(values, surface, x, y)


@disjoint
def pick(values, surface, x, y, index, into, its_surface, its_x, its_y):  # type: ignore[no-untyped-def]
    """Copy what index (M,) names, all its numbers >= 0: NumPy takes several times as long to look each of them over."""
    for k in range(np.uint64(values.shape[0])):
        for n in range(np.uint64(index.shape[0])):
            into[k, n] = values[k, np.uint64(index[n])]
    for n in range(np.uint64(index.shape[0])):
        at = np.uint64(index[n])
        its_surface[n], its_x[n], its_y[n] = surface[at], x[at], y[at]


@cache
def _every_second(rows: int, width: int) -> I32:
    """Numbers of every second pixel of every second row of a band, each row's end repeated so that there is a next one
    everywhere."""
    columns = np.minimum(np.arange(width // 2 + 1) * 2, (width - 1) // 2 * 2)
    return np.asarray(np.arange(0, rows, 2)[:, None] * width + columns, np.int32).reshape(-1)


@cache
def _middles(rows: int, width: int) -> tuple[F32, F32]:
    """The places x, y (rows width,) of a band's pixels, the first at (0.5, 0.5)."""
    y, x = np.indices((rows, width), np.float32).reshape(2, -1) + np.float32(0.5)
    return x, y


def _bare(about: Scenery, bounce: F32) -> Surroundings:
    """Surroundings of a picture nobody looks at closely: a middling outlook everywhere."""
    ones = np.ones((2, 2), np.float32)
    grid = np.zeros((8, 2, 2), np.float32)
    grid[4], grid[7] = OUTLOOK, OUTLOOK / 2.0
    return Surroundings(about, ones, ones, grid, 1 << 20, NO_MIRROR, bounce)
