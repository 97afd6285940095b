"""How much of the sky is seen from under things."""

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import Surface
from kinema.stage.preview.openness import Openness
from kinema.stage.raster.assembly import Assembler
from reference.worlds import box, camera, flat, frame, moved

EYE = camera((0, 0, 1.0))


def shade(*surfaces: Surface) -> float:
    """Share of the dome's texels over the world's middle in which something stands above the ground."""
    geometry = Assembler().assemble(frame((Surface(flat(8.0), np.eye(4)), *surfaces), EYE))
    dome = Openness().dome(geometry, EYE, geometry.casts)
    spots = np.array([one.matrix @ (0, 0, 0, 1) for one in dome.slabs])
    columns, rows = np.floor(spots[:, :2]).astype(int).T
    return float((dome.maps[np.arange(len(spots)), rows, columns] < spots[:, 2] - 0.1).mean())


def test_a_roof_takes_the_light_and_low_growth_does_not() -> None:
    roof = Surface(box(3.0), moved(z=3.0))
    assert shade() == 0.0
    assert shade(roof) > 0.25
    assert shade(replace(roof, shades_sky=False)) == 0.0
    assert shade(replace(roof, casts_shadow=False)) == 0.0


def test_a_dome_does_not_depend_on_the_one_before() -> None:
    assembler, kept = Assembler(), Openness()
    ground, others = Surface(flat(300.0), np.eye(4)), [Surface(box(2.0), moved(y=float(y), z=1.0)) for y in (5, 30, 70)]
    for y, shown in ((0.0, others), (12.0, others), (25.0, others[:2]), (12.0, others[1:])):
        eye = camera((0.0, y, 1.0))
        geometry = assembler.assemble(frame((ground, *shown), eye))
        fresh = Openness().dome(geometry, eye, geometry.casts)
        np.testing.assert_array_equal(kept.dome(geometry, eye, geometry.casts).maps, fresh.maps)
