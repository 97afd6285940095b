import numpy as np
import pytest

from kinema.stage.cue import Mark
from kinema.stage.motion.posture import COLUMN
from kinema.stage.motion.resting import place_at, rest_support, rest_upper, rests
from kinema.stage.motion.rig import Rig
from kinema.stage.setting import flat_ground
from stage.motion.figure import adult

RIG = Rig(adult())
BED = Mark((1.0, 2.0, 0.5), 0.0)


def posed(name, in_bed=True, mark=BED):
    place = place_at(mark, in_bed, flat_ground)
    return RIG.solve(rest_support(RIG, rests()[name], place), rest_upper(RIG, rests()[name], place))


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
    numbers = rest_upper(RIG, rests()["propped"], place_at(BED, True, flat_ground)).numbers[0]
    assert numbers[COLUMN["elbow_left"]] != numbers[COLUMN["elbow_right"]]


@pytest.mark.parametrize(("name", "side"), [("turned", 0), ("side_left", 1), ("side_right", 0)])
def test_a_hand_that_bears_lies_on_the_bed_with_its_palm_down(name, side):
    joints = posed(name)
    row = RIG.row[("hand_left", "hand_right")[side]]
    place, axes = RIG.palm(joints.places[0, row], joints.turns[0, row], side)
    assert place[2] == pytest.approx(BED.position[2] + 0.02, abs=0.03)
    assert axes[2, 0] * (1.0 if side == 0 else -1.0) < -0.7  # the palm's own way


def test_the_free_hand_of_one_who_offers_lies_on_the_quilt_over_the_thigh():
    joints = posed("offering")
    row = RIG.row["hand_left"]
    place, _ = RIG.palm(joints.places[0, row], joints.turns[0, row], 0)
    hip, knee = (joints.places[0, RIG.row[name]] for name in ("upper_leg_left", "lower_leg_left"))
    thigh = knee - hip
    share = float(np.clip((place - hip) @ thigh / (thigh @ thigh), 0.2, 1.0))
    above = place - (hip + share * thigh)
    assert np.linalg.norm(above[:2]) < 0.12
    assert 0.10 < above[2] < 0.25


def test_a_hand_that_lets_go_of_what_it_lies_on_does_not_turn_at_the_last():
    place = place_at(BED, False, flat_ground)
    upper = rest_upper(RIG, rests()["sit"], place)
    turns = []
    for grasp in (0.0, 1e-6):
        upper.grasp[:] = grasp
        turns.append(RIG.solve(rest_support(RIG, rests()["sit"], place), upper).turns[0])
    np.testing.assert_allclose(*turns, atol=0.02)  # the arm is solved to a few millimetres
