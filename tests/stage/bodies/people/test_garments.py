"""What garments cover, and what they leave bare."""

import numpy as np
import pytest

from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.garments import trouser_cover
from kinema.stage.bodies.people.piece import dense_weights, share


@pytest.mark.parametrize("physique", [Physique(), Physique("male", weight=0.6)])
def test_trousers_cover_legs_and_leave_fingers_whole_to_their_tips(physique: Physique) -> None:
    body, weights = build_body(physique), dense_weights()
    covered = trouser_cover(body, bottom=1.12, top=3.9)(body.points, weights) > 0
    assert covered[share(weights, "lower_leg") > 0.9].mean() > 0.5
    assert not np.any(covered[share(weights, "fingertips", "fingers", "thumb") > 0.5])
