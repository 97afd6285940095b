from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import Surface
from kinema.stage.preview.render import view_of
from kinema.stage.raster.assembly import Assembler
from kinema.stage.raster.edges import edge_samples
from kinema.stage.raster.triangles import see
from kinema.stage.raster.visibility import draw
from reference.worlds import box, camera, frame, moved

NEAR = Surface(box(0.4), moved(-0.6, 2.0, 0.0), 1)
FAR = Surface(box(2.0), moved(4.0, 20.0, 0.0), 2)


def smoothed(surfaces, lens):
    """How many pixels have an edge that is smoothed, left and right of the picture's middle."""
    geometry = Assembler().assemble(frame(surfaces, lens))
    triangles = see(geometry, view_of(lens))
    edges = edge_samples(triangles, draw(geometry, view_of(lens), triangles), lens)
    column = np.unique(edges.pixel) % lens.width
    return (column < lens.width // 2).sum(), (column >= lens.width // 2).sum()


def lens_of(aperture, focus=2.0):
    return replace(camera((0.0, 0.0, 0.0)), aperture=aperture, focus=focus)


def test_edges_are_smoothed_near_and_far_where_all_is_sharp():
    near, far = smoothed((NEAR, FAR), lens_of(0.0))
    assert near > 10
    assert far > 10


def test_edges_that_the_lens_blurs_away_are_not_smoothed():
    near, far = smoothed((NEAR, FAR), lens_of(1.0))  # discs of 64 * (1/2 - 1/20) = 29 pixels on the far box
    assert near == smoothed((NEAR,), lens_of(0.0))[0]
    assert far == 0


def test_a_lens_that_blurs_a_little_leaves_all_edges_smooth():
    assert smoothed((NEAR, FAR), lens_of(0.1)) == smoothed((NEAR, FAR), lens_of(0.0))


def test_what_is_blurred_behind_a_sharp_thing_leaves_its_edge_smooth():
    behind = Surface(box(30.0), moved(0.0, 40.0, 0.0), 3)
    assert smoothed((NEAR, behind), lens_of(1.0))[0] == smoothed((NEAR,), lens_of(0.0))[0]
