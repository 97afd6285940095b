"""Rehearsals: what a cast wears on a bare stage is what it wears in its set."""

from functools import partial

import numpy as np

from kinema.stage.casting import cast_in
from kinema.stage.cue import Path
from kinema.stage.rehearsal import rehearsal
from samples.boards import CONTENT, board
from samples.puppets import plain_setting

WALK = CONTENT["beats"][0]


def words(orders: list) -> list[str]:
    """What orders make, in words: whom, how fine and in what clothes."""
    assert all(isinstance(order, partial) for order in orders)
    return [f"{one.func.__self__.who} {one.args[0].name} {one.func.__self__.looks!r}" for one in orders]


def test_a_rehearsed_cast_is_dressed_as_in_its_set() -> None:
    cast = (*CONTENT["cast"], {"id": "crowd", "concept": "pedestrian", "count": 5})
    beats = (WALK, {**WALK, "id": "b2", "subject": "crowd"})
    story = board(cast=cast, beats=beats)
    lanes = {f"crowd_{k}": Path(np.array([(x, -80.0, 0.0), (x, 80.0, 0.0)])) for k, x in enumerate((-3.0, 2.0))}
    setting = plain_setting(paths={**plain_setting().paths, **lanes})
    staged = words(cast_in(setting, story, story.scenes[0], seed=4).orders())
    assert len(staged) == 5 + 5 * 3  # levels of detail: all for her, the coarsest three for each of the crowd
    assert words(rehearsal(story, story.scenes[0], 4)) == staged


def test_who_sleeps_is_rehearsed_in_pyjamas() -> None:
    story = board(cast=({"id": "woman", "concept": "woman"},), beats=({**WALK, "action": "sleep"},))
    assert "pyjama" in words(rehearsal(story, story.scenes[0], 0))[0]
