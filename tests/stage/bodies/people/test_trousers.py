"""The legs of trousers below the knee."""

import pytest

from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.cuts import trouser_cover
from kinema.stage.bodies.people.fabric import fabric
from kinema.stage.bodies.people.garments import Fit, shell
from kinema.stage.bodies.people.skinning import SKIN_JOINTS

RADIUS = 0.08


@pytest.mark.parametrize("fine", [True, False])
def test_a_hem_hangs_round_from_the_shin_and_leaves_the_shoe_free(fine: bool) -> None:
    body = build_body(Physique("male"))
    fit = Fit(fold=0.0, straight=RADIUS)
    legs = shell(body, trouser_cover(body, 0.75, 4.0), fit, fabric("wool", (0.1, 0.1, 0.1)), "trousers", fine)
    ankle, toes = body.landmarks["foot_right"], body.landmarks["toes_right"]
    hem = legs.points[legs.points[:, 2] < ankle[2] + 0.02]
    assert len(hem)
    assert hem[:, 1].max() < ankle[1] + 0.004 + 1.1 * RADIUS * body.height / 1.65 < toes[1]
    assert not legs.weights[:, [SKIN_JOINTS.index(f"{part}_right") for part in ("foot", "toes")]].any()
