import numpy as np
import pytest

from kinema.schema.storyboard import Framing, Shot
from kinema.stage.cameras.framing import view
from kinema.stage.cameras.moves import Operator, looking
from kinema.stage.setting import Box
from samples.puppets import HEIGHTS, Puppet, plain_setting


def operator(puppet=None, setting=None, **shot):
    content = {"id": "a", "scene": "s", "start": 0, "duration": 4, "framing": {"subject": "p", "size": "full"}, **shot}
    cast = {"p": [puppet or Puppet()]}
    return Operator(Shot.model_validate(content), cast, setting or plain_setting(), 1280, 720)


def projected(camera, point):
    x, y, z = camera.rotation @ (np.asarray(point) - camera.position)
    return camera.focal * x / z + 640, camera.focal * y / z + 360


def framing(size, **more):
    return {"subject": "p", "size": size, **more}


@pytest.mark.parametrize(
    ("size", "part", "share", "raised"),
    [("full", "whole", 0.74, 0.0), ("medium", "upper", 0.8, 0.0), ("close", "head", 0.70, 0.05)],
)
def test_the_part_fills_its_share_of_the_picture(size, part, share, raised):
    camera = operator(framing=framing(size)).camera(2.0)
    middle, height = HEIGHTS[part]
    _, top = projected(camera, [0, 0, middle + height / 2])
    _, bottom = projected(camera, [0, 0, middle - height / 2])
    assert (bottom - top) / 720 == pytest.approx(share, rel=0.2)
    assert projected(camera, [0, 0, middle]) == pytest.approx((640, 360 - raised * 720), abs=2)


@pytest.mark.parametrize(("side", "sign"), [("front", (0, 1)), ("back", (0, -1)), ("left", (-1, 0)), ("right", (1, 0))])
def test_sides_are_the_subjects_own(side, sign):
    x, y, _ = operator(framing=framing("full", side=side)).camera(1.0).position
    assert np.allclose(np.array([x, y]) / np.hypot(x, y), sign, atol=0.02)


def test_a_static_camera_does_not_move_though_its_subject_does():
    film = operator(Puppet(1.3), move="static")
    assert np.array_equal(film.camera(0.0).position, film.camera(4.0).position)
    assert np.array_equal(film.camera(0.0).rotation, film.camera(4.0).rotation)


def test_a_following_camera_keeps_its_distance():
    film = operator(Puppet(1.3), move="follow", framing=framing("full", side="back"))
    gaps = [np.linalg.norm(film.camera(t).position - [0, 1.3 * t, 0.85]) for t in np.linspace(1, 3, 9)]
    assert np.ptp(gaps) < 0.02 * gaps[0]


def test_a_push_goes_from_wide_to_the_face_without_a_jump():
    film = operator(Puppet(1.3), move="push", duration=20, framing=framing("wide"), to=framing("close"))
    times = np.arange(0, 20, 1 / 24)
    cameras = [film.camera(t) for t in times]
    gaps = np.array([np.linalg.norm(c.position - [0, 1.3 * t, 1.58]) for c, t in zip(cameras, times, strict=True)])
    assert gaps[0] > 6.0
    assert gaps[-1] < 2.2
    assert np.abs(np.diff(gaps)).max() < 0.08
    x, y = projected(cameras[-1], [0, 1.3 * times[-1], 1.58])
    assert abs(x - 640) < 40
    assert abs(y - 360) < 40


def test_an_orbit_ends_where_it_began_after_a_full_turn():
    film = operator(move="orbit", turn=360)
    first, half, last = (film.camera(t).position for t in (0.0, 2.0, 4.0))
    assert np.linalg.norm(first - last) < 0.15
    assert np.linalg.norm(first - half) > 4.0


def test_no_camera_in_a_wall_or_out_of_the_room():
    wall = Box((-5, 1.5, 0), (5, 9, 5))
    eye = operator(setting=plain_setting(solids=(wall,))).camera(1.0).position
    assert eye[1] < 1.5
    room = Box((-2, -2, 0), (2, 2, 2.5))
    eye = operator(setting=plain_setting(room=(room,))).camera(1.0).position
    assert -2 < eye[1] < 2
    assert eye[2] < 2.5


def test_no_camera_underground():
    film = operator(framing=framing("wide", angle="low"))
    assert film.camera(1.0).position[2] > 0.3


def test_a_level_camera_has_a_level_horizon():
    rotation = looking(np.array([1.0, -4.0, 1.0]), np.array([0.0, 2.0, 3.0]))
    assert np.allclose(rotation @ rotation.T, np.eye(3))
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    assert rotation[0, 2] == pytest.approx(0.0)
    assert rotation[1, 2] < 0


def test_a_long_following_take_opens_up_and_looks_higher_halfway():
    film = operator(Puppet(1.3), move="follow", duration=20, framing=framing("full", side="back"))
    gaps = [float(np.linalg.norm(film.camera(t).position - [0, 1.3 * t, 0.85])) for t in (1.0, 10.0, 19.0)]
    assert gaps[1] > 1.1 * gaps[0]
    assert gaps[1] > 1.1 * gaps[2]
    assert film.camera(10.0).rotation[2, 2] > film.camera(1.0).rotation[2, 2]


class Face(Puppet):
    """One with two eyes before the middle of its head."""

    def anchor(self, time, name):
        if name in ("eye_left", "eye_right"):
            side = -0.03 if name == "eye_left" else 0.03
            return super().anchor(time, "head") + np.array([side, 0.07, 0.0])
        return super().anchor(time, name)


def test_a_close_camera_is_focused_on_the_nearer_eye():
    face = Face()
    film = operator(face, framing=framing("close", side="front_left")).camera(2.0)
    near = min((face.anchor(2.0, name) - film.position) @ film.rotation[2] for name in ("eye_left", "eye_right"))
    assert film.focus == pytest.approx(near - 0.013, abs=1e-6)


def test_from_behind_it_is_focused_on_the_head():
    face = Face()
    film = operator(face, framing=framing("close", side="back")).camera(2.0)
    assert film.focus == pytest.approx(np.linalg.norm(face.anchor(2.0, "head") - film.position), abs=0.1)


def test_in_a_room_a_level_camera_looks_down_on_what_is_low_and_not_on_who_stands():
    framing = Framing(subject="one", size="medium")

    def elevation(height, ceiling):
        return view(framing, {"one": [Puppet(height)]}, 0.0, 0.0, 16 / 9, ceiling).elevation

    assert np.radians(6.0) < elevation(0.3, 2.6) <= np.radians(22.0)
    assert elevation(0.3, np.inf) == elevation(0.3, 9.0) < np.radians(5.0)
    assert elevation(1.8, 2.6) == pytest.approx(elevation(1.8, np.inf), abs=np.radians(6.0))
