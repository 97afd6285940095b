from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import Material, Mesh, SceneFrame, Surface, Texture
from kinema.stage.preview.render import view_of
from kinema.stage.raster.assembly import Assembler, is_closed
from kinema.stage.raster.triangles import see
from kinema.stage.raster.visibility import draw
from reference.raster import trace
from reference.worlds import box, camera, flat, frame, moved


def fast(scene: SceneFrame):
    geometry = Assembler().assemble(scene)
    view = view_of(scene.camera)
    triangles = see(geometry, view)
    seen = draw(geometry, view, triangles)
    record = seen.triangle[0]
    face = np.where(record >= 0, triangles.where[record, 0], -1)
    surface = np.where(record >= 0, triangles.where[record, 6], -1)
    first = np.where(surface >= 0, geometry.face_range[surface, 0], 0)
    with np.errstate(divide="ignore"):
        return 1.0 / seen.inverse_depth, surface, np.where(face >= 0, face - first, -1)


def agree(scene: SceneFrame, least: float = 0.995) -> None:
    depth, surface, face = fast(scene)
    slow = trace(scene)
    same = (surface == slow.surface) & (face == slow.face)
    assert same.mean() > least  # a pixel whose middle lies on an edge may fall either way
    np.testing.assert_allclose(depth[same], slow.depth[same], rtol=1e-4)


def test_boxes_on_a_ground_match_the_reference():
    rng = np.random.default_rng(3)
    boxes = tuple(
        Surface(box(1.0), moved(rng.uniform(-2, 2), rng.uniform(4, 9), rng.uniform(0, 2)), n + 1) for n in range(6)
    )
    agree(frame((Surface(flat(40.0), np.eye(4)), *boxes), camera((0.0, 0.0, 1.2))))


def test_a_camera_that_stands_in_the_ground_plane_s_middle_sees_it_up_to_its_feet():
    scene = frame((Surface(flat(400.0), np.eye(4)),), camera((0.0, 0.0, 0.3)))
    agree(scene)
    depth, _, _ = fast(scene)
    assert np.isfinite(depth[-1]).all()
    np.testing.assert_allclose(depth[-1], 0.3 * 64 / 23.5, rtol=1e-4)


def test_inside_a_box_all_walls_are_seen():
    scene = frame((Surface(box(4.0), np.eye(4)),), camera((0.3, -0.4, 0.2)))
    agree(scene)
    assert np.isfinite(fast(scene)[0]).all()


def test_triangles_sharing_edges_leave_no_cracks():
    n = 33
    x, y = np.meshgrid(np.linspace(-3, 3, n), np.linspace(-3, 3, n))
    rng = np.random.default_rng(0)
    positions = np.stack([x, 5 + 0.4 * rng.standard_normal((n, n)), y], -1).reshape(-1, 3).astype(np.float32)
    i = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).ravel()
    faces = np.concatenate([np.stack([i, i + 1, i + n + 1], 1), np.stack([i, i + n + 1, i + n], 1)]).astype(np.int32)
    mesh = Mesh("crumpled", faces, positions, np.tile(np.float32([0, -1, 0]), (n * n, 1)), (Material("m"),))
    scene = frame((Surface(mesh, np.eye(4)),), camera((0.0, 0.0, 0.0), width=128, height=96))
    assert np.isfinite(fast(scene)[0]).all()


def test_a_cut_out_shows_what_is_behind_it():
    alpha = np.zeros((64, 64), np.uint8)
    alpha[:, :32] = 255  # the left half is there
    leaf = Material("leaf", texture=Texture("half", alpha=alpha))
    lean = np.array([[1, 0, 0, 0], [0, 0, -1, 3], [0, 1, 0, 0], [0, 0, 0, 1]], float)  # upright, facing the camera
    scene = frame((Surface(flat(10.0, leaf), lean), Surface(box(20.0), moved(y=20.0))), camera((0.0, 0.0, 0.0)))
    surface = fast(scene)[1]
    assert (surface[:, :31] == 0).all()
    assert (surface[:, 33:] == 1).all()


def test_closed_means_no_open_rim():
    assert is_closed(box(1.0))
    assert not is_closed(flat(1.0))


def test_what_is_one_sided_is_not_seen_from_behind():
    towards, away = np.eye(4), np.eye(4)  # upright, its face to the camera or turned away from it
    towards[:3] = [[1, 0, 0, 0], [0, 0, -1, 3], [0, 1, 0, 0]]
    away[:3] = [[1, 0, 0, 0], [0, 0, 1, 3], [0, -1, 0, 0]]
    view = view_of(camera((0.0, 0.0, 0.0)))

    def faces(mesh, turn):
        return len(see(Assembler().assemble(frame((Surface(mesh, turn),), camera((0.0, 0.0, 0.0)))), view).where)

    sheet = replace(flat(10.0), one_sided=True)
    assert faces(sheet, towards) == faces(flat(10.0), towards) == faces(flat(10.0), away) == 2
    assert faces(sheet, away) == 0


def crowd(count=400):
    rng = np.random.default_rng(5)
    places = rng.uniform((-6, 3, -3), (6, 30, 3), (count, 3))
    sizes = rng.uniform(0.02, 0.6, count)
    return tuple(
        Surface(box(float(size)), moved(*place), n + 1)
        for n, (size, place) in enumerate(zip(sizes, places, strict=True))
    )


def test_pixels_middles_alone_are_what_all_samples_show_there():
    view = view_of(camera((0.0, 0.0, 0.0), width=160, height=96))
    geometry = Assembler().assemble(frame(crowd(), camera((0.0, 0.0, 0.0), width=160, height=96)))
    all_of_them, middles = see(geometry, view), see(geometry, view, samples=1)
    assert len(middles.where) < len(all_of_them.where)  # what lies between the middles is left out
    whole, one = draw(geometry, view, all_of_them), draw(geometry, view, middles, samples=1)
    np.testing.assert_array_equal(one.inverse_depth > 0, whole.inverse_depth > 0)
    np.testing.assert_allclose(one.inverse_depth, whole.inverse_depth, rtol=1e-5)
    assert (one.inverse_depth > 0).mean() > 0.1


def test_rows_that_are_looked_at_show_the_same_alone():
    eye = camera((0.0, 0.0, 0.0), width=160, height=96)
    view, geometry = view_of(eye), Assembler().assemble(frame(crowd(), eye))
    some = replace(view, rows=(33, 58))
    whole, part = draw(geometry, view, see(geometry, view)), draw(geometry, some, see(geometry, some))
    np.testing.assert_allclose(part.inverse_depth[33:58], whole.inverse_depth[33:58], rtol=1e-6)
    assert (part.inverse_depth[33:58] > 0).any()
    assert (part.inverse_depth[:33] == 0).all()
    assert (part.inverse_depth[58:] == 0).all()
