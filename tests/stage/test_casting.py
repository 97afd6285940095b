"""Casting: who is in a scene."""

import pytest

from kinema.stage.casting import cast_in
from samples.boards import CONTENT, board
from samples.puppets import plain_setting

CAST = ({"id": "car", "concept": "car"}, {"id": "woman", "concept": "woman"})
INSIDE = {"subject": "woman", "kind": "inside", "object": "car", "scene": "s1"}


@pytest.mark.parametrize(("framed", "there"), [("car", {"car"}), ("woman", {"car", "woman"})])
def test_who_is_inside_a_vehicle_is_seen_only_by_a_shot_that_asks_for_it(framed: str, there: set[str]) -> None:
    shots = tuple({**shot, "framing": {"subject": framed, "size": "full"}, "to": None} for shot in CONTENT["shots"])
    beats = ({**CONTENT["beats"][0], "subject": "car", "action": "drive"},)
    story = board(cast=CAST, beats=beats, shots=shots, relations=(INSIDE,))
    assert {one.subject for one in cast_in(plain_setting(), story, story.scenes[0], seed=0).members} == there
