"""Scene frames to shaded pictures and chunks: the stage's own light, and every buffer the painter reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from kinema.buffers.chunk import FRAMES_PER_CHUNK, Chunk, Lens, empty_arrays
from kinema.buffers.scene_frame import F32, U8, Camera, SceneFrame
from kinema.stage.preview.borders import borrowed
from kinema.stage.preview.frame_light import STRIP, FrameLight, Target
from kinema.stage.preview.key_shadow import KeyShadow
from kinema.stage.preview.layers import glaze, strew
from kinema.stage.preview.openness import Openness
from kinema.stage.preview.pack import Slot, blend_edges, empty_slot, pack_layer, pack_pixels
from kinema.stage.preview.particles import Layer
from kinema.stage.preview.sky import SkyLight, sky_light
from kinema.stage.preview.tone import developed
from kinema.stage.raster.assembly import Assembler, Geometry
from kinema.stage.raster.edges import edge_samples
from kinema.stage.raster.kernel import hold_memory, over
from kinema.stage.raster.resolve import Resolver
from kinema.stage.raster.triangles import View, see
from kinema.stage.raster.visibility import draw

GRAIN = 4096  # samples of edges shaded at once


def view_of(camera: Camera) -> View:
    """The projection of a scene camera."""
    return View(
        camera.width, camera.height, camera.focal, camera.centre, np.asarray(camera.position, np.float64),
        np.asarray(camera.rotation, np.float64),
    )  # fmt: skip


class Renderer:
    """Renders frames; keeps what stands still between them. Its pictures do not depend on what it rendered before."""

    def __init__(self) -> None:
        hold_memory()
        self._assembler = Assembler()
        self._shadow = KeyShadow()
        self._openness = Openness()
        self._sky: tuple[str, SkyLight] | None = None

    def render(self, frames: Iterable[SceneFrame], first_frame: int = 0) -> Iterator[Chunk]:
        """Chunks of eight frames (fewer at the end), first_frame being the index of the first in its take."""
        before: F32 | None = None
        held: list[SceneFrame] = []
        for frame in frames:
            held.append(frame)
            if len(held) == FRAMES_PER_CHUNK:
                chunk = self._chunk(held, first_frame, before)
                before, first_frame, held = chunk.depth[-1], first_frame + len(held), []
                yield chunk
        if held:
            yield self._chunk(held, first_frame, before)

    def _chunk(self, frames: list[SceneFrame], first: int, before: F32 | None) -> Chunk:
        arrays = empty_arrays(len(frames), frames[0].camera.height, frames[0].camera.width)
        for index, frame in enumerate(frames):
            self.fill(frame, {name: array[index] for name, array in arrays.items()}, before)
            before = arrays["depth"][index]
        lenses = tuple(Lens(f.camera.focal, f.camera.aperture, f.camera.focus) for f in frames)
        return Chunk(first_frame=first, lenses=lenses, **arrays)

    def fill(self, frame: SceneFrame, slot: Slot, before: F32 | None = None) -> None:
        """Render one frame into its arrays; before (H, W): the depth of the frame before, when it is at hand."""
        geometry = self._assembler.assemble(frame)
        view, earlier = view_of(frame.camera), view_of(frame.previous_camera)
        if before is None:
            before = _earlier_depth(geometry, earlier)
        triangles = see(geometry, view)
        seen = draw(geometry, view, triangles)
        edges = edge_samples(triangles, seen)
        lamp_reach = float(np.clip(3.0 * frame.camera.focus, 10.0, 40.0))
        dome = self._openness.dome(geometry, frame.camera, geometry.casts)
        cascades = self._shadow.cascades(geometry, frame.key_light, frame.camera, geometry.casts)
        light = FrameLight(frame, geometry, self._sky_light(frame), dome, cascades, lamp_reach)
        around = light.surroundings(view, triangles, seen)
        target = Target(view, earlier, triangles, seen.triangle[0], frame.mirror_height)

        def middles(y0: int, y1: int) -> None:
            for band in light.strip(target, y0, y1, around):
                pack_pixels(slot, band, geometry.ids, before)

        over(view.height, STRIP, middles)
        edge_light, lost = borrowed(edges, target.record, triangles, slot["preview"])

        def borders(a: int, b: int) -> None:
            some = lost[a:b]
            x, y, record = edges.x[some], edges.y[some], edges.record[some]
            points = Resolver(geometry, view, view, triangles, target.water).at(x, y, record)
            edge_light[:, some] = light.shade(points, view, around).radiance

        over(len(lost), GRAIN, borders)
        blend_edges(slot, edges, edge_light)
        layer = Layer(slot["layer"], np.zeros((view.height, view.width, 2), np.float32))
        glaze(light, view, earlier, seen.inverse_depth, around, layer)
        strew(light, view, earlier, slot["depth"], layer)
        pack_layer(slot, layer.motion)

    def _sky_light(self, frame: SceneFrame) -> SkyLight:
        if self._sky is None or self._sky[0] != frame.sky.key:
            self._sky = frame.sky.key, sky_light(frame.sky)
        return self._sky[1]


def _earlier_depth(geometry: Geometry, view: View) -> F32:
    """Depth (H, W) of the frame before, from where things were: for the first frame of a span."""
    past = replace(geometry, positions=geometry.previous)
    nearness = draw(past, view, see(past, view), samples=1).inverse_depth
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / nearness, np.float32)


def render(frames: Iterable[SceneFrame]) -> Iterator[Chunk]:
    """Chunks of a take's frames, in order."""
    return Renderer().render(frames)


def still(frame: SceneFrame) -> U8:
    """(H, W, 3) sRGB picture of one frame, under a neutral tone curve: for looking at."""
    slot = empty_slot(frame.camera.height, frame.camera.width)
    Renderer().fill(frame, slot)
    over_it: F32 = slot["layer"]
    return developed(np.asarray(slot["preview"] * (1.0 - over_it[..., 3:]) + over_it[..., :3], np.float32))
