"""The curtain, and what fills it."""

import numpy as np

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.curtain import FILLING, filling, parted_roots, sheet, tipped
from kinema.stage.bodies.people.tresses import Combing, Tresses, grow


def wall(count: int = 20, points: int = 12) -> Tresses:
    """Tresses that hang side by side along x, facing ahead."""
    x, z = np.meshgrid(np.linspace(0.0, 0.4, count), np.linspace(0.0, -0.4, points), indexing="ij")
    outward = np.broadcast_to([0.0, 1.0, 0.0], (count, points, 3))
    return Tresses(np.stack([x, np.zeros_like(x), z], -1), outward)


def test_hair_fills_what_is_between_its_curtain_and_the_neck() -> None:
    body = build_body(Physique("female"))
    roots, comb = parted_roots(body, 0.0, 0.2, 40)
    long = Combing(comb, np.full(40, 0.44), np.full(40, 0.015), np.zeros(40))
    hung = grow(body, roots, long, 16)
    inner = filling(body, hung, 9)
    assert inner.paths.shape == (2 * FILLING, 9, 3)
    assert inner.paths[..., 2].max() < body.landmarks["eye_left"][2] + 0.04  # none lies on the dome of the head
    neck = (inner.paths[..., 2] < body.landmarks["chin"][2]) & (inner.paths[..., 2] > body.landmarks["neck"][2])
    aside = np.abs(inner.paths[..., 0])[neck]
    outer = np.abs(hung.paths[..., 0])[(hung.paths[..., 2] < body.landmarks["chin"][2])].max()
    reached = np.histogram(aside, 5, (aside.min(), outer))[0]
    assert (reached[:3] > 0).all()  # nearer and farther from the neck
    assert inner.outward[..., 1].min() > 0.2  # facing whoever looks at the face


def test_where_neighbours_cross_the_sheet_still_faces_outward() -> None:
    crossed = wall()
    crossed.paths[[7, 8]] = crossed.paths[[8, 7]]
    made = sheet(build_body(Physique("female")), crossed, Material("hair"))
    first, second, third = (made.points[made.faces[:, k]] for k in range(3))
    ways = np.cross(second - first, third - first)
    assert (ways[:, 1] > 0).all()  # each is lit from ahead


def test_locks_tipped_along_their_way_stay_square_to_it() -> None:
    facing, along = np.array([[[0.0, 1.0, 0.0]]]), np.array([[[0.0, 0.0, -1.0]]])
    turned, way = tipped(facing, along, np.array([[[0.1]]]))
    assert np.isclose((turned * way).sum(), 0.0)
    assert np.isclose(turned[0, 0, 2], -np.sin(0.1))
