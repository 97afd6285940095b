"""What moves before a camera stays in its picture: heads, long bodies, and others whole or not at all."""

import numpy as np
import pytest

from kinema.schema.storyboard import Framing, Shot
from kinema.stage.actor import Region
from kinema.stage.cameras.framing import View, kept_points
from kinema.stage.cameras.group import beside
from kinema.stage.cameras.moves import Operator
from kinema.stage.cameras.station import Moment, cut_off
from kinema.stage.setting import Box
from samples.puppets import Puppet, plain_setting


class Nodder(Puppet):
    """Its head rises by a head and a half while it is filmed."""

    def region(self, time, part):
        at = super().region(time, part)
        x, y, z = at.centre
        return Region((x, y, z + 0.1 * time), at.height, at.width)


class Hound(Puppet):
    """A body twice as long as tall, its head at the front end."""

    def region(self, time, part):
        x, y, z = self.start + np.array([0.0, self.speed * time, 0.4])
        if part == "whole":
            return Region((x, y, z), 0.8, 1.6)
        return Region((x, y + 0.65, z + 0.25), 0.3, 0.3)


def operator(body, setting=None, seconds=4, **shot):
    content = {"id": "a", "scene": "s", "start": 0, "duration": seconds, **shot}
    return Operator(Shot.model_validate(content), {"p": [body]}, setting or plain_setting(), 1280, 720)


def on_picture(camera, point):
    """Across and up in half pictures: within -1 and 1 is seen."""
    x, y, z = camera.rotation @ (np.asarray(point) - camera.position)
    return np.array([x / 640, -y / 360]) * camera.focal / z


@pytest.mark.parametrize("size", ["close", "medium"])
def test_a_standing_close_camera_holds_a_head_that_rises(size):
    film = operator(Nodder(), framing={"subject": "p", "size": size})
    for time in (0.0, 1.0, 2.0, 3.0, 4.0):
        head = film.cast["p"][0].region(time, "head")
        for end in (-0.5, 0.5):
            place = on_picture(film.camera(time), np.array(head.centre) + np.array([0.0, 0.0, end * head.height]))
            assert np.abs(place).max() < 1.0
    assert np.array_equal(film.camera(0.0).position, film.camera(4.0).position)


class Jumper(Puppet):
    """Is somewhere else from the fourth second on, where another shot begins."""

    def region(self, time, part):
        at = super().region(time, part)
        x, y, z = at.centre
        return Region((x + 30.0 * (time >= 4.0), y, z), at.height, at.width)


@pytest.mark.parametrize("move", ["static", "follow"])
def test_where_a_subject_is_after_the_shot_does_not_matter(move):
    film = operator(Jumper(), move=move, framing={"subject": "p", "size": "full"})
    assert abs(on_picture(film.camera(3.95), [0.0, 0.0, 0.85])[0]) < 0.1


def test_who_keeps_still_is_framed_as_large_as_ever():
    film = operator(Puppet(), framing={"subject": "p", "size": "close"})
    top, bottom = (on_picture(film.camera(1.0), [0.0, 0.0, 1.58 + end])[1] for end in (0.13, -0.13))
    assert (top - bottom) / 2 == pytest.approx(0.7, rel=0.1)


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_body_followed_from_beside_has_more_room_ahead(side):
    film = operator(Hound(1.3), move="follow", framing={"subject": "p", "size": "full", "side": side})
    camera = film.camera(2.0)
    nose, rump = (on_picture(camera, [0.0, 2.6 + end, 0.4])[0] for end in (0.8, -0.8))
    assert 1.0 - abs(nose) > 1.15 * (1.0 - abs(rump))


def test_a_long_body_stays_whole_where_the_camera_has_little_room():
    """In a corridor coming closer is the nearest way out, and would cut the body at both ends."""
    corridor = Box((-1.5, -9.0, 0.0), (1.5, 9.0, 3.0))
    camera = operator(
        Hound(), plain_setting(room=(corridor,)), framing={"subject": "p", "size": "full", "side": "right"}
    ).camera(2.0)
    for end in (-0.8, 0.8):
        assert abs(on_picture(camera, [0.0, end, 0.4])[0]) < 1.0


def test_somebody_not_framed_is_in_the_picture_whole_or_not():
    where = View(np.zeros(3), 5.0, 0.0, 0.0, 24.0, 0.0)  # 5 m to +Y, 4.4 m to either side at the target

    def price(first, last):
        line = np.linspace([first, 0.0, 0.0], [last, 0.0, 0.0], 9)
        return cut_off(where, Moment(0.0, where, [], [], strays=[line]), 16 / 9)

    assert price(-2.0, 2.0) == 0.0
    assert price(6.0, 12.0) == 0.0
    assert price(2.0, 8.0) > 0.5
    assert price(8.0, 2.0) > price(2.0, 8.0)  # the worse with its head outside


def test_a_cut_head_costs_more_than_a_cut_tail():
    where = View(np.zeros(3), 5.0, 0.0, 0.0, 24.0, 0.0)
    inside, outside = np.zeros((1, 3)), np.array([[9.0, 0.0, 0.0]])
    head = cut_off(where, Moment(0.0, where, [], [], heads=outside, ends=inside), 16 / 9)
    tail = cut_off(where, Moment(0.0, where, [], [], heads=inside, ends=outside), 16 / 9)
    assert head > tail > 0.0


@pytest.mark.parametrize(("side", "ahead"), [("left", True), ("back_left", False)])
def test_a_camera_goes_round_to_the_face_rather_than_behind(side, ahead):
    """A wall at the left leaves a place behind that is nearer to square than the one before."""
    wall = Box((-30.0, -1.2, 0.0), (-0.5, 1.9, 9.0))
    setting = plain_setting(solids=(wall,))
    eye = operator(Puppet(), setting, framing={"subject": "p", "size": "full", "side": side}).camera(2.0).position
    assert (eye[1] > 0.0) == ahead


def test_closely_seen_only_the_nearest_of_several_is_beside_the_subject():
    pack = [Puppet(start=(x, 0.0, 0.0)) for x in (5.0, 1.0, 3.0)]
    cast = {"p": [Puppet()], "pack": pack}
    close = beside(cast, Framing(subject="p", size="close", also=("pack",)), 0.0)
    assert close["pack"] == [pack[1]]
    assert beside(cast, Framing(subject="p", size="full", also=("pack",)), 0.0) is cast


def test_what_has_no_head_is_not_turned_for_its_sake():
    class Car(Puppet):
        def anchor(self, time, name):
            raise KeyError(name)

    framing = Framing(subject="p", size="full", side="back")
    assert len(kept_points(framing, {"p": [Car()]}, 0.0)[0]) == 0
    assert len(kept_points(framing, {"p": [Puppet()]}, 0.0)[0]) == 2
