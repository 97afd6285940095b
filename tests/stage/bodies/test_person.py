from itertools import pairwise

import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera
from kinema.schema.storyboard import Garment, Subject
from kinema.stage.bodies.people.skeleton import FACE_UNITS
from kinema.stage.bodies.people.skinning import SKIN_JOINTS
from kinema.stage.bodies.person import perform
from kinema.stage.setting import flat_ground
from stage.motion.figure import Point, cue, path

WALK = [
    cue("walk", 0, 4, path=path((0, 0), (0, 30)), speed=1.2, manner=("confident",)),
    cue("stand", 4, 7, (0, 4.8, 0)),
    cue("give", 7, 9, (0, 4.8, 0), target=Point(0.0, 5.3, 1.0)),
]


@pytest.fixture(scope="module")
def woman():
    garments = (Garment(kind="dress", colour="red", length="long"), Garment(kind="purse", colour="black"))
    return perform(Subject(id="woman", concept="woman", garments=garments), WALK, flat_ground, 7, "extra")


def test_surfaces_are_always_as_many_and_move_along(woman):
    early, late = woman.surfaces(0.5), woman.surfaces(3.5)
    assert [surface.mesh.key for surface in early] == [surface.mesh.key for surface in late]
    assert late[0].transform[1, 3] - early[0].transform[1, 3] == pytest.approx(3.6, abs=0.1)
    assert np.isfinite(late[0].positions).all()


def test_the_face_has_all_its_units_between_nothing_and_one(woman):
    for time in np.arange(0.0, 9.0, 0.1):
        face = woman.pose(time).face
        assert set(face) == set(FACE_UNITS)
        assert all(0.0 <= weight <= 1.0 for weight in face.values())


def test_she_blinks_now_and_then(woman):
    shut = [woman.pose(time).face["blink"] for time in np.arange(0.0, 7.0, 1 / 48)]
    assert max(shut) > 0.9
    assert np.mean(np.array(shut) > 0.5) < 0.1


@pytest.mark.parametrize("name", ["head", "eyes", "mouth", "chest", "hip", "back", "feet", "hand_left", "hand_right"])
def test_anchors_are_on_the_body(woman, name):
    place = woman.anchor(2.0, name)
    assert place.shape == (3,)
    assert np.hypot(place[0], place[1] - 2.4) < 0.7
    assert -0.05 < place[2] < 2.0


def test_an_anchor_that_is_not_there_is_a_key_error(woman):
    with pytest.raises(KeyError):
        woman.anchor(1.0, "tail")


def test_frames_are_rigid_and_sit_at_their_anchors(woman):
    for name in ("hand_left", "hand_right", "head", "foot_left"):
        frame = woman.frame(1.3, name)
        np.testing.assert_allclose(frame[:3, :3] @ frame[:3, :3].T, np.eye(3), atol=1e-6)
        np.testing.assert_allclose(frame[:3, 3], woman.anchor(1.3, name), atol=1e-9)


def walking(subject: Subject):
    return perform(subject, WALK[:2], flat_ground, 7, "extra")


def carried(person, time):
    """What hangs from the left fist (V, 3): right, ahead and above the ground, from below the hips."""
    surface = person.surfaces(time)[0]
    rows = person.model.indices[:, 0] == SKIN_JOINTS.index("grip")
    assert rows.any()
    turn, place = surface.transform[:3, :3], surface.transform[:3, 3]
    hips = person.anchor(time, "hip")
    return surface.positions[rows] @ turn.T + place - [hips[0], hips[1], 0.0]


def clear_of_the_leg(person, time) -> float:
    """Metres between what is carried and the left leg, which tapers from hip to ankle."""
    points, hips = carried(person, time), person.anchor(time, "hip") * [1.0, 1.0, 0.0]
    joints = [person.frame(time, f"{name}_left")[:3, 3] - hips for name in ("upper_leg", "lower_leg", "foot")]
    gaps = []
    for (top, end), (above, below) in zip(pairwise(joints), pairwise((0.080, 0.055, 0.035)), strict=True):
        share = np.clip((points - top) @ (end - top) / ((end - top) @ (end - top)), 0.0, 1.0)[:, None]
        gaps.append(
            np.linalg.norm(points - top - share * (end - top), axis=1) - (above + (below - above) * share[:, 0])
        )
    return float(np.min(gaps))


def test_a_bag_hangs_from_a_closed_hand_beside_the_body():
    man = walking(Subject(id="man", concept="man", garments=(Garment(kind="bag"),)))
    aside = []
    for time in np.arange(0.5, 3.5, 0.2):
        points = carried(man, time)
        hips = man.anchor(time, "hip") * [1.0, 1.0, 0.0]
        fist = man.frame(time, "hand_left")[:3, 3] - hips
        top = points[points[:, 2] > points[:, 2].max() - 0.02].mean(0)
        assert np.linalg.norm(top - fist) < 0.06  # its handles are in the hand
        assert clear_of_the_leg(man, time) > -0.01
        aside.append(points[:, 0].mean())
        assert points[:, 2].mean() < fist[2] - 0.15
        bent = man.pose(time).rotations[man.model.skeleton.index("fingers_left")]
        assert np.degrees(np.arccos((np.trace(bent) - 1) / 2)) > 70
    assert np.median(aside) < -0.18
    assert max(aside) < -0.15  # ahead of the leg, where arms swing inwards


def test_a_purse_is_carried_like_a_bag(woman):
    for time in np.arange(0.5, 3.5, 0.1):
        low, high = carried(woman, time).min(0), carried(woman, time).max(0)
        assert -0.6 < (low[0] + high[0]) / 2 < -0.12
        assert clear_of_the_leg(woman, time) > -0.01
        assert 0.25 < low[2] < high[2] < 0.95


def test_a_long_dress_shows_shoes_and_shins(woman):
    for time in np.arange(4.8, 6.8, 0.4):  # standing
        hem = woman.surfaces(time)[1].positions[:, 2].min()
        assert 0.15 < hem < 0.28


def test_regions_hold_the_part_and_do_not_nod(woman):
    whole, upper, head = (woman.region(2.0, part) for part in ("whole", "upper", "head"))
    assert whole.height > upper.height > head.height > 0.15
    assert head.centre[2] > upper.centre[2] > whole.centre[2]
    heights = [woman.region(time, "head").centre[2] for time in np.arange(1.0, 3.0, 1 / 24)]
    assert max(heights) - min(heights) < 0.02
    ahead = np.diff([woman.region(time, "whole").centre[1] for time in np.arange(1.0, 3.0, 1 / 24)])
    assert ahead.std() < 0.006


def test_facing_is_the_way_she_walks(woman):
    assert woman.facing(2.0) == pytest.approx(0.0, abs=0.1)


def test_given_things_are_held_out_to_the_target(woman):
    before, given = woman.anchor(6.0, "hand_right"), woman.anchor(8.8, "hand_right")
    target = np.array([0.0, 5.3, 1.0])
    assert np.linalg.norm(given - target) < 0.25 < np.linalg.norm(before - target)


def test_steps_are_heard_while_she_walks(woman):
    events = woman.events(0.0, 4.0)
    assert 5 <= len(events) <= 10
    assert {event.kind for event in events} == {"step"}
    assert all(0.0 < event.strength <= 1.0 for event in events)
    assert not woman.particles(1.0)
    assert not woman.lamps(1.0)


def test_who_is_far_outside_the_picture_is_not_posed(woman):
    back, eye = np.diag([-1.0, -1.0, 1.0]), np.array([0.0, 40.0, 1.6])
    towards = np.array([[-1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, -1.0, 0.0]])
    assert woman.seen(1.0, Camera(854, 480, 800.0, eye, towards))
    assert not woman.seen(1.0, Camera(854, 480, 800.0, eye, towards @ back))
    near = np.array([0.0, 1.2 - 8.0, 1.6])  # behind the lens, but the sun may throw its shadow in
    assert woman.seen(1.0, Camera(854, 480, 800.0, near, towards))
