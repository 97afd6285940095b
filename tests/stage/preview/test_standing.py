from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import Material, Surface
from kinema.stage.preview.standing import Standing
from kinema.stage.raster.assembly import Assembler
from reference.worlds import box, camera, frame, moved


def test_only_the_shape_of_what_stands_still_counts():
    assembler, standing = Assembler(), Standing()

    def number(mesh, place, *others):
        return standing.number(assembler.assemble(frame((Surface(mesh, place), *others), camera((0, 0, 1)))))

    screen = box(1.0)
    first = number(screen, moved(y=4.0))
    shown = replace(screen, key="next picture", materials=(Material("bright", emission=(1.0, 1.0, 1.0)),))
    assert number(shown, moved(y=4.0)) == first
    walker = Surface(box(0.5), moved(x=1.0, y=3.0), previous_transform=moved(x=0.9, y=3.0))
    assert number(shown, moved(y=4.0), walker) == first
    aside = number(shown, moved(x=0.5, y=4.0))
    assert aside != first
    assert number(replace(screen, key="larger", positions=screen.positions * 2), moved(x=0.5, y=4.0)) != aside


def test_nothing_at_all_is_a_shape_too():
    standing = Standing()
    nothing = Assembler().assemble(frame((), camera((0, 0, 1))))
    assert standing.number(nothing) == standing.number(nothing)
    assert np.isfinite(standing.number(nothing))
