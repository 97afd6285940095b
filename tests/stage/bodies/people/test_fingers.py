import numpy as np
import pytest

from kinema.stage.bodies.people.body import Physique, archive, build_body
from kinema.stage.bodies.people.fingers import TIPS, _hand

BODY = build_body(Physique())


def tips(side: str) -> np.ndarray:
    """The farthest points (4, 3) of the fingers, from the index to the little one."""
    hand = _hand(archive(), side)
    marks = BODY.landmarks
    along = marks[f"fingers_{side}"] - marks[f"hand_{side}"]
    points = BODY.points[hand.rows].astype(float)
    found = []
    for digit in range(4):
        own = points[(hand.digits == digit) & (hand.far > TIPS)]
        found.append(own[np.argmax(own @ along)])
    return np.array(found)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_fingers_go_from_the_thumbs_side_back(side):
    assert (np.diff(tips(side)[:, 1]) < -0.01).all()


@pytest.mark.parametrize(("side", "sign"), [("left", 1.0), ("right", -1.0)])
def test_a_resting_hand_closes_towards_the_palm_the_little_finger_most(side, sign):
    marks = BODY.landmarks
    palm = np.array([sign, 0.0, -1.0]) / np.sqrt(2.0)
    along = np.array([-sign, 0.0, -1.0]) / np.sqrt(2.0)
    way = tips(side) - np.linspace(marks[f"knuckle_index_{side}"], marks[f"knuckle_little_{side}"], 4)
    bend = np.degrees(np.arctan2(way @ palm, way @ along))
    assert (bend > 8.0).all()
    assert bend[3] > bend[0] + 8.0


def test_both_hands_are_each_others_mirror_image():
    np.testing.assert_allclose(tips("left") * [-1.0, 1.0, 1.0], tips("right"), atol=0.002)
