import numpy as np
import pytest

from kinema.stage.bodies.quadruped.palette import palette
from kinema.stage.bodies.quadruped.species import species
from kinema.stage.colours import colour


@pytest.mark.parametrize("name", ["gold", "red", "blue"])
def test_a_coat_of_a_colour_is_that_colour_but_never_as_pure_as_paint(name):
    paint, side = np.array(colour(name)), palette(species("dog"), {"body": name}).side
    assert side.argmax() == paint.argmax()
    assert side.min() / side.max() > paint.min() / paint.max() + 0.02
