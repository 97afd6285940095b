import numpy as np
import pytest

from kinema.buffers.scene_frame import Material, Mesh, Surface
from kinema.schema.storyboard import Framing, Shot
from kinema.stage.actor import Region
from kinema.stage.cameras.framing import View
from kinema.stage.cameras.group import handful
from kinema.stage.cameras.moves import Operator
from kinema.stage.cameras.sight import obstacles, posts
from kinema.stage.cameras.station import Moment, crowded, find_station
from kinema.stage.setting import Box
from samples.puppets import Puppet, plain_setting

SPACE = Box((-10.0, -10.0, -1.0), (10.0, 10.0, 6.0))


def wall(x0, x1, y, top, opacity=1.0):
    """An upright sheet across y."""
    points = np.array([[x0, y, 0], [x1, y, 0], [x1, y, top], [x0, y, top]], np.float32)
    normals = np.tile(np.array([[0, 1, 0]], np.float32), (4, 1))
    mesh = Mesh("wall", np.array([[0, 1, 2], [0, 2, 3]], np.int32), points, normals, (Material("m", opacity=opacity),))
    return Surface(mesh, np.eye(4))


def seen(setting, start, end):
    around = obstacles(setting, 0.0, np.zeros(3), SPACE)
    return not around.between(np.array([start]), np.array([end]))[0]


def test_a_wall_hides_what_is_behind_it_and_nothing_else():
    setting = plain_setting(surfaces=(wall(-2.0, 2.0, 3.0, 2.5),))
    assert not seen(setting, (0.0, 6.0, 1.6), (0.0, 0.0, 1.0))
    assert seen(setting, (0.0, 6.0, 4.0), (0.0, 3.5, 3.2))
    assert seen(setting, (4.0, 6.0, 1.6), (4.0, 0.0, 1.0))


def test_glass_hides_nothing():
    assert seen(plain_setting(surfaces=(wall(-2.0, 2.0, 3.0, 2.5, 0.2),)), (0.0, 6.0, 1.6), (0.0, 0.0, 1.0))


def test_ground_does_not_hide_the_feet_of_what_stands_on_it_but_a_low_wall_does():
    points = np.array([[-9, -9, 0.03], [9, -9, 0.03], [9, 9, 0.03], [-9, 9, 0.03]], np.float32)
    up = np.tile(np.array([[0, 0, 1]], np.float32), (4, 1))
    turf = Surface(Mesh("turf", np.array([[0, 1, 2], [0, 2, 3]], np.int32), points, up, (Material("m"),)), np.eye(4))
    lawn = {"ground": lambda xy: np.full(len(xy), 0.03)}
    eye, feet = (0.0, 6.0, 0.3), (0.0, 0.0, 0.07)
    assert seen(plain_setting(surfaces=(turf,), **lawn), eye, feet)
    assert not seen(plain_setting(surfaces=(turf, wall(-2.0, 2.0, 3.0, 0.8)), **lawn), eye, feet)


def test_what_the_subject_lies_in_does_not_hide_it():
    around = obstacles(plain_setting(surfaces=(wall(-2.0, 2.0, 0.2, 2.5),)), 0.0, np.zeros(3), SPACE)
    start, end = np.array([[0.0, 6.0, 1.0]]), np.array([[0.0, 0.0, 1.0]])
    assert around.between(start, end)[0]
    assert not around.between(start, end, 0.6)[0]


def test_people_stand_in_the_way_as_high_as_they_are():
    place = [np.array([0.0, 3.0, 0.0])]
    starts = np.array([[0.0, 6.0, 1.6], [0.0, 6.0, 4.0], [2.0, 6.0, 1.6]])
    ends = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 3.0], [2.0, 0.0, 1.0]])
    assert posts(place, starts, ends, 0.28, 1.8).tolist() == [True, False, False]


class Passerby(Puppet):
    def anchor(self, time, name):
        return self.start if name == "feet" else super().anchor(time, name)


def operator(setting, cast=None, **shot):
    content = {"id": "a", "scene": "s", "start": 0, "duration": 4, "framing": {"subject": "p", "size": "full"}, **shot}
    return Operator(Shot.model_validate(content), cast or {"p": [Puppet()]}, setting, 1280, 720)


def test_a_camera_goes_round_what_stands_before_its_subject():
    setting = plain_setting(surfaces=(wall(-0.7, 0.7, 1.5, 2.5),))
    eye = operator(setting).camera(1.0).position
    around = obstacles(setting, 0.0, eye, SPACE)
    spots = np.array([[0.0, 0.0, 0.4], [0.0, 0.0, 1.5]])
    assert not around.between(np.array([eye, eye]), spots).any()
    assert eye[1] > 1.0


def test_a_camera_avoids_looking_past_somebody_before_the_lens():
    alone = operator(plain_setting()).camera(1.0).position
    other = Passerby(start=(0.0, 0.5 * alone[1], 0.0))
    eye = operator(plain_setting(), {"p": [Puppet()], "q": [other]}).camera(1.0).position
    along = np.array([eye[0], eye[1]]) / np.hypot(eye[0], eye[1])
    beside = abs(along[0] * other.start[1] - along[1] * other.start[0])
    assert alone[0] == pytest.approx(0.0, abs=1e-6)
    assert beside > 0.25


def test_of_a_crowd_seen_closely_a_few_neighbours_are_framed():
    crowd = [Puppet(start=(x, 0.0, 0.0)) for x in (-9.0, -8.0, -1.0, -0.4, 0.3, 1.0, 8.0, 9.5)]
    cast = {"crowd": crowd}
    close = handful(cast, Framing(subject="crowd", size="medium"), 1.0, plain_setting())["crowd"]
    assert [one.start[0] for one in close] == [-1.0, -0.4, 0.3, 1.0]
    assert handful(cast, Framing(subject="crowd", size="wide"), 1.0, plain_setting()) is cast


class Thing(Puppet):
    """Has no feet to stand on, for somebody holds it."""

    def anchor(self, time, name):
        raise KeyError(name)


def test_what_somebody_in_a_crowd_holds_leads_nobody():
    crowd = [Puppet(start=(x, 0.0, 0.0)) for x in (-9.0, -8.6, -8.2, -7.8, 0.0, 0.5, 1.0, 1.5)]
    cast = {"crowd": crowd, "lantern": [Thing(start=(-9.0, 0.0, 0.0))]}
    without = handful({"crowd": crowd}, Framing(subject="crowd", size="medium"), 1.0, plain_setting())
    assert handful(cast, Framing(subject="crowd", size="medium"), 1.0, plain_setting())["crowd"] == without["crowd"]
    led = {"crowd": crowd, "lead": [Puppet(start=(-9.0, 0.0, 0.0))]}
    assert handful(led, Framing(subject="crowd", size="medium"), 1.0, plain_setting())["crowd"] != without["crowd"]


def test_a_small_head_close_by_is_sharp_to_its_ears():
    class Kitten(Puppet):
        def region(self, time, part):
            return Region((0.0, 0.0, 0.3), 0.11, 0.09)

    def blur(body, depth):
        """Pixels that a point so far behind the focus grows to."""
        film = operator(plain_setting(), {"p": [body]}, framing={"subject": "p", "size": "close"}).camera(1.0)
        return film.aperture * film.focal * depth / (film.focus * (film.focus + depth))

    assert blur(Kitten(), 0.03) < 5.0
    assert 2.0 < blur(Puppet(), 0.07) < 6.0
    assert blur(Puppet(), 8.0) > 20.0


class Toucher(Puppet):
    """Touches a place, and has a body."""

    def __init__(self, place, *surfaces):
        super().__init__()
        self.place, self.body = np.array(place), list(surfaces)

    def anchor(self, time, name):
        return self.place if name == "touch" else super().anchor(time, name)

    def surfaces(self, time):
        return self.body


def test_a_camera_goes_to_the_side_from_which_a_touch_is_seen():
    place = (0.0, -0.4, 1.5)
    framing = {"subject": "p", "size": "medium", "also": ["q"]}
    blank = {"p": [Toucher(place)], "q": [Puppet(start=(0.3, 0.0, 0.0))]}
    blocked = {**blank, "p": [Toucher(place, wall(-0.3, 0.3, 0.0, 1.9))]}
    for cast, is_clear in ((blank, True), (blocked, False)):
        eye = operator(plain_setting(), cast, framing=framing).camera(1.0).position
        way = np.array(place) - eye
        across = eye[0] - eye[1] / way[1] * way[0]  # where the line of sight meets the sheet
        assert (abs(across) < 0.3 and eye[1] > 0.0) == is_clear


def test_what_catches_the_eye_costs_behind_somebody_and_not_beside_or_before():
    where = View(np.array([0.0, 0.0, 1.0]), 4.0, 0.0, 0.0, 45.0, 0.0)  # from +y
    moment = Moment(0.0, where, [Region((0.0, 0.0, 1.0), 0.6, 0.5)], [])
    places = ((0.1, -2.0), (1.5, -2.0), (0.0, 2.0))
    behind, beside, before = (Box((x, y, 1.0), (x + 0.2, y + 0.2, 1.2)) for x, y in places)
    assert crowded(where, moment, [behind]) > 0.5
    assert crowded(where, moment, [beside, before]) == 0.0


def test_where_two_touch_the_camera_goes_to_see_their_faces():
    wish = View(np.array([0.0, 0.0, 1.0]), 3.0, 1.9, 0.0, 45.0, 0.0)
    framed, touch = [Region((0.0, 0.0, 1.0), 0.5, 0.5)], [np.array([0.0, 0.0, 1.0])]
    moments = [Moment(0.0, wish, framed, [], touch, faces=faces) for faces in ((), (0.0, 0.2))]
    plain, turned = (find_station([moment], plain_setting(), 16 / 9) for moment in moments)
    assert plain.swing == 0.0
    assert turned.swing < -0.1
