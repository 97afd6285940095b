import json
import weakref
from pathlib import Path

import av
import numpy as np
import pytest

from kinema import studio
from kinema.film.files import film_path
from kinema.painter.preview import PreviewPainter
from kinema.production import make_film, make_sheet
from kinema.schema.asking import film_request
from kinema.schema.errors import OutputFailed, UnknownConcept
from kinema.schema.files import read_storyboard

STORY = """
version: 1
title: a wolf waits
look: {medium: silhouette}
scenes:
- {id: hill, place: {set: mountain, hour: night, features: [moon]}, duration: 2}
cast:
- {id: wolf, concept: wolf}
beats:
- {id: b1, scene: hill, subject: wolf, action: howl, start: 0, end: 2}
shots:
- {id: one, scene: hill, start: 0, duration: 0.5, framing: {subject: wolf, size: full, side: right}}
- id: two
  scene: hill
  start: 0.5
  duration: 0.5
  offset: 0.5
  framing: {subject: wolf, size: wide, side: right}
  transition: dissolve
  transition_duration: 0.25
"""


def request(**wishes):
    return film_request(storyboard=read_storyboard(STORY), width=160, height=90, fps=12, **wishes)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    events = []
    made = make_film(request(), tmp_path_factory.mktemp("films") / "wolf.mp4", events.append)
    return made, events


def test_a_film_has_its_frames_and_its_folder(film):
    made, _ = film
    with av.open(str(made.path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 12
    assert frames[0].shape == (90, 160, 3)
    assert np.std(frames[0]) > 5
    assert {p.name for p in made.folder.iterdir()} == {"storyboard.yaml", "sheet.png", "timeline.otio", "run.json"}
    assert read_storyboard((made.folder / "storyboard.yaml").read_text()) == read_storyboard(STORY)


def test_events_come_in_order_and_end_with_the_figures(film):
    _, events = film
    kinds = [event["event"] for event in events if event["event"] != "compiling"]  # the first film on a machine
    assert kinds == ["planned", "sheet", "sheet", *["progress"] * 12, "done"]
    assert [event["pictures"] for event in events if event["event"] == "sheet"] == [1, 6]
    assert {"film", "wall_s", "stage_s", "paint_s", "encode_s", "peak_rss_mb"} <= set(events[-1])
    assert events[-2]["remaining_s"] == 0


def test_the_record_names_what_the_film_was_made_with(film):
    made, _ = film
    facts = json.loads((made.folder / "run.json").read_text())
    assert facts["seed"] == 0
    assert facts["painter"] == "preview"
    assert len(facts["film"]["sha256"]) == 64
    assert "numpy" in facts["versions"]


def test_the_same_request_gives_the_same_bytes(film, tmp_path):
    made, _ = film
    again = make_film(request(), tmp_path / "again.mp4")
    assert again.path.read_bytes() == made.path.read_bytes()


def test_another_seed_gives_another_film(film, tmp_path):
    made, _ = film
    other = make_film(request(seed=5), tmp_path / "other.mp4")
    assert other.path.read_bytes() != made.path.read_bytes()


def test_an_interrupted_film_leaves_no_film(tmp_path):
    def interrupt(event):
        if event["event"] == "progress" and event["frame"] == 3:
            raise KeyboardInterrupt

    (tmp_path / "wolf").mkdir()
    (tmp_path / "wolf" / "run.json").write_text("{}")  # of the film that was there before
    with pytest.raises(KeyboardInterrupt):
        make_film(request(), tmp_path / "wolf.mp4", interrupt)
    assert not (tmp_path / "wolf" / "run.json").exists()
    left = [path.suffix for path in tmp_path.iterdir() if path.is_file()]
    assert left == []


def test_what_the_stage_lacks_is_refused_before_anything_is_written(tmp_path):
    for known, lacking in (("set: mountain", "set: moonbase"), ("concept: wolf", "concept: unicorn")):
        story = read_storyboard(STORY.replace(known, lacking))
        with pytest.raises(UnknownConcept, match=lacking.split()[1]):
            make_film(film_request(storyboard=story), tmp_path / "wolf.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputFailed, match="cannot write"):
        make_film(request(), tmp_path / "taken" / "wolf.mp4")


def test_a_folder_is_no_film_and_a_name_without_ending_gets_one(tmp_path):
    assert film_path(tmp_path / "wolf") == tmp_path / "wolf.mp4"
    for folder in (tmp_path, Path(".")):
        with pytest.raises(OutputFailed, match="must name a film, not a folder"):
            make_film(request(), folder)


def test_a_sheet_is_made_alone(tmp_path):
    assert make_sheet(request(), tmp_path / "sheet.png").read_bytes()[:4] == b"\x89PNG"


def test_a_chunk_is_let_go_before_the_next_is_painted(monkeypatch, tmp_path):
    class Painter(PreviewPainter):
        def paint(self, chunk, state):
            seen.append(weakref.ref(chunk))
            alive.append(sum(ref() is not None for ref in seen))
            return super().paint(chunk, state)

    seen, alive = [], []
    monkeypatch.setattr(studio, "painter_for", lambda *_: Painter())
    one = STORY.split("- id: two")[0].replace("duration: 0.5", "duration: 2")
    board = read_storyboard(one)
    make_film(film_request(storyboard=board, width=160, height=90, fps=12), tmp_path / "wolf.mp4")
    assert alive == [1, 1, 1]
