"""Rows of a picture and lists of samples go through the same shading."""

from dataclasses import replace

import numpy as np
import pytest

from kinema.buffers.scene_frame import Fog, Lamp, Material, Surface
from kinema.stage.preview import frame_light, render
from kinema.stage.preview.frame_light import FrameLight, Target
from kinema.stage.preview.key_shadow import KeyShadow
from kinema.stage.preview.openness import Openness
from kinema.stage.preview.pack import empty_slot, paper
from kinema.stage.preview.sky import sky_light
from kinema.stage.preview.spans import no_spans, whole_spans
from kinema.stage.raster.assembly import Assembler
from kinema.stage.raster.glimpse import glimpse
from kinema.stage.raster.triangles import see
from kinema.stage.raster.visibility import draw
from reference.worlds import AHEAD, OVERHEAD, box, camera, flat, frame, moved


@pytest.fixture(scope="module")
def scene():
    things = (Surface(flat(30.0), np.eye(4), 1, 1), Surface(box(1.0), moved(0.2, 4.0, 0.5), 2, 2))
    lamp = Lamp((0.5, 2.0, 2.0), (2.0, 1.0, 0.5), 0.2)
    eye = camera((0.1, 0.0, 1.0), AHEAD, 150, 110)
    return frame(things, eye, key_light=OVERHEAD, fog=Fog(0.02), lamps=(lamp,))


def lit(scene):
    geometry = Assembler().assemble(scene)
    dome = Openness().dome(geometry, scene.camera, geometry.casts)
    cascades = KeyShadow().cascades(geometry, scene.key_light, scene.camera, geometry.casts)
    view = render.view_of(scene.camera)
    triangles = see(geometry, view)
    seen = draw(geometry, view, triangles)
    light = FrameLight(scene, geometry, sky_light(scene.sky), dome, cascades, 20.0)
    target = Target(view, view, triangles, seen.triangle[0], scene.mirror_height, whole_spans(view.height, view.width))
    return light, target, light.surroundings(view, triangles, seen)


def painted(light, target, around, step):
    height, width = target.record.shape
    slot = empty_slot(height, width)
    onto = paper(slot, light.geometry.ids, np.zeros((height, width), np.float32))
    for top in range(0, height, step):
        light.paint(target, top, min(top + step, height), around, onto)
    return slot


def listed(light, target, around):
    rows, columns = np.indices(target.record.shape).reshape(2, -1)
    x, y = (columns + 0.5).astype(np.float32), (rows + 0.5).astype(np.float32)
    return light.shade(target, x, y, target.record.reshape(-1), around)


def test_a_picture_looks_as_its_samples_one_by_one(scene):
    light, target, around = lit(scene)
    slot, (points, shaded) = painted(light, target, around, 96), listed(light, target, around)
    shape = target.record.shape
    np.testing.assert_array_equal(slot["depth"], points.values[16].reshape(shape))
    np.testing.assert_array_equal(slot["instance"] > 0, points.surface.reshape(shape) >= 0)
    one_by_one = shaded.radiance.T.reshape(*shape, 3)
    apart = np.abs(slot["preview"] - one_by_one) / (0.05 + one_by_one)
    assert np.median(apart) < 0.005
    assert np.quantile(apart, 0.98) < 0.1


def test_a_picture_is_the_same_in_strips_of_any_size(scene):
    light, target, around = lit(scene)
    whole, parts = (painted(light, target, around, step) for step in (110, 24))
    for name, values in whole.items():
        np.testing.assert_array_equal(values, parts[name], err_msg=name)


def test_columns_outside_the_spans_are_shaded_by_fours_and_those_within_as_ever(scene):
    light, target, around = lit(scene)
    part = replace(target, spans=np.tile(np.array([40, 91], np.int32), (10, 1)))
    whole, some = painted(light, target, around, 96), painted(light, part, around, 24)
    for name in whole:
        np.testing.assert_array_equal(some[name][:, 40:91], whole[name][:, 40:91], err_msg=name)
    left = some["preview"][:, :40].reshape(55, 2, 20, 2, 3)
    assert (left == left[:, :1, :, :1]).all()
    apart = np.abs(some["preview"] - whole["preview"]) / (0.05 + whole["preview"])
    assert 0.0 < np.quantile(apart, 0.9) < 0.1


def test_what_is_shaded_by_fours_does_not_change_as_what_is_sharp_moves(scene):
    light, target, around = lit(scene)
    spans = (np.tile(np.array([40, end], np.int32), (10, 1)) for end in (91, 93))
    first, second = (painted(light, replace(target, spans=each), around, 24) for each in spans)
    for name in first:
        np.testing.assert_array_equal(first[name][:, 93:], second[name][:, 93:], err_msg=name)


def test_a_picture_all_by_fours_is_the_same_in_strips_of_any_size(scene):
    light, target, around = lit(scene)
    spans = no_spans(110)
    spans[3:6] = [20, 57], [20, 57], [0, 150]
    mixed = replace(target, spans=spans)
    whole, parts = (painted(light, mixed, around, step) for step in (110, 24))
    for name, values in whole.items():
        np.testing.assert_array_equal(values, parts[name], err_msg=name)


def test_a_glimpse_sees_the_place_and_the_normal_that_the_picture_shows(scene):
    light, target, around = lit(replace(scene, mirror_height=0.0))
    points, _ = listed(light, target, around)
    some = glimpse(light.geometry, target.view, target.triangles, 0.0, points.x, points.y, target.record.reshape(-1))
    np.testing.assert_array_equal(some.surface, points.surface)
    np.testing.assert_array_equal(some.values[21], points.values[21])
    assert 0.1 < some.values[21].mean() < 0.9
    for row in (0, 1, 2, 3, 4, 5, 16):
        np.testing.assert_allclose(some.values[row], points.values[row], rtol=1e-3, atol=1e-4)


def test_what_a_wet_plane_mirrors_is_shaded_too(scene):
    bright = Surface(box(1.0, Material("glow", (0, 0, 0), emission=(3.0, 0.0, 0.0))), moved(0.0, 6.0, 1.0), 2, 2)
    wet = replace(scene, surfaces=(scene.surfaces[0], bright), mirror_height=0.0)
    _, _, around = lit(wet)
    assert around.mirror is not frame_light.NO_MIRROR
    sharp = around.mirror.images[: 16 * around.mirror.width * around.mirror.height].reshape(-1, 4)
    assert 2.0 < sharp[:, 0].max() < 4.0


def test_no_samples_are_no_rows(scene):
    light, target, around = lit(scene)
    none = np.zeros(0, np.float32)
    points, shaded = light.shade(target, none, none, np.zeros(0, np.int32), around)
    assert shaded.radiance.shape == (3, 0)
    assert points.surface.shape == (0,)
