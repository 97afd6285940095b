import numpy as np
import pytest

from kinema.buffers.scene_frame import Surface
from kinema.schema.storyboard import Subject
from kinema.stage.bodies.dragon import perform
from kinema.stage.cue import Cue, Mark, Path

ROAD = Path(np.array([[0.0, 0.0, 0.0], [0.0, 40.0, 0.0]]))
DANCE = Cue("dance", 0.0, 20.0, Mark((0, 0, 0)), ROAD, path_start=10.0, speed=1.0)


class Dancer:
    """Stands where its cue says, and remembers what it was asked to hold."""

    def __init__(self, subject, cues, hands, seed):
        self.id, self.cues, self.hands = subject.id, cues, hands

    def place(self, time):
        cue = next((c for c in self.cues if time < c.end), self.cues[-1])
        if cue.path is None:
            return np.array(cue.mark.position)
        return cue.path.at(cue.path_start + cue.speed * (time - cue.start))[0]

    def surfaces(self, time):
        return []

    def particles(self, time):
        return []

    def lamps(self, time):
        return []

    def events(self, start, end):
        return []


@pytest.fixture(scope="module")
def dancers():
    return []


@pytest.fixture(scope="module")
def dragon(dancers):
    def bearer(*asked):
        dancers.append(Dancer(*asked))
        return dancers[-1]

    return perform(Subject(id="dragon", concept="dragon_dance"), [DANCE], lambda p: np.zeros(len(p)), 3, bearer)


def world(surface: Surface):
    points = surface.mesh.positions if surface.positions is None else surface.positions
    return points @ surface.transform[:3, :3].T + surface.transform[:3, 3]


def test_a_dragon_is_long_and_high_above_the_ground(dragon):
    body = world(dragon.surfaces(4.0)[2])
    assert 10.0 < np.ptp(body[:, 1]) < 14.0
    assert body[:, 2].min() > 1.5
    assert body[:, 2].max() < 3.3


def test_its_middle_is_where_the_cue_says(dragon):
    assert dragon.anchor(5.0, "centre")[1] == pytest.approx(15.0, abs=0.8)
    assert dragon.facing(5.0) == pytest.approx(0.0, abs=0.5)


def test_the_pearl_keeps_beside_the_way_and_never_before_the_mouth(dragon):
    aside = [dragon.anchor(time, "pearl")[0] - dragon.anchor(time, "head")[0] for time in np.arange(0.0, 12.0, 0.25)]
    assert max(aside) < 0.2
    assert np.mean(aside) < -0.4


def test_the_head_leads_and_follows_the_pearl(dragon):
    head, pearl, tail = (dragon.anchor(4.0, name) for name in ("head", "pearl", "tail"))
    assert pearl[1] > head[1] + 1.0 > tail[1] + 10.0


def test_between_eight_and_twelve_people_carry_it(dancers, dragon):
    assert 8 <= len(dancers) <= 12
    assert len({one.id for one in dancers}) == len(dancers)


@pytest.mark.parametrize("time", [0.0, 3.3, 12.0])
def test_hands_hold_the_pole_within_reach_of_who_walks_there(dancers, dragon, time):
    for dancer in dancers:
        place = dancer.place(time)
        for hand in dancer.hands(time):
            assert np.linalg.norm(hand[:2] - place[:2]) < 0.75
            assert 1.0 < hand[2] < 2.25
    poles = dragon.surfaces(time)[4:]
    assert len(poles) == len(dancers)
    for pole, dancer in zip(poles, dancers, strict=True):
        local = np.linalg.inv(pole.transform) @ np.append(dancer.hands(time)[0], 1.0)
        assert local[:2] == pytest.approx([0, 0], abs=1e-9)
        assert -1.35 < local[2] < 0.0


def test_a_spotlight_goes_ahead_of_it_and_shines_at_its_head(dragon):
    _, spot = dragon.lamps(4.0)
    head, place = dragon.anchor(4.0, "head"), np.array(spot.position)
    assert place[1] > head[1] + 3.0
    way = (head - place) / np.linalg.norm(head - place)
    assert way @ np.array(spot.normal) > 0.95


def test_a_wave_runs_down_the_body(dragon):
    early, late = (world(dragon.surfaces(t)[2])[:, 2] for t in (4.0, 5.0))
    assert np.abs(early - late).max() > 0.2


def test_same_time_same_shape_in_any_order(dragon):
    first = world(dragon.surfaces(6.0)[2])
    dragon.surfaces(1.0)
    assert np.array_equal(first, world(dragon.surfaces(6.0)[2]))


def test_dances_on_the_spot_without_a_path():
    made = []
    here = Cue("dance", 0.0, 5.0, Mark((2, 3, 0), np.pi / 2))

    def bearer(*asked):
        made.append(Dancer(*asked))
        return made[-1]

    dragon = perform(
        Subject(id="d", concept="dragon_dance", size="small"), [here], lambda p: np.zeros(len(p)), 1, bearer
    )
    assert dragon.anchor(2.0, "centre")[:2] == pytest.approx([2, 3], abs=0.9)
    assert dragon.anchor(2.0, "head")[0] < -1.0
    assert all(one.cues[0].path is None for one in made)


def test_needs_a_cue():
    with pytest.raises(ValueError, match="at least one cue"):
        perform(Subject(id="d", concept="dragon_dance"), [], lambda p: np.zeros(len(p)), 1, Dancer)
