from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from kinema.buffers.chunk import RADIANCE_CEILING, Chunk
from kinema.buffers.scene_frame import Fog, KeyLight, Lamp, Material, Particles, Surface
from kinema.stage.preview import render as rendering
from kinema.stage.preview.pack import empty_slot
from kinema.stage.raster import kernel
from reference.raster import trace
from reference.worlds import AHEAD, DOWN, OVERHEAD, box, camera, flat, frame, moved


def one(scene) -> Chunk:
    return next(rendering.render([scene]))


def project(eye, point):
    x, y, z = eye.rotation @ (np.asarray(point) - eye.position)
    return np.array([x, y]) / z * eye.focal + eye.centre


def test_depth_ids_and_normals_match_the_reference():
    scene = frame(
        (Surface(flat(30.0), np.eye(4), 7, 3), Surface(box(1.0), moved(0.2, 5.0, 0.5), 9, 4)), camera((0, 0, 1.2))
    )
    chunk, slow = one(scene), trace(scene)
    same = chunk.instance[0] == np.array([7, 9, 0])[slow.surface]
    assert same.mean() > 0.995
    np.testing.assert_allclose(chunk.depth[0][same], slow.depth[same], rtol=1e-4)
    assert set(np.unique(chunk.concept[0])) == {0, 3, 4}
    np.testing.assert_array_equal(np.unique(chunk.normal[0][(slow.surface == 0) & same], axis=0), [[0, 0, 127]])
    assert (chunk.normal[0][slow.surface < 0] == 0).all()
    assert np.isinf(chunk.depth[0][slow.surface < 0]).all()


def test_a_normal_that_leans_from_the_eye_is_turned_as_far_to_this_side_of_the_horizon():
    mesh = flat(20.0)
    upright = np.array([[1, 0, 0, 0], [0, 0, -1, 5], [0, 1, 0, 0], [0, 0, 0, 1]], float)
    leans = np.array([0.0, np.cos(0.4), np.sin(0.4)]) @ upright[:3, :3]  # in the mesh; the eye looks along y
    mesh = replace(mesh, key="leaning", normals=np.tile(leans.astype(np.float32), (len(mesh.positions), 1)))
    chunk = one(frame((Surface(mesh, upright),), camera((0.0, 0.0, 0.0))))
    height, width = chunk.depth[0].shape
    np.testing.assert_allclose(
        chunk.normal[0, height // 2, width // 2] / 127.0, [0.0, -np.cos(0.4), np.sin(0.4)], atol=0.03
    )


def test_vertex_colours_are_interpolated_with_perspective():
    mesh = flat(20.0)
    colours = ((mesh.positions / 20.0 + 0.5) * [1, 1, 0] + [0, 0, 0.25]).astype(np.float32)
    mesh = replace(mesh, key="coloured", colours=colours, materials=(Material("white", (1.0, 1.0, 1.0)),))
    scene = frame((Surface(mesh, np.eye(4)),), camera((0, -8, 2.0)))
    chunk, slow = one(scene), trace(scene)
    hit = slow.surface == 0
    expected = np.einsum("nk,nkc->nc", slow.weights[hit], colours[mesh.faces[slow.face[hit]]])
    np.testing.assert_allclose((chunk.albedo[0][hit] / 255.0) ** 2, expected, atol=0.01)


def test_motion_is_where_the_point_was_a_frame_ago():
    now, before = camera((0.1, 0.0, 1.0)), camera((0.0, -0.2, 1.0))
    thing = Surface(box(1.0), moved(0.3, 5.0, 1.0), 1, 1, previous_transform=moved(0.1, 5.1, 1.05))
    scene = frame((Surface(flat(40.0), np.eye(4), 2, 2), thing), now, previous_camera=before)
    chunk = one(scene)
    for row, column, shift in ((22, 34, np.array([-0.2, 0.1, 0.05])), (44, 10, np.zeros(3))):
        z = chunk.depth[0, row, column]
        pixel = np.array([column + 0.5, row + 0.5])
        local = np.append((pixel - now.centre) / now.focal, 1.0) * z
        point = now.rotation.T @ local + now.position
        expected = project(before, point + shift) - pixel
        np.testing.assert_allclose(chunk.motion[0, row, column], expected, atol=2e-3)
    assert chunk.instance[0, 22, 34] == 1


def test_what_comes_into_sight_is_not_valid():
    def scene(x, before):
        thing = Surface(box(1.0), moved(x, 4.0, 1.0), 1, 1, previous_transform=moved(before, 4.0, 1.0))
        return frame((thing, Surface(box(30.0), moved(y=25.0), 2, 2)), camera((0, 0, 1.0)))

    chunk = next(rendering.render([scene(-0.5, -0.5), scene(0.5, -0.5)]))
    was, is_ = (chunk.instance[k] == 1 for k in (0, 1))
    uncovered = was & ~is_
    assert uncovered.sum() > 50
    assert chunk.valid[1][uncovered].mean() < 0.05
    assert chunk.valid[1][is_].mean() > 0.9
    assert chunk.valid[1][~was & ~is_].mean() > 0.95


def test_the_shadow_of_a_box_falls_where_geometry_says():
    light = KeyLight((0.6, 0.0, 0.8), (1.0, 1.0, 1.0))
    ground, thing = Surface(flat(40.0), np.eye(4), 1, 1), Surface(box(1.0), moved(z=2.0), 2, 2)
    chunk = one(frame((ground, thing), camera((0, 0, 12.0), DOWN, 96, 96), key_light=light))
    lit = chunk.key_visibility[0] / 255.0
    on_ground = chunk.instance[0] == 1
    rows, columns = np.nonzero((lit < 0.5) & on_ground)
    x = (columns + 0.5 - 48) / 96 * 12.0
    y = -(rows + 0.5 - 48) / 96 * 12.0
    # the box spans 1.5 to 2.5 m above the ground; light leans 0.75 sideways per metre of height
    assert abs(x.min() - (-0.5 - 2.5 * 0.75)) < 0.2
    assert abs(y.min() + 0.5) < 0.2
    assert abs(y.max() - 0.5) < 0.2
    assert x.max() < -0.4
    assert (lit[on_ground & (np.arange(96) > 60)[None, :]] == 1.0).all()


def test_the_mirror_image_stands_at_the_mirrored_place():
    glow = Material("glow", (0, 0, 0), emission=(4.0, 0.0, 0.0))
    wet = Material("wet", (0.02, 0.02, 0.02), roughness=0.02)
    lamp = Surface(box(0.6, glow), moved(0.5, 16.0, 1.5), 2, 2)
    eye = camera((0.0, 0.0, 1.5), AHEAD, 128, 96)
    chunk = one(frame((Surface(flat(60.0, wet), np.eye(4), 1, 1), lamp), eye, mirror_height=0.0))
    reflected = (chunk.reflected[0, ..., 0] / 255.0) ** 2 * RADIANCE_CEILING
    rows, columns = np.nonzero(reflected > 1.0)
    column, row = project(eye, (0.5, 16.0, -1.5))
    assert abs(columns.mean() + 0.5 - column) < 1.5
    assert abs(rows.mean() + 0.5 - row) < 1.5
    assert chunk.preview[0, int(row), int(column), 0] > 0.1
    assert chunk.reflected[0, ..., 1].max() == 0


def test_white_in_overhead_key_light_is_about_one():
    white = Material("white", (1.0, 1.0, 1.0), roughness=1.0)
    chunk = one(frame((Surface(flat(40.0, white), np.eye(4)),), camera((0, 0, 5), DOWN), key_light=OVERHEAD))
    assert 0.9 < np.median(chunk.preview[0]) < 1.4


def test_a_lamp_lights_by_the_inverse_square_and_only_its_side():
    white = Material("white", (1.0, 1.0, 1.0), roughness=1.0)
    ground = Surface(flat(40.0, white), np.eye(4))
    eye = camera((0, 0, 6), DOWN)

    def middle(height, normal):
        lamp = Lamp((0.0, 0.0, height), (1.0, 1.0, 1.0), 0.02, normal)
        return one(frame((ground,), eye, lamps=(lamp,))).preview[0, 24, 32].mean()

    assert 3.4 < middle(1.0, None) / middle(2.0, None) < 4.3
    assert middle(1.0, (0.0, 0.0, 1.0)) < 0.02 * middle(1.0, (0.0, 0.0, -1.0))


def test_fog_hides_what_is_far():
    front = KeyLight((0, -1, 0), (1, 1, 1))
    scene = frame((Surface(box(30.0), moved(y=115.0), 1, 1),), camera((0, 0, 1.0)), key_light=front)
    clear = one(scene).preview[0, 24, 32].mean()
    foggy = one(replace(scene, fog=Fog(0.05, 1000.0, (0.0, 0.0, 0.0)))).preview[0, 24, 32].mean()
    assert foggy < 0.05 * clear


def test_particles_and_glass_go_to_the_layer_and_hide_behind_walls():
    glass = Material("glass", (0.5, 0.5, 0.5), 0.1, opacity=0.3)
    pane = Surface(box(1.0, glass), moved(-1.0, 5.0, 0.0), 5, 5)
    puff = Particles(
        "puff",
        np.array([[1.0, 5.0, 0.0], [1.0, 30.0, 0.0]], np.float32), np.zeros((2, 3), np.float32),
        np.full(2, 0.4, np.float32), np.ones((2, 3), np.float32), np.full(2, 0.8, np.float32),
        np.zeros((2, 3), np.float32),
    )  # fmt: skip
    wall = Surface(box(20.0), moved(y=20.0), 1, 1)
    front = KeyLight((0, -1, 0), (1, 1, 1))
    chunk = one(frame((wall, pane), camera((0, 0, 0)), particles=(puff,), key_light=front))
    cover = chunk.layer[0, ..., 3]
    assert 0.3 < cover[24, int(32 - 64 / 5)] < 0.6
    assert 0.35 < cover[24, int(32 + 64 / 5)] < 0.9
    assert cover[24, int(32 + 64 / 30)] == 0.0
    assert (chunk.instance[0] == 1).all()


def test_ten_frames_make_a_chunk_of_eight_and_one_of_two():
    scene = frame((Surface(box(1.0), moved(y=4.0), 1, 1),), camera((0, 0, 0)))
    chunks = list(rendering.render([scene] * 10))
    assert [chunk.shape for chunk in chunks] == [(8, 48, 64), (2, 48, 64)]
    assert [chunk.first_frame for chunk in chunks] == [0, 8]
    assert [len(chunk.lenses) for chunk in chunks] == [8, 2]


def test_a_frame_that_cannot_be_drawn_ends_the_chunk_with_its_error(monkeypatch):
    good = frame((Surface(box(1.0), moved(y=4.0), 1, 1),), camera((0, 0, 0)))
    with pytest.raises((TypeError, ValueError)):
        list(rendering.render([good, replace(good, fog=Fog("thick")), good, good]))
    monkeypatch.setattr(rendering, "see", lambda *_: 1 / 0)  # before others can wait for its depth
    with pytest.raises((ZeroDivisionError, CancelledError)):
        list(rendering.render([good] * 4))


def walk(count):
    """Frames of a camera that walks past a lamp and a box that turns up again and again."""
    lamp = Lamp((0.5, 2.0, 2.0), (2.0, 1.0, 0.5), 0.2)
    scenes = []
    for k in range(count):
        eye, before = camera((0.4 * k, 0, 1.0)), camera((0.4 * max(k - 1, 0), 0, 1.0))
        was = moved(0.4 * max(k - 1, 0), 4.0, 0.5)
        thing = Surface(box(1.0), moved(0.4 * k, 4.0, 0.5), 2, 2, previous_transform=was)
        things = (Surface(flat(90.0), np.eye(4)), thing)
        more = {"lamps": (lamp,), "key_light": OVERHEAD, "fog": Fog(0.02), "mirror_height": 0.0}
        scenes.append(frame(things, eye, previous_camera=before, **more))
    return scenes


def test_same_frames_same_bytes_whoever_draws_them_and_from_any_start(monkeypatch):
    scenes = walk(12)

    def drawn_by(crew, some):
        monkeypatch.setattr(rendering, "_crew", lambda: crew)
        return [picture for chunk in rendering.render(some) for picture in zip(*arrays(chunk), strict=True)]

    def arrays(chunk):
        return [getattr(chunk, name) for name in ("preview", "depth", "motion", "valid", "reflected", "key_visibility")]

    with (
        ThreadPoolExecutor(1, "one", kernel.single_handed) as one_,
        ThreadPoolExecutor(4, "four", kernel.single_handed) as four,
    ):
        alone, together, late = drawn_by(one_, scenes), drawn_by(four, scenes), drawn_by(four, scenes[9:])
    for first, second in zip(alone, together, strict=True):
        for a, b in zip(first, second, strict=True):
            np.testing.assert_array_equal(a, b)
    for first, second in zip(alone[9:], late, strict=True):
        for a, b in zip(first, second, strict=True):
            np.testing.assert_array_equal(a, b)
    slot = empty_slot(48, 64)
    rendering.Renderer().fill(scenes[0], slot)  # in this thread, helped by others
    np.testing.assert_array_equal(slot["preview"], alone[0][0])


def test_a_frame_cancelled_holds_nobody_up():
    chunks = rendering.render(walk(40))
    next(chunks)
    chunks.close()
    assert len(list(rendering.render(walk(9)))) == 2


def test_an_edge_is_smooth():
    glow = Material("glow", (0, 0, 0), emission=(1.0, 1.0, 1.0))
    turned = moved(y=4.0)
    turned[:3, :3] = [[0.96, 0, 0.28], [0, 1, 0], [-0.28, 0, 0.96]]
    preview = one(frame((Surface(box(1.5, glow), turned),), camera((0, 0, 0)))).preview[0, ..., 0]
    between = (preview > 0.1) & (preview < 0.9)
    assert 20 < between.sum() < 200


def test_still_is_bytes():
    picture = rendering.still(frame((Surface(box(1.0), moved(y=4.0)),), camera((0, 0, 0.9)), key_light=OVERHEAD))
    assert picture.shape == (48, 64, 3)
    assert picture.dtype == np.uint8
    assert picture.max() > 0


def test_a_picture_of_any_size_shows_the_same_scene():
    def seen(width, height):
        eye = camera((0.1, 0.0, 1.0), AHEAD, width, height)
        things = (Surface(flat(30.0), np.eye(4), 1, 1), Surface(box(1.0), moved(0.2, 4.0, 0.5), 2, 2))
        lamp = Lamp((0.5, 2.0, 2.0), (2.0, 1.0, 0.5), 0.2)
        scene = frame(things, eye, key_light=OVERHEAD, fog=Fog(0.02), lamps=(lamp,), mirror_height=0.0)
        return one(scene).preview[0]

    even = seen(160, 120).mean((0, 1))
    for width, height in ((147, 110), (131, 97), (69, 53)):
        np.testing.assert_allclose(seen(width, height).mean((0, 1)), even, rtol=0.06)
