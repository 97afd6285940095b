from copy import deepcopy
from fractions import Fraction

import pytest
from pydantic import ValidationError

from samples.boards import CONTENT, board


def test_length_is_where_the_last_shot_ends():
    assert board().seconds == Fraction(20, 3)


def broken(path: str, value: object) -> dict:
    content = deepcopy(CONTENT)
    *parents, last = path.split(".")
    node = content
    for key in parents:
        node = node[int(key)] if key.isdigit() else node[key]
    node[last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("colour", "red", "Extra inputs are not permitted"),
        ("beats.0.subject", "nobody", "no subject is called 'nobody'; known: woman"),
        ("beats.0.scene", "s9", "no scene is called 's9'"),
        ("shots.0.framing", {"subject": "ghost"}, "no subject is called 'ghost'"),
        ("beats.0.end", 0, "needs 0 <= start < end"),
        ("shots.1.start", 5, "must start where the one before ends, at 4"),
        ("shots.1.transition_duration", 9, "must not be longer than the shot"),
        ("scenes.0.duration", 0, "duration must be above 0"),
        ("scenes.0.duration", 10**12, r"lasts at most 3600 s \(got 1e\+12\); divide it"),
        ("beats.0.start", -1, r"needs 0 <= start < end \(got -1 to 13/2\)"),
        ("shots.0.speed", 0, r"must be above 0 \(got 4 and 0\)"),
        ("scenes.0.id", "S 1", "should match pattern"),
        ("beats.0.because", "b7", "no beat is called 'b7'"),
        ("beats.0.end", 300, "must end within its scene"),
        ("shots.1.offset", 500, "must show its scene between 0 and"),
        ("shots.1.offset", -7, "must show its scene between 0 and"),
        ("shots.1.turn", float("nan"), "finite number"),
    ],
)
def test_refuses_what_does_not_hold(path, value, rule):
    with pytest.raises(ValidationError, match=rule):
        board(**broken(path, value))


def test_refuses_an_id_twice():
    with pytest.raises(ValidationError, match="'woman' is used twice"):
        board(cast=[*CONTENT["cast"], {"id": "woman", "concept": "man"}])


def test_one_does_one_thing_at_a_time():
    first = CONTENT["beats"][0]
    with pytest.raises(ValidationError, match="woman is still at another beat at 3"):
        board(beats=[first, {**first, "id": "b2", "action": "sit", "start": 3}])


def test_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        board().title = "another"
