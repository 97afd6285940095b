"""What counts as the still world, from frame to frame."""

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import Material, Sky, Surface
from kinema.stage.preview.render import render
from kinema.stage.raster.assembly import Assembler
from reference.worlds import AHEAD, box, camera, flat, frame, moved


def test_only_still_things_that_throw_shadows_are_counted() -> None:
    assembler, eye = Assembler(), camera((0, 0, 1))

    def number(*surfaces: Surface) -> int:
        return assembler.assemble(frame(surfaces, eye)).standing

    house, screen = Surface(box(1.0), moved(y=4.0)), Surface(box(0.5), moved(x=1.0, y=3.0), casts_shadow=False)
    first = number(house, screen)
    shown = replace(box(0.5), key="next picture", materials=(Material("bright", emission=(1.0, 1.0, 1.0)),))
    assert number(house, replace(screen, mesh=shown)) == first
    walker = Surface(box(0.5), moved(x=1.0, y=3.0), instance=1)
    assert number(house, screen, walker) == first
    aside = number(replace(house, transform=moved(x=0.5, y=4.0)), screen)
    assert aside != first
    assert number(replace(house, mesh=box(2.0), transform=moved(x=0.5, y=4.0)), screen) not in (first, aside)


def test_what_leaves_the_still_world_is_forgotten_and_found_again() -> None:
    assembler, eye = Assembler(), camera((0, 0, 1))
    both = (Surface(box(1.0), moved(y=4.0)), Surface(box(2.0), moved(x=3.0, y=6.0)))
    first = assembler.assemble(frame(both, eye))
    alone = assembler.assemble(frame(both[:1], eye))
    again = assembler.assemble(frame(both, eye))
    assert len(alone.positions) == len(first.positions) // 2
    np.testing.assert_array_equal(again.positions, first.positions)
    np.testing.assert_array_equal(again.bounds, first.bounds)


def test_soft_light_is_the_same_in_the_first_frames_of_a_take() -> None:
    eye = camera((0, 0, 1.5), AHEAD)
    white = Sky("white", np.ones((4, 8, 3), np.float32))
    ground, car = Surface(flat(30.0), np.eye(4)), Surface(box(1.5), moved(y=5.0, z=0.75), instance=3)
    driven = replace(car, previous_transform=moved(y=4.9, z=0.75))
    chunk = next(render([frame((ground, car), eye, sky=white), frame((ground, driven), eye, sky=white)]))
    assert chunk.preview[0].max() > 0.1
    np.testing.assert_array_equal(chunk.preview[0], chunk.preview[1])
