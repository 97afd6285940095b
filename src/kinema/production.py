"""The production: a request becomes a film and the folder beside it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kinema.ahead import ahead
from kinema.buffers.chunk import U8
from kinema.film.board import BOARD, lay_beside
from kinema.film.encode import Encoder
from kinema.film.files import alone_in, film_path, refusals_explained, refuse_strangers, sheet_path, write_whole
from kinema.film.record import digest, record, versions
from kinema.film.sheet import png, sheet, spread
from kinema.film.timeline import timeline
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Storyboard
from kinema.stage.beforehand import Helper, beforehand
from kinema.studio import Report, Studio, unheard

SHEET_FRAMES = 16  # of the finished film
STILLS = 6  # of the sheet shown before it is made


@dataclass(frozen=True)
class Film:
    """A finished film: the file, the folder beside it, and what it took."""

    path: Path
    folder: Path
    storyboard: Storyboard
    figures: dict[str, float | int | str]


def make_film(request: FilmRequest, out: Path, report: Report = unheard, helper: Helper | None = None) -> Film:
    """Make a film and the folder beside it: storyboard, timeline, sheet, run.json.

    report is called with one dictionary an event: planned, compiling (on a fresh machine), sheet (of one picture, then
    of several), progress, done. helper: one that was started earlier, before the numerical libraries were loaded.
    Raises: KinemaError of the kind that fits; no half-written file is left behind (a film is whole once its run.json
    is there).
    """
    begin = time.perf_counter()
    out = film_path(out)
    folder = out.with_suffix("")
    with nullcontext(helper) if helper else beforehand() as helper:
        studio = Studio(request, helper)
        refuse_strangers(out, folder / BOARD)
        with alone_in(folder):
            with refusals_explained(folder):
                (folder / "run.json").unlink(missing_ok=True)  # it speaks of the film that was there
            lay_beside(folder / BOARD, studio.storyboard)
            report({"event": "planned", "storyboard": str(folder / BOARD), **_plan_facts(studio)})
            studio.prepare(report)
            _first_look(studio, folder / "sheet.png", begin, report)
            studio.complete()
            figures = _filmed(studio, out, folder, begin, report)
    report({"event": "done", "film": str(out), **figures})
    return Film(out, folder, studio.storyboard, figures)


def _first_look(studio: Studio, path: Path, begin: float, report: Report) -> None:
    """A sheet of a few stills, before the film is made; as soon as there is one, of that."""

    def show(pictures: Sequence[U8]) -> None:
        write_whole(path, png(sheet(pictures)))
        after = round(time.perf_counter() - begin, 2)
        report({"event": "sheet", "sheet": str(path), "pictures": len(pictures), "after_s": after})

    frames = studio.telling(spread(studio.total, STILLS))
    show([studio.glimpse(frames[0])])
    show(studio.stills(frames))


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
    """Make only a sheet of a film: sixteen stills by preview and finishing. Raises: as make_film."""
    out = sheet_path(out)
    with beforehand() as helper:
        studio = Studio(request, helper)
        studio.prepare()
        stills = studio.stills(spread(studio.total, SHEET_FRAMES))
    write_whole(out, png(sheet(stills)))
    return out


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
