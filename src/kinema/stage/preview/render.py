"""Scene frames to shaded pictures and chunks: the stage's own light, and every buffer the painter reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import FRAMES_PER_CHUNK, Chunk, Lens, empty_arrays
from kinema.buffers.scene_frame import F32, U8, Camera, SceneFrame
from kinema.stage.preview.compose import Surroundings, composed
from kinema.stage.preview.fog import lamp_glow
from kinema.stage.preview.key_shadow import KeyShadow, visibility
from kinema.stage.preview.lamps import direct, lamp_rows
from kinema.stage.preview.mirror import blurred, mirrored
from kinema.stage.preview.occlusion import occlusion
from kinema.stage.preview.openness import Openness, openness
from kinema.stage.preview.sky import SkyLight, sky_light
from kinema.stage.preview.tone import developed
from kinema.stage.raster.assembly import Assembler, Geometry
from kinema.stage.raster.edges import Samples, samples_of
from kinema.stage.raster.resolve import DEPTH, NORMAL, Surfels, surfels
from kinema.stage.raster.triangles import Triangles, View, see
from kinema.stage.raster.visibility import SAMPLES, draw

COARSE = 4  # pixels of the grid that soft light is gathered on
OUTLOOK = 0.6  # of the sky that a place in the mirror is taken to see


@dataclass(frozen=True, eq=False)
class Picture:
    """One frame shaded: radiance (H, W, 3) anti-aliased, and what the middles of its pixels see."""

    radiance: F32
    points: Surfels
    samples: Samples
    visible: F32
    reflected: F32
    geometry: Geometry


def view_of(camera: Camera) -> View:
    """The projection of a scene camera."""
    return View(
        camera.width, camera.height, camera.focal, camera.centre, np.asarray(camera.position, np.float64),
        np.asarray(camera.rotation, np.float64),
    )  # fmt: skip


class Renderer:
    """Renders frames; keeps what stands still between them. Its pictures do not depend on what it rendered before."""

    def __init__(self) -> None:
        self._assembler = Assembler()
        self._shadow = KeyShadow()
        self._openness = Openness()
        self._sky: tuple[str, SkyLight] | None = None

    def picture(self, frame: SceneFrame) -> Picture:
        """Shade one frame."""
        geometry = self._assembler.assemble(frame)
        view, before = view_of(frame.camera), view_of(frame.previous_camera)
        triangles = see(geometry, view)
        seen = draw(geometry, view, triangles)
        samples = samples_of(geometry, triangles, seen)
        water = frame.mirror_height
        points = surfels(geometry, view, before, triangles, samples.x, samples.y, samples.record, water)
        light = _Light(self, frame, geometry)
        visible = light.visible(points, view)
        around = light.surroundings(points, view)
        radiance, _, reflected = light.shade(points, view, visible, around)
        count = view.height * view.width
        return Picture(
            radiance=_joined(radiance, samples, count).reshape(view.height, view.width, 3),
            points=points,
            samples=samples,
            visible=visible[:count],
            reflected=reflected[:, :count],
            geometry=geometry,
        )

    def sky(self, frame: SceneFrame) -> SkyLight:
        """The light of the frame's sky, kept by its key."""
        if self._sky is None or self._sky[0] != frame.sky.key:
            self._sky = frame.sky.key, sky_light(frame.sky)
        return self._sky[1]


class _Light:
    """All the light of one frame."""

    def __init__(self, renderer: Renderer, frame: SceneFrame, geometry: Geometry) -> None:
        self.frame, self.geometry = frame, geometry
        self.sky = renderer.sky(frame)
        self.dome = renderer._openness.dome(geometry, frame.camera, geometry.casts)
        reach = float(np.clip(3.0 * frame.camera.focus, 10.0, 40.0))
        self.lamps = lamp_rows(frame.lamps, frame.camera, reach)
        key = frame.key_light
        self.cascades = None if key is None else renderer._shadow.cascades(geometry, key, frame.camera, geometry.casts)

    def visible(self, points: Surfels, view: View) -> F32:
        """Share of the key light each surfel gets (N,)."""
        if self.cascades is None or self.frame.key_light is None:
            return np.zeros(len(points.surface), np.float32)
        return visibility(points, self.cascades, view.position, self.frame.key_light)

    def surroundings(self, points: Surfels, view: View) -> Surroundings:
        """Occlusion, openness, glow, mirror image and bounce for the picture."""
        width, height = view.width, view.height
        shade, guide = occlusion(points.values, width, height, view.focal)
        fog, lamps = self.frame.fog, self.lamps
        step = COARSE
        glow = np.zeros((height // step, width // step, 3), np.float32)
        if fog is not None:
            glow = lamp_glow(points.values, width, height, step, view.position, fog, lamps)
        grid = _grid(points.values[:, : width * height], width, height, step)
        around = Surroundings(
            occlusion=shade,
            depth=np.ascontiguousarray(guide[..., 3]),
            openness=openness(points.values, width, height, step, view.position, self.dome),
            glow=glow,
            guide=grid,
            step=step,
            mirror=self._mirror(points, view),
            bounce=np.zeros(3, np.float32),
        )
        return self._with_bounce(points, view, around)

    def _with_bounce(self, points: Surfels, view: View, around: Surroundings) -> Surroundings:
        """Add the mean light the surfaces in view throw back, from a sparse set of them."""
        rows, columns = np.mgrid[4 : view.height : 8, 4 : view.width : 8]
        chosen = (rows * view.width + columns).ravel()
        chosen = chosen[points.surface[chosen] >= 0]
        if not len(chosen):
            return around
        sparse = Surfels(
            np.ascontiguousarray(points.values[:, chosen]), points.surface[chosen], points.x[chosen], points.y[chosen]
        )
        _, matt, _ = self.shade(sparse, view, self.visible(sparse, view), around)
        thrown = np.minimum(matt, 4.0).mean(1) * np.float32(1.3)  # what bounces once bounces again
        return Surroundings(**{**vars(around), "bounce": thrown.astype(np.float32)})

    def shade(self, points: Surfels, view: View, visible: F32, around: Surroundings) -> tuple[F32, F32, F32]:
        """Radiance, matt part and reflection of surfels seen in a view, each (3, N)."""
        lamps = self.lamps.copy()
        lamps[:, 2] += self.frame.camera.position[2] - view.position[2]  # the mirrored eye is elsewhere
        lit = direct(points, self.frame.key_light, visible, lamps)
        return composed(
            points, lit, visible, self.frame.key_light, self.sky, self.frame.fog, view.position, view.rotation,
            view.focal, view.height, around,
        )  # fmt: skip

    def _mirror(self, points: Surfels, view: View) -> tuple[F32, F32, F32, F32]:
        height = self.frame.mirror_height
        if height is None or view.position[2] <= height or not points.values[21].any():
            empty = np.zeros((2, 2, 4), np.float32)
            return empty, empty, empty, empty
        turned = mirrored(view, height)
        triangles = see(self.geometry, turned)
        seen = draw(self.geometry, turned, triangles, SAMPLES[:1])
        samples = samples_of(self.geometry, triangles, seen)
        image = surfels(self.geometry, turned, turned, triangles, samples.x, samples.y, samples.record)
        radiance, _, _ = self.shade(image, turned, self.visible(image, turned), _bare())
        shape = (turned.height, turned.width)
        return blurred(np.ascontiguousarray(radiance.T).reshape(*shape, 3), image.values[DEPTH].reshape(shape))


def _bare() -> Surroundings:
    """Surroundings of a picture nobody looks at closely: a middling outlook everywhere."""
    flat = np.zeros((2, 2, 4), np.float32)
    outlook = np.tile(np.array([OUTLOOK, 0.0, 0.0, OUTLOOK / 2.0], np.float32), (2, 2, 1))
    ones = np.ones((2, 2), np.float32)
    return Surroundings(
        ones, ones, outlook, flat[..., :3].copy(), flat, 1 << 20, (flat, flat, flat, flat), np.zeros(3, np.float32)
    )


def _grid(values: F32, width: int, height: int, step: int) -> F32:
    """Normal and depth (h, w, 4) of the coarse grid's pixels."""
    field = values.reshape(len(values), height, width)
    at = (slice(step // 2, height // step * step, step), slice(step // 2, width // step * step, step))
    return np.ascontiguousarray(
        np.stack([*(field[NORMAL + k][at] for k in range(3)), field[DEPTH][at]], -1), np.float32
    )


def _joined(radiance: F32, samples: Samples, count: int) -> F32:
    """(count, 3): every pixel the weighted mean of its samples."""
    picture = np.ascontiguousarray(radiance[:, :count].T)
    if len(samples.pixel):
        own = np.bincount(samples.pixel, samples.weight, minlength=count).astype(np.float32)
        for c in range(3):
            extra = np.bincount(samples.pixel, samples.weight * _soft(radiance[c, count:]), minlength=count)
            mixed = _soft(picture[:, c]) * (1.0 - own) + extra
            touched = own > 0.0
            picture[touched, c] = _unsoft(mixed[touched])
    return picture


def _soft(x: F32) -> NDArray[np.floating]:
    """Squeeze bright light before averaging, so that an edge against a lamp is smooth on the screen."""
    return x / (1.0 + x)


def _unsoft(x: NDArray[np.floating]) -> NDArray[np.floating]:
    return x / np.maximum(1.0 - x, 1e-3)


def still(frame: SceneFrame) -> U8:
    """(H, W, 3) sRGB picture of one frame, under a neutral tone curve: for looking at."""
    return developed(Renderer().picture(frame).radiance)
