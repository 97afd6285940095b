import numpy as np
import pytest

from kinema.stage.motion.actions.leisure import PASSING, own_stance, stances
from kinema.stage.motion.actions.moment import Moment
from kinema.stage.motion.performance import Performance
from kinema.stage.motion.rig import Rig
from kinema.stage.setting import flat_ground
from stage.motion.figure import adult, cue, path

RIG = Rig(adult())


def moment(lot: float, busy: frozenset[str] = frozenset()) -> Moment:
    luck = np.full(64, lot)
    return Moment(np.zeros(1), cue("stand", 0, 5), RIG, None, {}, luck, "", np.zeros(1), busy=busy)  # type: ignore[arg-type]


def hands(performance: Performance, time: float) -> np.ndarray:
    now = performance.at(time)
    return np.array([now.places[RIG.row[f"hand_{side}"]] - now.places[RIG.row["hips"]] for side in ("left", "right")])


def test_every_stance_is_taken_by_somebody():
    taken = [own_stance(moment(lot)) for lot in np.linspace(0.0, 0.999, 200)]
    for row in stances().values():
        assert row in taken or row.mirrored() in taken


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_arm_that_carries_takes_no_stance(side):
    for lot in np.linspace(0.0, 0.999, 50):
        assert side not in own_stance(moment(lot, frozenset({side}))).sides


def test_two_who_stand_do_not_stand_alike():
    places = [hands(Performance(RIG, [cue("stand", 0, 8)], flat_ground, seed, f"one {seed}"), 4.0) for seed in range(8)]
    apart = [np.abs(a - b).max() for k, a in enumerate(places) for b in places[:k]]
    assert np.median(apart) > 0.1


def test_only_passers_by_keep_their_hands_where_they_were_while_they_walk():
    along = path((0, 0), (0, 20))

    def swing(manner: tuple[str, ...], seed: int) -> float:
        one = Performance(
            RIG, [cue("walk", 0, 12, path=along, speed=1.2, manner=manner)], flat_ground, seed, f"one {seed}"
        )
        return float(np.ptp([hands(one, time)[:, 1] for time in np.arange(6.0, 8.0, 0.1)], axis=0).max())

    assert min(swing((), seed) for seed in range(12)) > 0.15
    assert min(swing((PASSING,), seed) for seed in range(12)) < 0.12
