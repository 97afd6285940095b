"""The production: a request becomes a film. The only module that knows the whole of it."""

from __future__ import annotations

import resource
import time
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kinema.ahead import ahead
from kinema.buffers.chunk import F32, U8, Chunk
from kinema.buffers.scene_frame import SceneFrame
from kinema.compiling import compiling_ahead
from kinema.director.planned import planned
from kinema.film.board import lay_beside
from kinema.film.cut import frame_span, joined
from kinema.film.encode import Encoder
from kinema.film.exposure import exposure
from kinema.film.files import film_path, refusals_explained, write_whole
from kinema.film.finish import Finisher
from kinema.film.looks import finish_for
from kinema.film.record import digest, record, versions
from kinema.film.sheet import png, sheet, spread
from kinema.film.timeline import timeline
from kinema.painter.engines import painter_for, scene_painter_for
from kinema.painter.protocol import State
from kinema.schema.errors import InvalidStoryboard
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Shot, Storyboard
from kinema.stage.beforehand import Order, beforehand
from kinema.stage.cameras.moves import shape
from kinema.stage.casting import build_world
from kinema.stage.preview.render import Begun, Renderer
from kinema.stage.world import World, take

SHEET_FRAMES = 16  # of the finished film
STILLS = 6  # of the sheet shown before it is made
STILL_WIDTH = 480
WHOLE_LINES = 480  # films up to here are staged at their own size
STAGED = 2 / 3  # of the size of larger ones: encoding enlarges them. Fine lettering is softer, and it costs 0.44
Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Film:
    """A finished film: the file, the folder beside it, and what it took."""

    path: Path
    folder: Path
    storyboard: Storyboard
    figures: dict[str, float | int | str]


def staged_size(width: int, height: int) -> tuple[int, int]:
    """Width and height, even, at which stage, painter and finishing make a film of this size."""
    if height <= WHOLE_LINES:
        return width, height
    scale = max(STAGED, WHOLE_LINES / height)  # never smaller than a film of fewer lines
    return round(width * scale / 2) * 2, round(height * scale / 2) * 2


class Clock:
    """Seconds spent in each part."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, part: str) -> Iterator[None]:
        """Count the seconds of a with block to a part."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.spent[part] = self.spent.get(part, 0.0) + time.perf_counter() - begin


def _unheard(event: dict[str, Any]) -> None:
    """Nobody is told."""


def _unasked(orders: Sequence[Order]) -> None:
    """Nobody makes anything beforehand."""


def make_film(request: FilmRequest, out: Path, report: Report = _unheard) -> Film:
    """Make a film and the folder beside it: storyboard, timeline, sheet, run.json.

    report is called with one dictionary an event: planned, compiling (on a fresh machine), sheet, progress, done.
    Raises: KinemaError of the kind that fits; no half-written file is left behind (a film is whole once its run.json
    is there).
    """
    begin = time.perf_counter()
    out = film_path(out)
    studio = Studio(request)
    folder = out.with_suffix("")
    with refusals_explained(folder):
        (folder / "run.json").unlink(missing_ok=True)  # it speaks of the film that was there
    lay_beside(folder / "storyboard.yaml", studio.storyboard)
    report({"event": "planned", "storyboard": str(folder / "storyboard.yaml"), **_plan_facts(studio)})
    with beforehand() as order:
        studio.prepare(report, order)
        _first_look(studio, folder / "sheet.png", begin, report)
        figures = _filmed(studio, out, folder, begin, report)
    report({"event": "done", "film": str(out), **figures})
    return Film(out, folder, studio.storyboard, figures)


def _first_look(studio: Studio, path: Path, begin: float, report: Report) -> None:
    """A sheet of a few stills, before the film is made."""
    stills = studio.stills(spread(studio.total, STILLS))
    write_whole(path, png(sheet(stills)))
    report({"event": "sheet", "sheet": str(path), "after_s": round(time.perf_counter() - begin, 2)})


def _filmed(studio: Studio, out: Path, folder: Path, begin: float, report: Report) -> dict[str, float | int | str]:
    """The film and what lies beside it; what it took."""
    request = studio.request
    wanted, kept = set(spread(studio.total, SHEET_FRAMES)), []
    filming = time.perf_counter()
    encoding = Encoder(out, request.width, request.height, request.fps)
    with encoding as encoder, closing(ahead(studio.frames())) as frames:
        for index, frame in enumerate(frames):
            with studio.clock("encode"):
                encoder.write(frame)
            if index in wanted:
                kept.append(frame)
            report(_progress(index + 1, studio.total, filming))
    write_whole(folder / "sheet.png", png(sheet(kept)))
    write_whole(folder / "timeline.otio", timeline(studio.storyboard, f"../{out.name}", request.fps).encode())
    figures = studio.figures(time.perf_counter() - begin)
    write_whole(folder / "run.json", record(_facts(studio, out, figures)))
    return figures


def make_sheet(request: FilmRequest, out: Path) -> Path:
    """Make only a sheet of a film: sixteen stills by preview and finishing."""
    studio = Studio(request)
    with beforehand() as order:
        studio.prepare(order=order)
        stills = studio.stills(spread(studio.total, SHEET_FRAMES))
    write_whole(out, png(sheet(stills)))
    return out


class Studio:
    """Stage, painter and finishing of one film."""

    def __init__(self, request: FilmRequest) -> None:
        self.request = request
        self.clock = Clock()
        with self.clock("plan"):
            self.storyboard = planned(request)
        self.said: list[str] = []
        self.scene_painter = scene_painter_for(request.painter, request.seed)
        self.painter = painter_for("preview" if self.scene_painter else request.painter, self.said.append)
        self.look = finish_for(self.storyboard.look)
        self.exposures: dict[str, float] = {}
        self.worlds: dict[str, World] = {}
        self.renderers: defaultdict[str, Renderer] = defaultdict(Renderer)  # by scene, whose still things each keeps
        self.total = frame_span(self.storyboard.shots[-1], request.fps)[1]
        if self.total == 0:
            raise InvalidStoryboard(f"the film must last at least one frame (got {self.storyboard.seconds} s)")

    def prepare(self, report: Report = _unheard, order: Callable[[Sequence[Order]], None] = _unasked) -> None:
        """Build every world, while other processes compile what this machine has not yet compiled; have what the
        worlds will show made beforehand."""
        with compiling_ahead(lambda count: report({"event": "compiling", "kernels": count})) as compiled:
            for shot in self.storyboard.shots:
                self.world(shot.scene)
            order([one for world in self.worlds.values() for one in world.orders()])
            compiled()

    def world(self, scene_id: str) -> World:
        """The world of a scene, built when it is first filmed."""
        if scene_id not in self.worlds:
            scene = next(s for s in self.storyboard.scenes if s.id == scene_id)
            with self.clock("stage"):
                aspect = shape(self.request.width, self.request.height)
                self.worlds[scene_id] = build_world(self.storyboard, scene, self.request.seed, aspect)
        return self.worlds[scene_id]

    def frames(self) -> Iterator[U8]:
        """Every display frame (H, W, 3) of the film, in order."""
        return joined(self.storyboard.shots, self.request.fps, self._take)

    def still(self, film_frame: int) -> U8:
        """One small picture (h, w, 3) of the film, by preview and finishing."""
        return self.stills([film_frame])[0]

    def stills(self, film_frames: Sequence[int]) -> list[U8]:
        """Small pictures (h, w, 3) of the film, each drawn while those after it are staged."""
        spans = [(shot, *frame_span(shot, self.request.fps)) for shot in self.storyboard.shots]
        places = [next((shot, frame - begin) for shot, begin, end in spans if frame < end) for frame in film_frames]
        with ExitStack() as under_way:
            drawn = [self._small(*place, under_way) for place in places]
            dark = {shot.id: shot for shot, _ in places if shot.id not in self.exposures}
            metered = {name: self._metered(shot, under_way) for name, shot in dark.items()}
            self.exposures |= {name: exposed() for name, exposed in metered.items()}
            pictures = []
            for film_frame, (shot, _), small in zip(film_frames, places, drawn, strict=True):
                chunk = small.chunk()
                pictures.append(self._finisher(shot, *chunk.shape[1:]).frame(chunk, chunk.preview[0], 0, film_frame))
            return pictures

    def _small(self, shot: Shot, frame: int, under_way: ExitStack) -> Begun:
        """Have one frame of a shot drawn, small; or not, if it has not been begun when all that is under way ends."""
        request = self.request
        height = round(STILL_WIDTH * request.height / request.width / 2) * 2
        frames = take(self.world(shot.scene), shot, range(frame, frame + 1), request.fps, STILL_WIDTH, height)
        with self.clock("stage"):
            begun = self.renderers[shot.scene].begun(list(frames))
        under_way.callback(begun.cancel)
        return begun

    def _metered(self, shot: Shot, under_way: ExitStack) -> Callable[[], float]:
        """Have the exposure of a shot found, for its middle; silhouettes are ink whatever the light."""
        if self.look.ink is not None:
            return lambda: 0.0
        small = self._small(shot, int(shot.duration * self.request.fps / 2), under_way)
        return lambda: exposure(small.chunk().preview[0])

    def _finisher(self, shot: Shot, height: int, width: int) -> Finisher:
        """The finisher of a shot, at its exposure."""
        if shot.id not in self.exposures:
            with ExitStack() as under_way:
                self.exposures[shot.id] = self._metered(shot, under_way)()
        exposed = replace(self.look, exposure=self.look.exposure + self.exposures[shot.id])
        return Finisher(exposed, height, width, self.request.seed)

    def figures(self, wall: float) -> dict[str, float | int | str]:
        """What the film took, in seconds and megabytes."""
        spent = {
            f"{part}_s": round(self.clock.spent.get(part, 0.0), 2) for part in ("plan", "stage", "paint", "encode")
        }
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "wall_s": round(wall, 2),
            **spent,
            "peak_rss_mb": round(peak),
            "frames": self.total,
            "painter": self.painter_name,
        }

    def _take(self, shot: Shot, count: int) -> Generator[U8, None, None]:
        request = self.request
        first_frame = frame_span(shot, request.fps)[0]
        width, height = staged_size(request.width, request.height)
        frames = take(self.world(shot.scene), shot, range(count), request.fps, width, height)
        finisher = self._finisher(shot, height, width)
        for chunk, painted in self._painted(frames, self.renderers[shot.scene]):
            for k in range(chunk.shape[0]):
                with self.clock("paint"):
                    frame = finisher.frame(chunk, painted[k], k, first_frame + chunk.first_frame + k)
                yield frame
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


def _kept(frames: Iterator[SceneFrame], scenes: deque[SceneFrame]) -> Iterator[SceneFrame]:
    """The same frames, each put into scenes as it passes."""
    for frame in frames:
        scenes.append(frame)
        yield frame


def _plan_facts(studio: Studio) -> dict[str, Any]:
    """What is known before the first picture: length, shots, painter, and all there is to say about them."""
    storyboard = studio.storyboard
    return {
        "seconds": float(storyboard.seconds),
        "shots": len(storyboard.shots),
        "painter": studio.painter_name,
        "said": studio.said,
        "notes": [note.model_dump(exclude_defaults=True) for note in storyboard.notes],
    }


def _progress(done: int, total: int, filming: float) -> dict[str, Any]:
    elapsed = time.perf_counter() - filming
    return {
        "event": "progress",
        "frame": done,
        "frames": total,
        "elapsed_s": round(elapsed, 2),
        "remaining_s": round(elapsed / done * (total - done), 1),
    }


def _facts(studio: Studio, out: Path, figures: dict[str, Any]) -> dict[str, Any]:
    request = studio.request
    return {
        "versions": versions(),
        "seed": request.seed,
        "size": [request.width, request.height],
        "fps": request.fps,
        "painter": studio.painter_name,
        "prompt": studio.storyboard.prompt,
        "film": {"name": out.name, "sha256": digest(out)},
        "figures": figures,
    }
