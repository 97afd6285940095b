import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera
from kinema.schema.storyboard import Subject
from kinema.stage.actor import Region
from kinema.stage.bodies.props import concepts, perform
from kinema.stage.cue import Cue, Mark

HERE = Mark((1.0, 2.0, 0.6), 0.4)


class Walker:
    """Carries its right hand along x, looking along +x."""

    id = "walker"

    def anchor(self, time, name):
        return {"hand_right": np.array([time, 0.0, 1.0])}[name]

    def facing(self, time):
        return -np.pi / 2

    def region(self, time, part):
        return Region((time, 0.0, 1.2), 1.7, 0.5)


class Framed(Walker):
    """Knows the frame of its hand too."""

    def frame(self, time, name):
        frame = np.eye(4)
        frame[:3, 3] = [time, 0.5, 1.0]
        return frame


def prop(concept, *cues):
    return perform(Subject(id="thing", concept=concept), cues, lambda p: np.zeros(len(p)), 1)


@pytest.mark.parametrize("concept", sorted(concepts()))
def test_every_prop_rests_on_its_mark(concept):
    thing = prop(concept, Cue("rest", 0, 5, HERE))
    (surface,) = thing.surfaces(1.0)
    points = surface.mesh.positions @ surface.transform[:3, :3].T + surface.transform[:3, 3]
    assert points[:, 2].min() == pytest.approx(0.6, abs=0.02)
    middle = points[:, :2]
    if concept == "flag":  # its cloth hangs to one side: the pole stands there
        middle = points[points[:, 2] < 0.6 + 0.05, :2]
    assert middle.mean(axis=0) == pytest.approx([1.0, 2.0], abs=0.05)
    assert thing.facing(1.0) == pytest.approx(0.4)


def test_a_lantern_has_fewer_triangles_where_a_camera_cannot_tell_and_is_as_large():
    thing = prop("lantern", Cue("rest", 0, 5, HERE))

    def seen(away):
        camera = Camera(854, 480, 600.0, np.array([1.0, 2.0 - away, 0.6]), np.eye(3))
        (surface,) = thing.seen(1.0, camera)
        return surface.mesh

    whole, (surface,) = seen(1.5), thing.surfaces(1.0)
    assert whole is surface.mesh
    assert len(whole.faces) > 2 * len(seen(6.0).faces) > 4 * len(seen(20.0).faces)
    for away in (6.0, 20.0):
        np.testing.assert_allclose(np.ptp(seen(away).positions, axis=0), np.ptp(whole.positions, axis=0), atol=0.02)


def test_what_is_hidden_cannot_be_seen_but_keeps_its_surface():
    thing = prop("treats", Cue("hidden", 0, 2, HERE), Cue("rest", 2, 5, HERE))
    hidden, shown = (np.ptp(s.mesh.positions @ s.transform[:3, :3].T) for t in (1.0, 3.0) for s in thing.surfaces(t))
    assert hidden < 1e-3 < 0.1 < shown


def test_the_treats_are_held_in_the_hand_with_their_front_where_the_holder_looks():
    thing = prop("treats", Cue("rest", 0, 2, HERE), Cue("held", 2, 6, HERE, target=Walker()))
    for time in (2.0, 4.5):
        assert thing.anchor(time, "grip") == pytest.approx([time, 0.0, 1.0])
        assert thing.facing(time) == pytest.approx(-np.pi / 2)
    assert thing.anchor(3.0, "top")[2] > thing.anchor(3.0, "bottom")[2] + 0.15


def test_a_holder_that_knows_its_hand_frame_is_asked_for_it():
    thing = prop("treats", Cue("held", 0, 6, HERE, target=Framed()))
    assert thing.anchor(3.0, "grip") == pytest.approx([3.0, 0.5, 1.0])


class Offering(Framed):
    """Looks along +x, the fingers pointing along +y."""

    def frame(self, time, name):
        frame = super().frame(time, name)
        frame[:3, :3] = [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]
        return frame


def test_a_right_hand_closes_round_the_right_side_of_the_treats():
    thing = prop("treats", Cue("held", 0, 6, HERE, target=Offering()))
    hand = np.array([3.0, 0.5, 1.0])
    (surface,) = thing.surfaces(3.0)
    points = surface.mesh.positions @ surface.transform[:3, :3].T + surface.transform[:3, 3]
    near = points[np.abs(points[:, 2] - hand[2]) < 0.04]
    assert near[:, 0].max() == pytest.approx(hand[0], abs=0.008)  # the palm is at its side, none of it in the hand
    assert near[:, 0].min() < hand[0] - 0.10
    assert abs(near[:, 1].mean() - hand[1]) < 0.03  # with fingers before it and the thumb behind
    assert thing.facing(3.0) == pytest.approx(0.0, abs=1e-6)


def test_a_lantern_hangs_from_the_hand_and_lights_what_is_near():
    thing = prop("lantern", Cue("held", 0, 6, HERE, target=Walker()))
    assert thing.anchor(1.0, "centre") == pytest.approx([1.0, 0.0, 1.0 - 0.62 + 0.275])
    (lamp,) = thing.lamps(1.0)
    assert lamp.position == pytest.approx(tuple(thing.anchor(1.0, "centre")))
    assert prop("treats", Cue("rest", 0, 1, HERE)).lamps(0.5) == []


def test_unknown_props_are_named():
    with pytest.raises(KeyError, match="known"):
        prop("trombone", Cue("rest", 0, 1, HERE))


def test_what_was_hidden_lies_flat_in_the_hand_at_first_and_stands_when_it_is_out():
    there = Mark((2.0, 0.0, 0.95))  # the hand comes from there
    thing = prop("treats", Cue("hidden", 0, 2, there), Cue("held", 2, 6, HERE, target=Walker()))

    def upright(time):
        return float(thing.anchor(time, "top")[2] - thing.anchor(time, "bottom")[2])

    assert abs(upright(2.1)) < 0.01
    assert 0.02 < upright(2.2) < 0.15
    assert upright(2.5) > 0.15
    assert all(np.allclose(thing.anchor(t, "touch"), [t, 0.0, 1.0]) for t in (2.1, 2.2, 3.5))


def test_treats_are_no_taller_than_a_cats_legs():
    (surface,) = prop("treats", Cue("rest", 0, 5, HERE)).surfaces(1.0)
    assert 0.12 < np.ptp(surface.mesh.positions[:, 2]) < 0.2


def test_only_what_is_held_is_touched():
    thing = prop("treats", Cue("rest", 0, 2, HERE), Cue("held", 2, 6, HERE, target=Walker()))
    with pytest.raises(KeyError):
        thing.anchor(1.0, "touch")
    assert thing.anchor(4.0, "touch") == pytest.approx([4.0, 0.0, 1.0])


class Lifting(Framed):
    """Looks along +x; in a second the fingers go from straight down to level, 30 degrees to the left of the look."""

    def frame(self, time, name):
        frame = super().frame(time, name)
        rise, way = np.radians(90.0 * time), np.radians(30.0)
        ahead = np.array([np.cos(way), np.sin(way), 0.0])
        fingers = np.sin(rise) * ahead - np.cos(rise) * np.array([0.0, 0.0, 1.0])
        right = np.array([ahead[1], -ahead[0], 0.0])
        frame[:3, :3] = np.stack([right, np.cross(-fingers, right), -fingers], 1)
        return frame


def test_what_is_held_turns_evenly_as_a_hand_is_lifted():
    thing = prop("treats", Cue("held", 0, 6, HERE, target=Lifting()))
    yaws = np.degrees([thing.facing(float(time)) for time in np.arange(0.0, 1.0 + 1e-6, 1 / 24)])
    assert yaws[0] == pytest.approx(-90.0)
    assert yaws[-1] == pytest.approx(-60.0)
    assert np.abs(np.diff(yaws)).max() < 12.0
