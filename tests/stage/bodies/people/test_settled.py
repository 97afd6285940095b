"""Skirts whose cloth has come to rest once and for all."""

from dataclasses import replace

import numpy as np
import pytest

from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.drape import hull_support
from kinema.stage.bodies.people.fabric import fabric
from kinema.stage.bodies.people.settled import settled
from kinema.stage.bodies.people.skirts import SkirtCut, skirt
from stage.bodies.people.test_drape import STILL, striding

BODY = build_body(Physique())
FINE = SkirtCut(top=3.75, bottom=1.4, ease=0.006, flare=0.125, folds=0.034, columns=72, rings=22)
SILK = fabric("silk", (0.5, 0.0, 0.0))
CONE, CLOTH = (skirt(BODY, cut, SILK, "test") for cut in (replace(FINE, columns=24, rings=9), FINE))
DRAPE = settled(CONE, CLOTH, BODY.skeleton)


def hem(drape, rotations) -> np.ndarray:
    return drape.rings(BODY.skeleton, rotations)[drape.rows - 1]


def test_it_falls_closer_than_it_is_cut_and_lies_in_folds() -> None:
    assert np.ptp(hem(DRAPE, STILL)[:, 0]) < np.ptp(hem(CONE, STILL)[:, 0]) - 0.03
    assert DRAPE.folds[DRAPE.rows - 1].min() < -0.01
    assert hem(DRAPE, STILL)[:, 2].mean() < hem(CONE, STILL)[:, 2].mean() + 0.005


def test_at_the_waist_it_stays() -> None:
    held = DRAPE.drop < 0
    np.testing.assert_allclose(
        DRAPE.rings(BODY.skeleton, STILL)[held], CONE.rings(BODY.skeleton, STILL)[held], atol=0.012
    )


@pytest.mark.parametrize("drape", [CONE, DRAPE])
def test_a_stride_takes_from_the_sides_what_it_needs_ahead_and_behind(drape) -> None:
    still, stride = hem(drape, STILL), hem(drape, striding(0.5, -0.4, 0.1, 0.2))
    assert np.ptp(stride[:, 1]) > np.ptp(still[:, 1]) + 0.1
    assert np.ptp(stride[:, 0]) < np.ptp(still[:, 0]) - 0.02
    every = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    around = hull_support(stride[:, :2] - stride[:, :2].mean(0), every).mean()
    assert around < 1.25 * drape.girth[drape.rows - 1]


def test_it_is_the_same_every_time() -> None:
    again = settled(CONE, CLOTH, BODY.skeleton)
    np.testing.assert_array_equal(again.mesh.positions, DRAPE.mesh.positions)
