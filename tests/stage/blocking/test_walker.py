"""Packs on their way: none runs through another, and none in place."""

from itertools import pairwise

import numpy as np
import pytest

from kinema.stage.blocking.block import block
from kinema.stage.blocking.roles import roles
from kinema.stage.casting import bodies
from kinema.stage.cue import Path
from samples.boards import board
from samples.puppets import plain_setting

PACKS = [("wolf", 5), ("dog", 3), ("dog", 6)]


def pack(concept, count, beats, seed, **changes):
    scenes = [{"id": "s1", "place": {"set": "field"}, "duration": 12}]
    cast = [{"id": "pack", "concept": concept, "count": count}]
    shots = [{"id": "a", "scene": "s1", "start": 0, "duration": 12, "framing": {"subject": "pack"}}]
    acts = [
        {"id": f"b{k}", "scene": "s1", "subject": "pack", "action": action, "start": start, "end": end}
        for k, (action, start, end) in enumerate(beats)
    ]
    story = board(scenes=scenes, cast=cast, beats=acts, shots=shots)
    parts, _ = block(story, story.scenes[0], plain_setting(**changes), roles(story, bodies()), seed=seed)
    return parts


def place(part, time):
    cue = next(cue for cue in part.cues if time < cue.end)
    assert cue.path is not None
    assert cue.speed is not None
    return cue.path.at(cue.path_start + cue.speed * (time - cue.start))[0]


def closest(parts, time):
    places = [place(part, time) for part in parts]
    return min(np.linalg.norm(one - other) for k, one in enumerate(places) for other in places[:k])


@pytest.mark.parametrize(("concept", "count"), PACKS)
@pytest.mark.parametrize(
    ("beats", "times"),
    [
        ([("run", 0, 4)], (0.1, 2.0, 3.9)),
        ([("sit", 0, 4), ("run", 4, 8)], (4.1, 6.0, 7.9)),
        ([("stand", 0, 4), ("walk", 4, 8)], (4.1, 6.0, 7.9)),
        ([("run", 0, 2), ("run", 2, 4), ("run", 5, 8)], (0.1, 2.1, 3.9, 5.1, 7.9)),
    ],
)
def test_none_of_a_pack_runs_through_another(concept, count, beats, times):
    for seed in range(20):
        parts = pack(concept, count, beats, seed)
        assert min(closest(parts, time) for time in times) > 0.4


def test_a_pack_that_goes_on_keeps_its_file():
    parts = pack("wolf", 5, [("run", 0, 2), ("run", 2, 4)], 3)
    for part in parts:
        first, second = part.cues[:2]
        assert first.path is second.path
        assert second.path_start == pytest.approx(first.path_start + 2 * first.speed)


@pytest.mark.parametrize(("length", "count"), [(6.0, 12), (30.0, 12)])
def test_on_a_short_path_a_pack_closes_up_and_all_keep_going(length, count):
    short = {"main": Path(np.array([[0.0, 0.0, 0.0], [0.0, length, 0.0]]))}
    for seed in range(20):
        cues = [part.cues[0] for part in pack("dog", count, [("run", 0, 4)], seed, paths=short)]
        along = [cue.path_start for cue in cues]
        assert all(one > other + 0.1 for one, other in pairwise(along))
        assert max(along) < 0.5 * length + 1e-9
        assert min(cue.speed for cue in cues) * 4 > 0.3 * length
        assert max(cue.path_start + 4 * cue.speed for cue in cues) < length + 1e-9
        assert np.ptp([cue.speed for cue in cues]) < 1e-9
