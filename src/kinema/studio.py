"""The studio: stage, painter and finishing of one film, whose pictures it gives in any order."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any

from kinema.buffers.chunk import F32, U8, Chunk
from kinema.buffers.scene_frame import SceneFrame
from kinema.compiling import compiling_ahead
from kinema.director.planned import fitted, planned
from kinema.effort import Clock, peak_memory
from kinema.film.cut import frame_span, joined
from kinema.film.exposure import exposure
from kinema.film.finish import Finisher
from kinema.film.looks import finish_for
from kinema.painter.engines import painter_for, scene_painter_for
from kinema.painter.protocol import State
from kinema.schema.errors import InvalidStoryboard
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Shot
from kinema.stage.beforehand import Helper
from kinema.stage.cameras.moves import shape
from kinema.stage.casting import build_world, refuse_unknown
from kinema.stage.preview.render import Begun, Renderer
from kinema.stage.rehearsal import rehearsal
from kinema.stage.world import World, take

STILL_WIDTH = 480
WHOLE_LINES = 480  # films up to here are staged at their own size
STAGED = 2 / 3  # of the size of larger ones: encoding enlarges them. Fine lettering is softer, and it costs 0.44
Report = Callable[[dict[str, Any]], None]


def unheard(event: dict[str, Any]) -> None:
    """Nobody is told."""


def staged_size(width: int, height: int) -> tuple[int, int]:
    """Width and height, even, at which stage, painter and finishing make a film of this size."""
    if height <= WHOLE_LINES:
        return width, height
    scale = max(STAGED, WHOLE_LINES / height)  # never smaller than a film of fewer lines
    return round(width * scale / 2) * 2, round(height * scale / 2) * 2


class Studio:
    """Stage, painter and finishing of one film."""

    def __init__(self, request: FilmRequest, helper: Helper | None = None) -> None:
        """helper: who makes beforehand what the worlds will show, if anybody does"""
        self.helper = helper or Helper()
        self.clock = Clock()
        with self.clock("plan"):
            self.storyboard = planned(request)
        self.request = request = fitted(request, self.storyboard)
        self.said: list[str] = []
        self.scene_painter = scene_painter_for(request.painter, request.seed)
        self.painter = painter_for("preview" if self.scene_painter else request.painter, self.said.append)
        self.look = finish_for(self.storyboard.look)
        self.exposures: dict[str, float] = {}  # by shot
        self.glimpsed: dict[int, Begun] = {}  # by film frame
        self.worlds: dict[str, World] = {}
        self.renderers: defaultdict[str, Renderer] = defaultdict(Renderer)  # by scene, whose still things each keeps
        self.total = frame_span(self.storyboard.shots[-1], request.fps)[1]
        refuse_unknown(self.storyboard)
        if self.total == 0:
            raise InvalidStoryboard(f"the film must last at least one frame (got {self.storyboard.seconds} s)")

    def prepare(self, report: Report = unheard) -> None:
        """Build the first world, while other processes compile what this machine has not yet compiled, and dress the
        cast of all."""
        shown = {shot.scene for shot in self.storyboard.shots}
        scenes = [scene for scene in self.storyboard.scenes if scene.id in shown]
        self.helper.give([partial(rehearsal, self.storyboard, scene, self.request.seed) for scene in scenes])
        with compiling_ahead(lambda count: report({"event": "compiling", "kernels": count})) as compiled:
            self.world(self.storyboard.shots[0].scene)
            compiled()

    def complete(self) -> None:
        """Build the worlds that are still missing: building holds a film up."""
        for shot in self.storyboard.shots:
            self.world(shot.scene)
        self.helper.dismiss()

    def world(self, scene_id: str) -> World:
        """The world of a scene, built when it is first filmed."""
        if scene_id not in self.worlds:
            scene = next(s for s in self.storyboard.scenes if s.id == scene_id)
            with self.clock("stage"):
                aspect = shape(self.request.width, self.request.height)
                self.worlds[scene_id] = build_world(self.storyboard, scene, self.request.seed, aspect)
            self.helper.give(self.worlds[scene_id].orders())
        return self.worlds[scene_id]

    def frames(self) -> Iterator[U8]:
        """Every display frame (H, W, 3) of the film, in order."""
        return joined(self.storyboard.shots, self.request.fps, self._take)

    def still(self, film_frame: int) -> U8:
        """One small picture (h, w, 3) of the film, by preview and finishing."""
        return self.stills([film_frame])[0]

    def telling(self, film_frames: Sequence[int]) -> list[int]:
        """The same frames, but of each shot the one nearest to its middle moved there, which is drawn anyway."""
        found = list(film_frames)
        for shot in self.storyboard.shots:
            begin, end = frame_span(shot, self.request.fps)
            own = [k for k, frame in enumerate(found) if begin <= frame < end]
            if own:
                found[min(own, key=lambda k: abs(found[k] - self._middle(shot)))] = self._middle(shot)
        return found

    def glimpse(self, film_frame: int) -> U8:
        """A first small picture (h, w, 3), as soon as there can be one: at its own exposure, for the middle of its
        shot, by which the shot is exposed, is another picture to draw."""
        shot = self._shot_at(film_frame)
        self.glimpsed[film_frame] = self._small(shot, film_frame)
        chunk = self.glimpsed[film_frame].chunk()
        return self._developed(chunk, film_frame, self._metered(chunk))

    def stills(self, film_frames: Sequence[int]) -> list[U8]:
        """Small pictures (h, w, 3) of a film, by preview and finishing, each drawn while those after it are staged."""
        shots = {frame: self._shot_at(frame) for frame in film_frames}
        unknown = {shot.id: shot for shot in shots.values() if shot.id not in self.exposures}
        middles = {self._middle(shot): shot for shot in unknown.values()}
        with ExitStack() as under_way:
            drawn: dict[int, Begun] = {}
            for frame, shot in (middles | shots).items():
                drawn[frame] = self.glimpsed.pop(frame) if frame in self.glimpsed else self._small(shot, frame)
                under_way.callback(drawn[frame].cancel)
            for frame, shot in middles.items():
                self.exposures[shot.id] = self._metered(drawn[frame].chunk())
            return [
                self._developed(drawn[frame].chunk(), frame, self.exposures[shot.id]) for frame, shot in shots.items()
            ]

    def _shot_at(self, film_frame: int) -> Shot:
        return next(shot for shot in self.storyboard.shots if film_frame < frame_span(shot, self.request.fps)[1])

    def _middle(self, shot: Shot) -> int:
        """The film frame halfway through a shot."""
        return frame_span(shot, self.request.fps)[0] + int(shot.duration * self.request.fps / 2)

    def _small(self, shot: Shot, film_frame: int) -> Begun:
        """Have one frame of a shot drawn, small."""
        request = self.request
        height = round(STILL_WIDTH * request.height / request.width / 2) * 2
        frame = film_frame - frame_span(shot, request.fps)[0]
        frames = take(self.world(shot.scene), shot, range(frame, frame + 1), request.fps, STILL_WIDTH, height)
        with self.clock("stage"):
            return self.renderers[shot.scene].begun(list(frames))

    def _metered(self, chunk: Chunk) -> float:
        """The exposure that a picture asks for; silhouettes are ink whatever the light."""
        return exposure(chunk.preview[0]) if self.look.ink is None else 0.0

    def _developed(self, chunk: Chunk, film_frame: int, exposed: float) -> U8:
        height, width = chunk.shape[1:]
        return self._finisher(exposed, height, width).frame(chunk, chunk.preview[0], 0, film_frame)

    def _finisher(self, exposed: float, height: int, width: int) -> Finisher:
        """The look at an exposure."""
        look = replace(self.look, exposure=self.look.exposure + exposed)
        return Finisher(look, height, width, self.request.seed)

    def _exposed(self, shot: Shot) -> float:
        """The exposure of a shot, found for its middle."""
        if shot.id not in self.exposures:
            self.stills([self._middle(shot)])
        return self.exposures[shot.id]

    def figures(self, wall: float) -> dict[str, float | int | str]:
        """What the film took, in seconds and, where the system tells, megabytes."""
        self.helper.end()  # or its memory is not known
        spent = {
            f"{part}_s": round(self.clock.spent.get(part, 0.0), 2) for part in ("plan", "stage", "paint", "encode")
        }
        return {
            "wall_s": round(wall, 2),
            **spent,
            **peak_memory(),
            "frames": self.total,
            "painter": self.painter_name,
        }

    def _take(self, shot: Shot, count: int) -> Generator[U8, None, None]:
        request = self.request
        first_frame = frame_span(shot, request.fps)[0]
        width, height = staged_size(request.width, request.height)
        frames = take(self.world(shot.scene), shot, range(count), request.fps, width, height)
        finisher = self._finisher(self._exposed(shot), height, width)
        for chunk, painted in self._painted(frames, self.renderers[shot.scene]):
            for k in range(chunk.shape[0]):
                with self.clock("paint"):
                    frame = finisher.frame(chunk, painted[k], k, first_frame + chunk.first_frame + k)
                yield frame
            del chunk, painted  # or both were held while the next are made
        shots = self.storyboard.shots
        if all(later.scene != shot.scene for later in shots[shots.index(shot) + 1 :]):
            del self.renderers[shot.scene]

    def _painted(self, frames: Iterator[SceneFrame], renderer: Renderer) -> Iterator[tuple[Chunk, F32]]:
        """Chunks of a take, each with its light; a painter of scenes gets the frames that the chunk was made from."""
        state: State = {}
        scenes: deque[SceneFrame] = deque()
        for chunk in self._staged(renderer.render(_kept(frames, scenes))):
            used = [scenes.popleft() for _ in chunk.lenses]
            with self.clock("paint"):
                if self.scene_painter is not None:
                    painted = self.scene_painter.paint_scenes(used, chunk)
                else:
                    painted, state = self.painter.paint(chunk, state)
            yield chunk, painted
            del chunk, painted

    @property
    def painter_name(self) -> str:
        """Which painter the film is by."""
        return (self.scene_painter or self.painter).name

    def _staged(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """The same chunks, the time they take counted to the stage."""
        while True:
            with self.clock("stage"):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk
            del chunk


def _kept(frames: Iterator[SceneFrame], scenes: deque[SceneFrame]) -> Iterator[SceneFrame]:
    """The same frames, each put into scenes as it passes."""
    for frame in frames:
        scenes.append(frame)
        yield frame
