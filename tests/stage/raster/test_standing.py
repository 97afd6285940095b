"""Depth maps of the still world: what they show, and that carrying them along changes none of it."""

from dataclasses import replace

import numpy as np
import pytest

from kinema.buffers.scene_frame import Material, Surface, Texture
from kinema.stage.raster.assembly import Assembler
from kinema.stage.raster.shadow import slab
from kinema.stage.raster.standing import still_map
from reference.worlds import box, camera, flat, frame, moved

SLANT = np.array([0.4, -0.5, 0.8])


def world(rng, count):
    leaf = Material("leaf", texture=Texture("half", alpha=np.repeat(np.uint8([[0, 255]]), 32, axis=1)))
    places = rng.uniform((-6, -6, 0), (6, 6, 2), (count, 3))
    boxes = [
        Surface(box(float(size)), moved(*place)) for place, size in zip(places, rng.uniform(0.1, 2, count), strict=True)
    ]
    return [Surface(flat(40.0), np.eye(4)), Surface(flat(3.0, leaf), moved(z=3.0)), *boxes]


def drawn(assembler, surfaces, centre, before=None):
    geometry = assembler.assemble(frame(tuple(surfaces), camera((0, 0, 1))))
    return still_map(before, slab(SLANT, np.array(centre, float), 4.0, 128), geometry, geometry.casts)


def test_a_map_tells_how_far_away_from_the_light_things_are():
    surfaces = (Surface(flat(40.0), np.eye(4)), Surface(box(2.0), moved(z=3.0)))
    geometry = Assembler().assemble(frame(surfaces, camera((0, 0, 1))))
    overhead = slab(np.array([0.0, 0.0, 1.0]), np.zeros(3), 4.0, 64)
    depth = still_map(None, overhead, geometry, geometry.casts).depth
    assert depth.shape == (64, 64)
    np.testing.assert_allclose(depth[25:39, 25:39], -4.0, atol=1e-5)  # the box, two metres wide, four high
    np.testing.assert_allclose(depth[:23], 0.0, atol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_a_map_carried_along_is_the_one_drawn_at_once(seed):
    rng = np.random.default_rng(seed)
    assembler, before = Assembler(), None
    surfaces, centre = world(rng, 12), np.zeros(3)
    for _ in range(5):
        before = drawn(assembler, surfaces, centre, before)
        np.testing.assert_array_equal(before.depth, drawn(assembler, surfaces, centre).depth)
        centre = centre + rng.uniform(-1.5, 1.5, 3)
        gone = int(rng.integers(2, len(surfaces)))
        surfaces = [*surfaces[:gone], *surfaces[gone + 1 :], Surface(box(0.7), moved(*rng.uniform(-3, 3, 2), 1.0))]


def test_far_from_the_world_s_middle_maps_are_carried_as_well():
    rng = np.random.default_rng(1)
    assembler = Assembler()
    surfaces = [replace(one, transform=moved(2000.0, -3000.0, 100.0) @ one.transform) for one in world(rng, 12)]
    first = drawn(assembler, surfaces, (2000.0, -3000.0, 100.0))
    aside = drawn(assembler, surfaces, (2000.9, -3000.4, 100.2), first)
    assert np.isfinite(aside.depth).mean() > 0.9
    np.testing.assert_array_equal(aside.depth, drawn(assembler, surfaces, (2000.9, -3000.4, 100.2)).depth)


def test_where_nothing_changes_the_map_is_kept():
    assembler, surfaces = Assembler(), world(np.random.default_rng(0), 3)
    first = drawn(assembler, surfaces, (0, 0, 0))
    far_off = Surface(box(1.0), moved(60.0, 0.0, 1.0))
    assert drawn(assembler, [*surfaces, far_off], (0, 0, 0), first) is first
    assert drawn(assembler, surfaces[:-1], (0, 0, 0), first) is not first
