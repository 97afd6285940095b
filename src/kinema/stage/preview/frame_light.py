"""All the light of one frame, ready to be asked for any surfel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from kinema.buffers.scene_frame import F32, I32, SceneFrame
from kinema.stage.preview.compose import last_of
from kinema.stage.preview.contacts import grounded
from kinema.stage.preview.fog import lamp_glow
from kinema.stage.preview.key_shadow import Cascades, from_eye, visibility
from kinema.stage.preview.lamps import lamp_rows
from kinema.stage.preview.mirror import STEP, blurred, mirrored
from kinema.stage.preview.occlusion import occlusion
from kinema.stage.preview.openness import Dome, openness
from kinema.stage.preview.pack import empty_slot, paper
from kinema.stage.preview.shading import ROWS, shade
from kinema.stage.preview.sky import SkyLight
from kinema.stage.preview.soft import Mirror, Scenery, Surroundings, scenery, soft_of
from kinema.stage.preview.spans import no_spans, whole_spans
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.edges import smeared_to
from kinema.stage.raster.glimpse import glimpse
from kinema.stage.raster.kernel import over
from kinema.stage.raster.resolve import DEPTH, FIELDS, MIRROR, NORMAL, Resolver, Surfels
from kinema.stage.raster.triangles import Triangles, View, see
from kinema.stage.raster.visibility import Visibility, draw

COARSE = 4  # pixels of the grid that soft light is gathered on
OUTLOOK = 0.6  # of the sky that a place in the mirror is taken to see
MARGIN = 48  # rows of the mirror beyond the wet pixels, for its blur and bumps
STRIP = 240  # rows to one piece of work: what is worked out for a triangle is lost between two

NO_SPANS = no_spans(0)
NO_MIRROR = Mirror(np.zeros(28 * 4, np.float32), 2, 2)
# what the shading kernel is given of that which it is not to write
NONE, NO_IMAGE = np.zeros(0, np.float32), np.zeros((0, 0, 4), np.float32)
NO_PAPER = paper(empty_slot(0, 0), np.zeros((0, 2), np.int32), np.zeros((0, 0), np.float32))
NO_SHEET = np.zeros((0, 0), np.float32), np.zeros(0, np.int32), *(np.zeros((0, 0), np.float32) for _ in range(3)), NONE
NO_SHADOW = (
    np.zeros((0, 3, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 0, 0), np.float32), np.zeros(3, np.float32),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shaded:
    """Each (3, N): radiance · matt: its matt part · reflected: what the wet plane reflects, before Fresnel; lit (N,):
    share of the key light."""

    radiance: F32
    matt: F32
    reflected: F32
    lit: F32


@dataclass(frozen=True, eq=False)
class Target:
    """A picture to be shaded: what its pixels see, record (H, W), -1 is sky · earlier: the view a frame ago · water:
    height of a wet plane · spans (B, 2): the columns shaded pixel by pixel in each band of rows, see
    `sharp_spans`."""

    view: View
    earlier: View
    triangles: Triangles
    record: I32
    water: float | None
    spans: I32


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

    def shade(self, target: Target, x: F32, y: F32, record: I32, around: Surroundings) -> tuple[Surfels, Shaded]:
        """Surfels of samples at places x, y (N,) of a view that see these records (N,), and their light, everything
        gathered for each of them."""
        count = len(record)
        points = Surfels(np.empty((FIELDS, count), np.float32), np.empty(count, np.int32), x, y)
        radiance, matt, reflected = np.empty((3, 3, count), np.float32)
        light = Shaded(radiance, matt, reflected, np.empty(count, np.float32))
        sheet = points.values, points.surface, radiance, matt, reflected, light.lit
        if count:  # without samples the kernel would take it for rows of a picture
            self._shade(replace(target, record=record[None]), x, y, (0, 1), around, NO_PAPER, NO_IMAGE, sheet)
        return points, light

    def paint(self, target: Target, y0: int, y1: int, around: Surroundings, onto: tuple[Any, ...]) -> None:
        """Shade the pixels of rows [y0, y1) of a view, y0 a multiple of ROWS, and write all there is of them: onto is a
        frame's `paper`."""
        self._shade(target, NONE, NONE, (y0, y1), around, onto, NO_IMAGE, NO_SHEET)

    def _shade(
        self, target: Target, x: F32, y: F32, rows: tuple[int, int], around: Surroundings, onto: tuple[Any, ...],
        image: F32, sheet: tuple[Any, ...],
    ) -> None:  # fmt: skip
        resolver = Resolver(self.geometry, target.view, target.earlier, target.triangles, target.water)
        light = self._falling(target.view), soft_of(around), last_of(around)
        picture = target.record, target.spans, *rows, *_columns(target.view.width)
        shade(x, y, *picture, *resolver.parts, *light, onto, image, sheet)

    def _falling(self, view: View) -> tuple[Any, ...]:
        """What `light` and `lit` take: lamps, and matrices, texels and maps of the key light's shadow, and the way to
        it."""
        if self._cascades is None or self.frame.key_light is None:
            return self._lamps_from(view), *NO_SHADOW
        matrices, towards = from_eye(self._cascades, self.frame.key_light, tuple(view.position.tolist()))
        return self._lamps_from(view), matrices, self._cascades.texels, self._cascades.maps, towards

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
        return glimpse(self.geometry, view, triangles, self.frame.mirror_height, x, y, record)

    def _bounce(self, points: Surfels, view: View, triangles: Triangles, seen: Visibility, around: Surroundings) -> F32:
        """Mean light (3,) the surfaces in view throw back, from a sparse set of them."""
        w = view.width // COARSE
        number = np.arange(len(points.surface))
        sparse = np.flatnonzero((points.surface >= 0) & (number % w % 3 == 1) & (number // w % 3 == 1))
        if not len(sparse):
            return np.zeros(3, np.float32)
        rows, columns = (part * COARSE + COARSE // 2 for part in np.divmod(sparse, w))
        record = seen.triangle[0][rows, columns]
        target = Target(view, view, triangles, record, self.frame.mirror_height, NO_SPANS)
        matt = self.shade(target, points.x[sparse], points.y[sparse], target.record, around)[1].matt
        thrown = np.minimum(matt, 4.0).mean(1) * 1.3  # what bounces once bounces again
        return np.asarray(thrown, np.float32)

    def _mirror(self, points: Surfels, view: View, bounce: F32) -> Mirror:
        """The wet plane's image, sharp and ever more blurred."""
        height = self.frame.mirror_height
        wet = np.flatnonzero(points.values[MIRROR]) // (view.width // COARSE)  # rows of the coarse grid
        if height is None or view.position[2] <= height or not len(wet):
            return NO_MIRROR
        turned = mirrored(view, height)
        low = max(0, wet[0] * COARSE // STEP - MARGIN) // ROWS * ROWS
        high = min(turned.height, wet[-1] * COARSE // STEP + MARGIN)
        turned = replace(turned, rows=(low, min(high + 1, turned.height)))  # shading looks a row ahead
        records = see(self.geometry, turned, samples=1)
        record = draw(self.geometry, turned, records, samples=1).triangle[0]
        nearest = points.values[DEPTH, points.values[MIRROR] > 0.0].min()
        smeared = 1.0 / nearest <= smeared_to(self.frame.camera)
        spans = no_spans(turned.height) if smeared else whole_spans(turned.height, turned.width)
        target = Target(turned, turned, records, record, None, spans)
        image = np.zeros((turned.height, turned.width, 4), np.float32)
        around = _bare(scenery(self.frame.key_light, self.sky, self.frame.fog, turned), bounce)

        def work(a: int, b: int) -> None:
            self._shade(target, NONE, NONE, (low + a, low + b), around, NO_PAPER, image, NO_SHEET)

        over(high - low, STRIP, work)
        return blurred(image)


@cache
def _columns(width: int) -> tuple[I32, I32]:
    """Numbers of all columns of a picture, and of every second one, the last one again so that each has a next one."""
    every = np.minimum(np.arange(width // 2 + 1) * 2, (width - 1) // 2 * 2)
    return np.arange(width, dtype=np.int32), every.astype(np.int32)


def _bare(about: Scenery, bounce: F32) -> Surroundings:
    """Surroundings of a picture nobody looks at closely: a middling outlook everywhere."""
    ones = np.ones((2, 2), np.float32)
    grid = np.zeros((8, 2, 2), np.float32)
    grid[4], grid[7] = OUTLOOK, OUTLOOK / 2.0
    return Surroundings(about, ones, ones, grid, 1 << 20, NO_MIRROR, bounce)
