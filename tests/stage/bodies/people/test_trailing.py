"""Skirts and bags that follow a walk."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera
from kinema.schema.storyboard import Garment, Subject
from kinema.stage.bodies.people.cloth import BALLS
from kinema.stage.bodies.people.trailing import BLOCK, RATE, Trailing
from kinema.stage.bodies.person import Person, perform
from kinema.stage.setting import flat_ground
from stage.motion.figure import cue, path

CUES = [
    cue("walk", 0, 4, path=path((0, 0), (0, 30)), speed=1.3),
    cue("stand", 4, 8, (0, 5.2, 0)),
    cue("lie", 8, 11, (0, 5.2, 0.5)),
]


@pytest.fixture(scope="module")
def woman():
    garments = (Garment(kind="dress", colour="red", length="long"), Garment(kind="bag"))
    return perform(Subject(id="eve", concept="woman", garments=garments), CUES, flat_ground, 7)


def afresh(person) -> Trailing:
    return Trailing(person.performance, person.model.drapes)


def test_what_is_given_does_not_depend_on_what_was_asked(woman) -> None:
    forth, back = afresh(woman), afresh(woman)
    times = [0.3, 0.95, 1.05, 2.1, 3.4]
    there = [forth.at(time) for time in times]
    again = [back.at(time) for time in reversed(times)][::-1]
    for one, other in zip(there, again, strict=True):
        np.testing.assert_array_equal(one.cloths[0], other.cloths[0])
        np.testing.assert_array_equal(one.up, other.up)


def test_threads_that_ask_at_once_share_one_history(woman, monkeypatch) -> None:
    person, swung = Person(Subject(id="eve", concept="woman"), woman.figure, woman.performance), []
    made, swing = [], Trailing._swing

    def noted(self, block, before):
        swung.append(block)
        sleep(0.05)
        return swing(self, block, before)

    def counted(*arguments):
        made.append(arguments)
        sleep(0.05)
        return Trailing(*arguments)

    monkeypatch.setattr(Trailing, "_swing", noted)
    monkeypatch.setattr("kinema.stage.bodies.person.Trailing", counted)
    with ThreadPoolExecutor(2) as pool:
        ups = list(pool.map(lambda moment: person.trailing.at(moment).up, [1.5, 1.5]))
    assert len(made) == 1
    assert swung == [-1, 0, 1]
    np.testing.assert_array_equal(*ups)


def test_cloth_moves_on_without_jumps(woman) -> None:
    trailing = afresh(woman)
    times = np.arange(0.5, 10.0, 1 / RATE)
    points = np.array([trailing.at(float(time)).cloths[0] for time in times])
    steps = np.linalg.norm(np.diff(points, axis=0), axis=-1)
    assert steps.max() < 0.2  # 9.6 m/s; a foot that swings goes at 5, and a hem may whip
    changes = np.linalg.norm(np.diff(points, 2, axis=0), axis=-1).max((1, 2))
    borders = np.round(times[2:] * RATE).astype(int) % BLOCK < 2
    assert changes[borders].max() <= changes[~borders].max()


def test_legs_stay_inside_and_threads_keep_their_length(woman) -> None:
    trailing, drape = woman.trailing, woman.model.drapes[0]
    cloth = trailing.cloths[0]
    for time in np.arange(0.5, 3.5, 0.1):
        points = trailing.at(float(time)).cloths[0]
        down = np.linalg.norm(np.diff(points, axis=0), axis=-1).sum(0)
        assert (down / cloth.down.sum(0)).max() < 1.18
        now = woman.performance.at(float(time))
        legs = drape.inside.legs(now.turns[None], now.places[None])[0]
        loose = points[cloth.held :].reshape(-1, 3)
        for leg in legs:
            for k in range(1, 3):
                way = leg[k + 1] - leg[k]
                t = np.clip((loose - leg[k]) @ way / (way @ way), 0, 1)
                away = np.linalg.norm(loose - leg[k] - t[:, None] * way, axis=1)
                radius = drape.inside.radii[k] * (1 - t) + drape.inside.radii[k + 1] * t
                assert (away - radius).min() > -0.02
    assert len(BALLS) == len(legs)


def test_the_hem_swings_with_the_stride_and_comes_to_rest(woman) -> None:
    def hem(time: float) -> np.ndarray:
        root = woman.anchor(time, "hip")
        return woman.trailing.at(time).cloths[0][-1] - root * [1.0, 1.0, 0.0]

    walking = np.array([hem(float(time)) for time in np.arange(1.0, 3.0, 1 / 24)])
    assert np.ptp(walking[:, :, 1], axis=0).max() > 0.3
    standing = np.array([hem(float(time)) for time in np.arange(6.4, 7.2, 1 / 24)])
    assert np.ptp(standing, axis=0).max() < 0.05


def test_the_bag_swings_as_she_walks(woman) -> None:
    up = np.array([woman.trailing.at(float(time)).up for time in np.arange(1.0, 3.0, 1 / 24)])
    lean = np.degrees(np.arctan2(up[:, 1], up[:, 2]))
    assert 5.0 < np.ptp(lean) < 35.0


def test_the_bag_hardly_turns_as_she_walks(woman) -> None:
    ahead = np.array([woman.trailing.at(float(time)).ahead for time in np.arange(1.0, 3.0, 1 / 24)])
    assert np.abs(np.degrees(np.arctan2(-ahead[:, 0], ahead[:, 1]))).max() < 16.0


def test_in_bed_cloth_lies_as_the_legs_push_it(woman) -> None:
    drape, time = woman.model.drapes[0], 10.0
    now = woman.performance.at(time)
    expected = drape.posed(now.turns, now.places, drape.rows)
    np.testing.assert_allclose(woman.trailing.at(time).cloths[0], expected, atol=2e-3)


def outline(points: np.ndarray, across: int) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest x (or y) of cloth (R, S, 3) at ten heights from the hips to the hem."""
    flat = points.reshape(-1, 3)
    low, high = points[-1, :, 2].mean(), points[points.shape[0] // 3, :, 2].mean()
    ends = []
    for height in np.linspace(low + 0.02, high, 10):
        near = flat[np.abs(flat[:, 2] - height) < 0.06]
        ends.append((near[:, across].min(), near[:, across].max()))
    return np.array(ends)[:, 0], np.array(ends)[:, 1]


@pytest.mark.parametrize("time", [1.5, 1.8, 2.1, 2.4, 7.5])
def test_from_afar_a_skirt_has_the_outline_of_its_cloth(woman, time: float) -> None:
    nets = []
    for away, level in ((2.0, 0), (9.0, 2)):
        place = woman.place(time) - np.array([0.0, away, -1.0])
        camera = Camera(640, 360, 700.0, place, np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]]))
        drape = woman.figure[level].drapes[0]
        skirt = woman.seen(time, camera)[1]
        assert skirt.mesh is drape.mesh
        points = skirt.positions @ skirt.transform[:3, :3].T + skirt.transform[:3, 3]
        nets.append(points.reshape(len(drape.drop), -1, 3)[:-2])
    for across in (0, 1):
        for one, other in zip(outline(nets[0], across), outline(nets[1], across), strict=True):
            assert np.abs(one - other).max() < 0.05
