import numpy as np
import pytest

from kinema.stage.cue import Mark
from kinema.stage.motion.posture import COLUMN, neutral
from kinema.stage.motion.resting import place_at, rest_support, rests
from kinema.stage.motion.rig import Rig
from kinema.stage.setting import flat_ground
from stage.motion.figure import adult

RIG = Rig(adult())
BED = Mark((1.0, 2.0, 0.5), 0.0)


def posed(name, in_bed=True, mark=BED):
    support = rest_support(RIG, rests()[name], place_at(mark, in_bed, flat_ground))
    upper = neutral(1)
    upper.numbers[:] = rests()[name].row()
    return RIG.solve(support, upper)


@pytest.mark.parametrize("name", ["back", "side_left", "side_right", "propped", "leaning", "upright"])
def test_who_lies_touches_the_bed_and_does_not_sink(name):
    heights = posed(name).places[0][:, 2]
    assert heights.min() > BED.position[2] - 0.06
    assert heights.min() < BED.position[2] + 0.16


def test_the_head_is_towards_where_the_bed_looks():
    places = posed("back").places[0]
    assert places[RIG.row["head"]][1] > 2.0 + 0.5
    assert places[RIG.row["foot_left"]][1] < 2.0 - 0.7


@pytest.mark.parametrize(("name", "sign"), [("side_left", 1.0), ("side_right", -1.0)])
def test_sides_face_their_side(name, sign):
    ahead = posed(name).turns[0, RIG.row["hips"]][:, 1]
    assert sign * ahead[0] > 0.9  # lying with the head to +Y, the left of one on the back is +X


def test_mirroring_twice_changes_nothing():
    for rest in rests().values():
        assert rest.mirrored().mirrored() == rest


def test_a_mirrored_posture_is_the_mirror_image():
    left, right = posed("side_left").places[0], posed("side_right").places[0]
    np.testing.assert_allclose(left[RIG.row["head"]] - [1, 0, 0], (right[RIG.row["head"]] - [1, 0, 0]) * [-1, 1, 1])
    hand = left[RIG.row["hand_left"]] - [1, 0, 0]
    np.testing.assert_allclose(hand, (right[RIG.row["hand_right"]] - [1, 0, 0]) * [-1, 1, 1])


def test_seats_are_sat_on_looking_ahead():
    seat = Mark((0.0, 0.0, 0.45), 0.5)
    joints = posed("sit", in_bed=False, mark=seat)
    assert joints.root_yaws[0] == pytest.approx(0.5)
    ahead = joints.turns[0, RIG.row["hips"]][:, 1]
    assert ahead[:2] @ [-np.sin(0.5), np.cos(0.5)] > 0.95


def test_what_is_said_of_one_side_wins_over_the_pair():
    row = rests()["propped"].row()
    assert row[COLUMN["elbow_left"]] != row[COLUMN["elbow_right"]]
