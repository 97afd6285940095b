"""Scene frames to shaded pictures and chunks: the stage's own light, and every buffer the painter reads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice

import numpy as np

from kinema.buffers.chunk import FRAMES_PER_CHUNK, Chunk, Lens, empty_arrays
from kinema.buffers.scene_frame import F32, U8, Camera, SceneFrame
from kinema.stage.cores import threads
from kinema.stage.preview.borders import borrowed
from kinema.stage.preview.frame_light import STRIP, FrameLight, Target
from kinema.stage.preview.key_shadow import KeyShadow
from kinema.stage.preview.layers import glaze, strew
from kinema.stage.preview.openness import Openness
from kinema.stage.preview.pack import Slot, blend_edges, empty_slot, pack_layer, paper
from kinema.stage.preview.particles import Layer
from kinema.stage.preview.sky import SkyLight, sky_light
from kinema.stage.preview.soft import Surroundings
from kinema.stage.preview.spans import sharp_spans
from kinema.stage.preview.tone import developed
from kinema.stage.raster.assembly import Assembler, Geometry
from kinema.stage.raster.edges import Samples, edge_samples, smeared_to
from kinema.stage.raster.kernel import hold_memory, over, single_handed
from kinema.stage.raster.triangles import View, see
from kinema.stage.raster.visibility import draw

GRAIN = 4096  # samples of edges shaded at once
Depth = Future[F32]  # (H, W) of a frame that may still be drawn


@cache
def _crew() -> ThreadPoolExecutor:
    """Who draws frames, each alone: frames share less than their parts, so that no core waits for another."""
    return ThreadPoolExecutor(threads(), "frame", single_handed)


def view_of(camera: Camera) -> View:
    """The projection of a scene camera."""
    return View(
        camera.width, camera.height, camera.focal, camera.centre, np.asarray(camera.position, np.float64),
        np.asarray(camera.rotation, np.float64),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Begun:
    """A chunk whose frames are being drawn into its arrays."""

    first: int
    frames: tuple[SceneFrame, ...]
    arrays: Slot
    drawn: tuple[Future[None], ...]

    def chunk(self) -> Chunk:
        """The chunk, once all its frames are drawn. Raises: whatever drawing one of them raised."""
        for one in self.drawn:
            one.result()
        lenses = tuple(Lens(f.camera.focal, f.camera.aperture, f.camera.focus) for f in self.frames)
        return Chunk(first_frame=self.first, lenses=lenses, **self.arrays)

    def cancel(self) -> None:
        """Leave undrawn what nobody has begun to draw."""
        for one in self.drawn:
            one.cancel()


def _first(under_way: deque[Begun]) -> Chunk:
    """The first chunk; it stays among those under way until it is whole."""
    chunk = under_way[0].chunk()
    under_way.popleft()
    return chunk


def _give_up(depth: Depth, drawn: Future[None]) -> None:
    """Whoever waits for the depth of a frame that was cancelled waits in vain. Nothing happens to one that is there."""
    depth.cancel()


class Renderer:
    """Renders frames, as many at once as there are cores; keeps what stands still between them. Its pictures do not
    depend on what it rendered before."""

    def __init__(self) -> None:
        hold_memory()
        self._assembler = Assembler()
        self._shadow = KeyShadow()
        self._openness = Openness()
        self._sky: tuple[str, SkyLight] | None = None
        self._keeping = threading.Lock()  # what is kept is looked up and replaced by one frame at a time

    def render(self, frames: Iterable[SceneFrame], first_frame: int = 0) -> Iterator[Chunk]:
        """Chunks of eight frames (fewer at the end), first_frame being the index of the first in its take.

        While one is in use the next is already being drawn.
        """
        source, before = iter(frames), None
        under_way: deque[Begun] = deque()
        try:
            while held := tuple(islice(source, FRAMES_PER_CHUNK)):
                begun, before = self._begin(held, first_frame, before)
                first_frame += len(held)
                under_way.append(begun)
                if len(under_way) > 1:
                    yield _first(under_way)
            while under_way:
                yield _first(under_way)
        finally:
            for begun in under_way:
                begun.cancel()

    def begun(self, frames: Sequence[SceneFrame]) -> Begun:
        """Have a few frames drawn."""
        return self._begin(tuple(frames), 0, None)[0]

    def _begin(self, frames: tuple[SceneFrame, ...], first: int, before: Depth | None) -> tuple[Begun, Depth]:
        """Have a chunk's frames drawn, and the depth of its last one to come."""
        arrays = empty_arrays(len(frames), frames[0].camera.height, frames[0].camera.width)
        drawn: list[Future[None]] = []
        for index, frame in enumerate(frames):
            depth = Depth()
            slot = {name: array[index] for name, array in arrays.items()}
            drawn.append(_crew().submit(self.fill, frame, slot, before, depth))
            drawn[-1].add_done_callback(partial(_give_up, depth))
            before = depth
        return Begun(first, frames, arrays, tuple(drawn)), depth

    def fill(self, frame: SceneFrame, slot: Slot, before: Depth | None = None, depth: Depth | None = None) -> None:
        """Render one frame into its arrays. before: the depth of the frame before, when there is one · depth: where
        others wait for this one's."""
        depth = depth or Depth()
        try:
            self._fill(frame, slot, before, depth)
        except BaseException as error:
            if not depth.done():
                depth.set_exception(error)
            raise

    def _fill(self, frame: SceneFrame, slot: Slot, before: Depth | None, depth: Depth) -> None:
        with self._keeping:
            geometry = self._assembler.assemble(frame)
            dome = self._openness.dome(geometry, frame.camera, geometry.casts)
            sky = self._sky_light(frame)
        cascades = self._shadow.cascades(geometry, frame.key_light, frame.camera, geometry.casts)
        view, earlier = view_of(frame.camera), view_of(frame.previous_camera)
        triangles = see(geometry, view)
        seen = draw(geometry, view, triangles)
        depth.set_result(_depth(seen.inverse_depth))
        edges = edge_samples(triangles, seen, frame.camera)
        lamp_reach = float(np.clip(3.0 * frame.camera.focus, 10.0, 40.0))
        light = FrameLight(frame, geometry, sky, dome, cascades, lamp_reach)
        around = light.surroundings(view, triangles, seen)
        spans = sharp_spans(seen.inverse_depth, smeared_to(frame.camera))
        target = Target(view, earlier, triangles, seen.triangle[0], frame.mirror_height, spans)
        past = _earlier_depth(geometry, earlier) if before is None else before.result()

        onto = paper(slot, geometry.ids, past)
        over(view.height, STRIP, lambda y0, y1: light.paint(target, y0, y1, around, onto))
        _smooth(slot, light, target, edges, around)
        if frame.particles or geometry.clear.any():
            layer = Layer(slot["layer"], np.zeros((view.height, view.width, 2), np.float32))
            glaze(light, view, earlier, seen.inverse_depth, around, layer)
            strew(light, view, earlier, slot["depth"], layer)
            pack_layer(slot, layer.motion)

    def _sky_light(self, frame: SceneFrame) -> SkyLight:
        if self._sky is None or self._sky[0] != frame.sky.key:
            self._sky = frame.sky.key, sky_light(frame.sky)
        return self._sky[1]


def _smooth(slot: Slot, light: FrameLight, target: Target, edges: Samples, around: Surroundings) -> None:
    """Blend the light of edge samples into their pixels: borrowed from a neighbour, or shaded where there is none."""
    edge_light, lost = borrowed(edges, target.record, target.triangles, slot["preview"])
    resting = replace(target, earlier=target.view)  # nobody asks for their motion

    def borders(a: int, b: int) -> None:
        some = lost[a:b]
        _, shaded = light.shade(resting, edges.x[some], edges.y[some], edges.record[some], around)
        edge_light[:, some] = shaded.radiance

    over(len(lost), GRAIN, borders)
    blend_edges(slot, edges, edge_light)


def _depth(nearness: F32) -> F32:
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / nearness, np.float32)


def _earlier_depth(geometry: Geometry, view: View) -> F32:
    """Depth (H, W) of the frame before, from where things were: for the first frame of a span."""
    past = replace(geometry, positions=geometry.previous)
    return _depth(draw(past, view, see(past, view, samples=1), samples=1).inverse_depth)


def render(frames: Iterable[SceneFrame]) -> Iterator[Chunk]:
    """Chunks of a take's frames, in order."""
    return Renderer().render(frames)


def still(frame: SceneFrame) -> U8:
    """(H, W, 3) sRGB picture of one frame, under a neutral tone curve: for looking at."""
    slot = empty_slot(frame.camera.height, frame.camera.width)
    Renderer().fill(frame, slot)
    over_it: F32 = slot["layer"]
    return developed(np.asarray(slot["preview"] * (1.0 - over_it[..., 3:]) + over_it[..., :3], np.float32))
