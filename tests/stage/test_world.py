from dataclasses import replace

import numpy as np
import pytest

from kinema.buffers.scene_frame import Material, Mesh, Surface
from kinema.schema.storyboard import Shot
from kinema.stage.setting import Moving
from kinema.stage.world import Member, World, concept_number, take
from samples.puppets import Puppet, plain_setting

TRIANGLE = Mesh(
    "triangle",
    np.array([[0, 1, 2]], np.int32),
    np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1]], np.float32),
    np.tile(np.float32([0, -1, 0]), (3, 1)),
    (Material("paint"),),
)
SHOT = Shot.model_validate(
    {"id": "a", "scene": "s", "start": 0, "duration": 4, "offset": 1, "framing": {"subject": "p", "size": "full"}}
)


class Walker(Puppet):
    def surfaces(self, time):
        transform = np.eye(4)
        transform[1, 3] = 2.0 * time
        return [Surface(TRIANGLE, transform)]


def world(**member):
    walker = Walker(2.0)
    return World(plain_setting(), (Member("p", "woman", walker, 3, **member),))


def test_a_take_knows_where_everything_was_a_frame_ago():
    first, second = take(world(), SHOT, range(2), 10, 64, 36)
    assert first.surfaces[0].previous_transform is None
    assert second.surfaces[0].previous_transform[1, 3] == pytest.approx(2.0)
    assert second.surfaces[0].transform[1, 3] == pytest.approx(2.2)
    assert second.previous_camera is first.camera
    assert (first.time, second.time) == (1.0, 1.1)


def test_surfaces_bear_the_number_and_concept_of_their_member():
    frame = next(take(world(), SHOT, range(1), 24, 64, 36))
    assert (frame.surfaces[0].instance, frame.surfaces[0].concept) == (3, concept_number("woman"))
    assert frame.names == {3: "p"}


def test_a_member_is_not_there_before_its_entrance():
    before, after = take(world(entrance=1.05), SHOT, range(2), 10, 64, 36)
    assert (len(before.surfaces), len(after.surfaces)) == (0, 1)


def test_a_take_begun_in_the_middle_shows_the_same_instant():
    whole = list(take(world(), SHOT, range(3), 24, 64, 36))
    tail = next(take(world(), SHOT, range(2, 3), 24, 64, 36))
    assert np.array_equal(whole[2].surfaces[0].transform, tail.surfaces[0].transform)
    assert np.array_equal(whole[2].camera.position, tail.camera.position)


def test_who_films_a_shot_is_found_once_for_each_size():
    there = world()
    assert there.operator(SHOT, 64, 36) is there.operator(SHOT, 64, 36)
    assert there.operator(SHOT, 128, 72).camera(1.0).width == 128


def test_sizes_of_one_shape_are_filmed_alike():
    there = world()
    film, staged, still = (there.operator(SHOT, *size).camera(1.0) for size in ((1280, 720), (854, 480), (480, 270)))
    assert np.array_equal(film.position, still.position)
    assert np.array_equal(staged.rotation, still.rotation)
    assert staged.focal / 480 == still.focal / 270


def filmed(size, aspect=None):
    """A camera of a subject as wide as a picture, whose place follows from the picture's shape."""
    framing = {"subject": "p", "size": "full", "also": ["q"]}
    shot = Shot.model_validate({"id": "a", "scene": "s", "start": 0, "duration": 4, "framing": framing})
    members = (Member("p", "woman", Puppet(), 1), Member("q", "man", Puppet(start=(9.0, 0.0, 0.0)), 2))
    return World(plain_setting(), members, aspect).operator(shot, *size).camera(1.0)


def test_one_film_is_filmed_alike_at_852_and_at_1280_columns():
    small, large, other = (filmed(size) for size in ((852, 480), (1280, 720), (640, 480)))
    assert np.array_equal(small.position, large.position)
    assert np.array_equal(small.rotation, large.rotation)
    assert np.linalg.norm(other.position - large.position) > 0.5  # its shape is seen


def test_stills_and_staging_are_filmed_for_the_films_own_shape():
    own, still = filmed((1000, 515)), filmed((480, 248), 1000 / 515)
    assert np.array_equal(own.position, still.position)
    assert not np.array_equal(own.position, filmed((480, 248)).position)


class Passer(Walker):
    """Walks close past whoever films."""

    def __init__(self, beside):
        super().__init__(0.0)
        self.beside = beside

    def place(self, time):
        return self.beside


def crowded(x):
    """A world whose camera some extra with a thing in its hand stands x metres beside."""
    lens = next(take(world(), SHOT, range(1), 10, 64, 36)).camera.position
    passer = Passer(np.array([lens[0] + x, lens[1], 0.0]))
    lead, thing = Member("p", "woman", Walker(2.0), 1), Member("t", "phone", Walker(0.0), 3, extra=1)
    return World(plain_setting(), (lead, Member("crowd", "pedestrian", passer, 2, extra=1), thing))


def test_nobody_of_a_crowd_passes_close_before_the_lens_nor_what_they_hold():
    assert [s.instance for s in next(take(crowded(0.4), SHOT, range(1), 10, 64, 36)).surfaces] == [1]
    assert [s.instance for s in next(take(crowded(9.0), SHOT, range(1), 10, 64, 36)).surfaces] == [1, 2, 3]


@pytest.mark.parametrize(("off", "there"), [(0.5, 1), (60.0, 2)])
def test_what_hangs_before_the_lens_is_taken_down_for_the_shot(off, there):
    place = np.eye(4)
    place[:3, 3] = next(take(world(), SHOT, range(1), 10, 64, 36)).camera.position + np.array([off, 0.0, 0.0])
    setting = replace(plain_setting(), moving=lambda time, eye: Moving(hung=(Surface(TRIANGLE, place),)))
    some = World(setting, (Member("p", "woman", Walker(2.0), 1),))
    assert len(next(take(some, SHOT, range(1), 10, 64, 36)).surfaces) == there
