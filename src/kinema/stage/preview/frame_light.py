"""All the light of one frame, ready to be asked for any surfel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F32, SceneFrame
from kinema.stage.preview.compose import Scenery, Surroundings, composed, scenery
from kinema.stage.preview.fog import lamp_glow
from kinema.stage.preview.key_shadow import Cascades, visibility
from kinema.stage.preview.lamps import direct, lamp_rows
from kinema.stage.preview.mirror import STEP, blurred, mirrored
from kinema.stage.preview.occlusion import occlusion
from kinema.stage.preview.openness import Dome, openness
from kinema.stage.preview.sky import SkyLight
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import over
from kinema.stage.raster.resolve import DEPTH, MIRROR, NORMAL, Surfels, surfels
from kinema.stage.raster.triangles import Triangles, View, see
from kinema.stage.raster.visibility import Visibility, draw

COARSE = 4  # pixels of the grid that soft light is gathered on
OUTLOOK = 0.6  # of the sky that a place in the mirror is taken to see
MARGIN = 48  # rows of the mirror beyond the wet pixels, for its blur and bumps
# Surfels carried through all of shading at once: what the second-level cache holds. Not a multiple of 1024, or the
# fields of a block would lie whole pages apart and evict each other from the first-level cache.
BLOCK = 12000


def middles_of(view: View) -> tuple[F32, F32]:
    """Screen places x, y (H W,) of the pixels' middles, in reading order."""
    across = np.arange(view.width, dtype=np.float32) + np.float32(0.5)
    down = np.arange(view.height, dtype=np.float32) + np.float32(0.5)
    return np.tile(across, view.height), np.repeat(down, view.width)


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

    def shade(self, points: Surfels, view: View, visible: F32, around: Surroundings) -> tuple[F32, F32, F32]:
        """Radiance, matt part and reflection of surfels seen in a view, each (3, N)."""
        lamps = self.lamps
        if view.mirrored:  # the mirrored eye is elsewhere
            lamps = lamps.copy()
            lamps[:, 2] += self.frame.camera.position[2] - view.position[2]
        lit = direct(points, self.frame.key_light, visible, lamps)
        return composed(points, lit, around)

    def surroundings(self, view: View, triangles: Triangles, seen: Visibility) -> Surroundings:
        """Occlusion, openness, glow, mirror image and bounce for the picture."""
        shade, depth = occlusion(triangles, seen.triangle[0], view)
        points = self._coarse(view, triangles, seen)
        h, w = view.height // COARSE, view.width // COARSE
        grid = np.concatenate(
            [
                points.values[NORMAL : NORMAL + 3].T,
                points.values[DEPTH][:, None],
                openness(points, view.position, self._dome),
                lamp_glow(points, view.position, self.frame.fog, self.lamps),
            ],
            axis=1,
            dtype=np.float32,
        ).reshape(h, w, 11)
        none = np.zeros((2, 2, 4), np.float32)
        about = scenery(self.frame.key_light, self.sky, self.frame.fog, view)
        around = Surroundings(about, shade, depth, grid, COARSE, (none,) * 4, self._others)
        around = replace(around, bounce=self._others + self._bounce(points, view, around))
        return replace(around, mirror=self._mirror(points, view, around.bounce))

    def _coarse(self, view: View, triangles: Triangles, seen: Visibility) -> Surfels:
        """The surfels of every COARSE-th pixel."""
        h, w = view.height // COARSE, view.width // COARSE
        rows, columns = (np.indices((h, w)) * COARSE + COARSE // 2).reshape(2, -1)
        record = seen.triangle[0][rows, columns]
        x, y = (columns + 0.5).astype(np.float32), (rows + 0.5).astype(np.float32)
        return surfels(self.geometry, view, view, triangles, x, y, record, self.frame.mirror_height)

    def _bounce(self, points: Surfels, view: View, around: Surroundings) -> F32:
        """Mean light (3,) the surfaces in view throw back, from a sparse set of them."""
        w = view.width // COARSE
        number = np.arange(len(points.surface))
        chosen = np.flatnonzero((points.surface >= 0) & (number % w % 3 == 1) & (number // w % 3 == 1))
        if not len(chosen):
            return np.zeros(3, np.float32)
        sparse = Surfels(
            np.ascontiguousarray(points.values[:, chosen]), points.surface[chosen], points.x[chosen], points.y[chosen]
        )
        _, matt, _ = self.shade(sparse, view, self.visible(sparse, view), around)
        thrown = np.minimum(matt, 4.0).mean(1) * 1.3  # what bounces once bounces again
        return np.asarray(thrown, np.float32)

    def _mirror(self, points: Surfels, view: View, bounce: F32) -> tuple[F32, F32, F32, F32]:
        """The wet plane's image, sharp and ever more blurred."""
        height = self.frame.mirror_height
        wet = np.flatnonzero(points.values[MIRROR]) // (view.width // COARSE)  # rows of the coarse grid
        if height is None or view.position[2] <= height or not len(wet):
            none = np.zeros((2, 2, 4), np.float32)
            return none, none, none, none
        turned = mirrored(view, height)
        records = see(self.geometry, turned)
        record = draw(self.geometry, turned, records).triangle[0].reshape(-1)
        image = np.zeros((len(record), 4), np.float32)
        around = _bare(scenery(self.frame.key_light, self.sky, self.frame.fog, turned), bounce)

        x, y = middles_of(turned)

        def work(a: int, b: int) -> None:
            points = surfels(self.geometry, turned, turned, records, x[a:b], y[a:b], record[a:b])
            radiance, _, _ = self.shade(points, turned, self.visible(points, turned), around)
            image[a:b, :3] = radiance.T
            image[a:b, 3] = np.minimum(points.values[DEPTH], 400.0)

        low = max(0, wet[0] * COARSE // STEP - MARGIN) * turned.width
        high = min(turned.height, wet[-1] * COARSE // STEP + MARGIN) * turned.width
        over(high - low, BLOCK, lambda a, b: work(low + a, low + b))
        return blurred(image.reshape(turned.height, turned.width, 4))


def _bare(about: Scenery, bounce: F32) -> Surroundings:
    """Surroundings of a picture nobody looks at closely: a middling outlook everywhere."""
    ones, none = np.ones((2, 2), np.float32), np.zeros((2, 2, 4), np.float32)
    grid = np.zeros((2, 2, 11), np.float32)
    grid[..., 4], grid[..., 7] = OUTLOOK, OUTLOOK / 2.0
    return Surroundings(about, ones, ones, grid, 1 << 20, (none,) * 4, bounce)
