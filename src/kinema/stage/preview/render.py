"""Scene frames to shaded pictures and chunks: the stage's own light, and every buffer the painter reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import FRAMES_PER_CHUNK, Chunk, Lens, empty_arrays
from kinema.buffers.scene_frame import F32, U8, Camera, Particles, SceneFrame
from kinema.stage.preview.compose import Surroundings, composed
from kinema.stage.preview.fog import lamp_glow
from kinema.stage.preview.key_shadow import KeyShadow, visibility
from kinema.stage.preview.lamps import direct, lamp_rows
from kinema.stage.preview.mirror import blurred, mirrored
from kinema.stage.preview.occlusion import occlusion
from kinema.stage.preview.openness import Openness, openness
from kinema.stage.preview.pack import pack_layer, pack_picture
from kinema.stage.preview.particles import Layer, drops_of, lay
from kinema.stage.preview.sky import SkyLight, sky_light
from kinema.stage.preview.tone import developed
from kinema.stage.raster.assembly import Assembler, Geometry
from kinema.stage.raster.edges import Samples, samples_of
from kinema.stage.raster.resolve import (
    DEPTH,
    FIELDS,
    MOTION,
    NORMAL,
    OPACITY,
    POSITION,
    ROUGHNESS,
    SUBSURFACE,
    Surfels,
    surfels,
)
from kinema.stage.raster.triangles import View, see
from kinema.stage.raster.visibility import SAMPLES, draw

COARSE = 4  # pixels of the grid that soft light is gathered on
OUTLOOK = 0.6  # of the sky that a place in the mirror is taken to see


@dataclass(frozen=True, eq=False)
class Picture:
    """One frame shaded: radiance (3, H W) anti-aliased; surfels of the pixels' middles first, edges after them; depth
    (H, W); visible (H W,) of the key light; reflected (3, H W); what is translucent apart, in layer."""

    radiance: F32
    points: Surfels
    depth: F32
    visible: F32
    reflected: F32
    layer: Layer
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
        shape = (view.height, view.width)
        count = view.height * view.width
        depth = points.values[DEPTH, :count].reshape(shape)
        layer = Layer(np.zeros((*shape, 4), np.float32), np.zeros((*shape, 2), np.float32))
        light.glaze(view, before, seen.inverse_depth, around, layer)
        light.strew(view, before, depth, layer)
        return Picture(
            _joined(radiance, samples, count), points, depth, visible[:count], reflected[:, :count], layer, geometry
        )

    def render(self, frames: Iterable[SceneFrame], first_frame: int = 0) -> Iterator[Chunk]:
        """Chunks of eight frames (fewer at the end), first_frame being the index of the first in its take."""
        before: F32 | None = None
        count = 0
        held: list[SceneFrame] = []
        for frame in frames:
            held.append(frame)
            if len(held) == FRAMES_PER_CHUNK:
                chunk, before = self._chunk(held, first_frame + count, before)
                count, held = count + len(held), []
                yield chunk
        if held:
            yield self._chunk(held, first_frame + count, before)[0]

    def _chunk(self, frames: list[SceneFrame], first: int, before: F32 | None) -> tuple[Chunk, F32]:
        height, width = frames[0].camera.height, frames[0].camera.width
        arrays = empty_arrays(len(frames), height, width)
        for index, frame in enumerate(frames):
            picture = self.picture(frame)
            if before is None:
                before = self._earlier_depth(frame, picture.geometry)
            _fill(arrays, index, picture, before)
            before = picture.depth
        lenses = tuple(Lens(f.camera.focal, f.camera.aperture, f.camera.focus) for f in frames)
        assert before is not None
        return Chunk(first_frame=first, lenses=lenses, **arrays), before

    def _earlier_depth(self, frame: SceneFrame, geometry: Geometry) -> F32:
        """Depth (H, W) of the frame before, from where things were: for the first frame of a span."""
        view = view_of(frame.previous_camera)
        past = replace(geometry, positions=geometry.previous)
        nearness = draw(past, view, see(past, view), SAMPLES[:1]).inverse_depth
        with np.errstate(divide="ignore"):
            return np.asarray(1.0 / nearness, np.float32)

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

    def glaze(self, view: View, before: View, nearness: F32, around: Surroundings, layer: Layer) -> None:
        """Lay glass and other translucent surfaces into the layer: the nearest at each pixel."""
        triangles = see(self.geometry, view, layer=True)
        if not len(triangles.where):
            return
        seen = draw(self.geometry, view, triangles, SAMPLES, nearness).triangle
        cover = (seen >= 0).mean(0, dtype=np.float32)
        rows, columns = np.nonzero(cover)
        if not len(rows):
            return
        record = seen.max(0)[rows, columns]
        middle = seen[0][rows, columns]
        record = np.where(middle >= 0, middle, record).astype(np.int32)
        x, y = (columns + 0.5).astype(np.float32), (rows + 0.5).astype(np.float32)
        points = surfels(self.geometry, view, before, triangles, x, y, record)
        radiance, matt, _ = self.shade(points, view, self.visible(points, view), around)
        opacity = points.values[OPACITY]
        place, normal = points.values[POSITION : POSITION + 3], points.values[NORMAL : NORMAL + 3]
        cosine = np.abs((place * normal).sum(0)) / np.linalg.norm(place, axis=0)
        clear = (1.0 - opacity) * (1.0 - 0.04 - 0.96 * (1.0 - cosine) ** 5)
        share = cover[rows, columns]
        layer.colour[rows, columns, :3] = ((radiance - matt + matt * opacity) * share).T
        layer.colour[rows, columns, 3] = share * (1.0 - clear)
        layer.motion[rows, columns] = (points.values[MOTION : MOTION + 2] * share * (1.0 - clear)).T

    def strew(self, view: View, before: View, depth: F32, layer: Layer) -> None:
        """Lay the particles into the layer, then make its motion plain pixels."""
        drops = [
            drops_of(p, self._falling_on(p, view), view, before, self.frame.interval)
            for p in self.frame.particles
            if len(p.positions)
        ]
        if drops:
            lay(np.concatenate(drops), np.ascontiguousarray(depth), layer)
        layer.motion[...] /= np.maximum(layer.colour[..., 3:], 1e-4)

    def _falling_on(self, particles: Particles, view: View) -> F32:
        """Light (N, 3) on particles: as on soft matter that faces the eye."""
        place = (particles.positions - view.position).astype(np.float32)
        values = np.zeros((FIELDS, len(place)), np.float32)
        values[POSITION : POSITION + 3] = place.T
        values[NORMAL : NORMAL + 3] = -(place / np.maximum(np.linalg.norm(place, axis=1, keepdims=True), 1e-3)).T
        values[SUBSURFACE], values[ROUGHNESS] = 2.0, 1.0
        none = np.zeros(len(place), np.float32)
        points = Surfels(values, np.zeros(len(place), np.int32), none, none)
        lit = direct(points, self.frame.key_light, self.visible(points, view), self.lamps)
        return np.asarray(lit.diffuse.T + OUTLOOK * self.sky.mean, np.float32)

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
    """(3, count): every pixel the weighted mean of its samples."""
    picture = radiance[:, :count].copy()
    if len(samples.pixel):
        own = np.bincount(samples.pixel, samples.weight, minlength=count).astype(np.float32)
        touched = np.flatnonzero(own)
        for c in range(3):
            extra = np.bincount(samples.pixel, samples.weight * _soft(radiance[c, count:]), minlength=count)
            picture[c, touched] = _unsoft(_soft(picture[c, touched]) * (1.0 - own[touched]) + extra[touched])
    return picture


def _soft(x: F32) -> NDArray[Any]:
    """Squeeze bright light before averaging, so that an edge against a lamp is smooth on the screen."""
    return x / (1.0 + x)


def _unsoft(x: NDArray[Any]) -> NDArray[Any]:
    return x / np.maximum(1.0 - x, 1e-3)


def _fill(arrays: dict[str, NDArray[Any]], index: int, picture: Picture, before: F32) -> None:
    """Write one picture into place `index` of a chunk's arrays."""
    pack_picture(
        arrays, index, picture.points.values, picture.points.surface, picture.radiance, picture.visible,
        picture.reflected, picture.geometry.ids, before,
    )  # fmt: skip
    pack_layer(arrays, index, picture.layer.colour, picture.layer.motion)


def render(frames: Iterable[SceneFrame]) -> Iterator[Chunk]:
    """Chunks of a take's frames, in order."""
    return Renderer().render(frames)


def still(frame: SceneFrame) -> U8:
    """(H, W, 3) sRGB picture of one frame, under a neutral tone curve: for looking at."""
    picture = Renderer().picture(frame)
    height, width = picture.depth.shape
    below = picture.radiance.T.reshape(height, width, 3)
    layer = picture.layer.colour
    return developed(below * (1.0 - layer[..., 3:]) + layer[..., :3])
