"""Levels of detail: as many triangles as asked, in the same place, with colours and uv of what they stand for."""

from dataclasses import replace

import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera, Material
from kinema.schema.storyboard import Garment, Subject
from kinema.stage.actor import Graded
from kinema.stage.bodies.people.levels import FAR, NEAR, at_level, folded_normals, thinned
from kinema.stage.bodies.people.piece import Piece, rigid
from kinema.stage.bodies.people.skinning import triangles
from kinema.stage.bodies.people.strands import hair_material, sheet_texture
from kinema.stage.bodies.person import perform
from kinema.stage.setting import flat_ground
from samples.people import dressed
from stage.motion.figure import cue, path


def sheet(side: int = 21) -> Piece:
    """A bowl of side x side points over the unit square, red where x > 0.5, uv as places."""
    x, y = (grid.ravel() for grid in np.meshgrid(*[np.linspace(0, 1, side)] * 2, indexing="ij"))
    points = np.stack([x, y, (x - 0.5) ** 2 + (y - 0.5) ** 2], 1).astype(np.float32)
    index = np.arange(side * side).reshape(side, side)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    colours = np.where(x[:, None] > 0.5, [[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]]).astype(np.float32)
    faces = triangles(quads.astype(np.int32))
    weights = rigid("head", len(points))
    return Piece("sheet", points, faces, weights, Material("m"), uv=points[:, :2].copy(), colours=colours)


def test_thinned_pieces_keep_place_uv_and_colour() -> None:
    thin = thinned(sheet(), 100)
    assert len(thin.faces) <= 110
    assert thin.uv is not None
    assert thin.colours is not None
    np.testing.assert_allclose(thin.uv, thin.points[:, :2], atol=0.06)
    red = thin.colours[:, 0] == 1.0
    assert (thin.points[red, 0] > 0.44).all()
    np.testing.assert_allclose(thin.weights.sum(1), 1.0)


def test_cloth_folded_flat_is_lit_on_either_side_as_that_side_faces() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, -1, 0], [1, -1, 0]], np.float32)
    outside, turned_in = [[0, 1, 2], [0, 2, 3]], [[1, 0, 2]]
    folded = folded_normals(points, np.array(outside + turned_in, np.int32))
    np.testing.assert_allclose(folded[:2], np.broadcast_to([0, 0, 1], (2, 3, 3)), atol=1e-6)
    np.testing.assert_allclose(folded[2], np.broadcast_to([0, 0, -1], (3, 3)), atol=1e-6)
    points[4:, 2] = -1.0  # the sheet goes on over an edge, which is round
    bent = folded_normals(points, np.array([*outside, [0, 4, 1], [4, 5, 1]], np.int32))
    np.testing.assert_allclose(bent[0, 0], bent[2, 0], atol=1e-6)
    assert 0.3 < bent[0, 0, 2] < 0.99


def test_what_is_small_already_is_left_alone() -> None:
    piece = sheet(3)
    assert thinned(piece, 100) is piece
    assert at_level(piece, NEAR) is piece


def test_hair_seen_from_afar_has_the_colour_of_its_strands() -> None:
    brown = (0.05, 0.022, 0.01)
    hair = replace(sheet(), name="hair_sheet", colours=None, material=hair_material("sheet", brown, sheet_texture()))
    far = at_level(hair, FAR)
    assert far is not None
    assert far.colours is not None
    assert far.material.texture is None
    np.testing.assert_allclose(far.colours.mean(0) * far.material.albedo, brown, rtol=0.02)


def test_hair_seen_from_afar_shows_from_both_sides() -> None:
    far = at_level(replace(sheet(), name="hair_sheet"), FAR)
    assert far is not None
    assert far.normals is not None
    front, back = np.split(far.faces, 2)
    corners, turned = far.points[front], far.points[back]
    np.testing.assert_array_equal(corners, turned[:, ::-1])
    np.testing.assert_allclose(far.normals[front], -far.normals[back[:, ::-1]])


@pytest.fixture(scope="module")
def models():
    garments = (Garment(kind="dress", colour="red", length="long"), Garment(kind="jacket"), Garment(kind="sunglasses"))
    return dressed(Subject(id="eva", concept="woman", garments=garments), 3)


def test_each_level_is_lighter_and_no_smaller_than_the_one_before(models) -> None:
    totals = [len(m.mesh.faces) + sum(len(d.mesh.faces) for d in m.drapes) for m in models]
    assert totals[0] < 33_000
    assert totals[1] < 11_000
    assert totals[2] < 3_600
    assert totals[3] < 2_000
    assert totals[4] < 900
    assert [m.pixels for m in models] == sorted((m.pixels for m in models), reverse=True)
    assert models[-1].pixels == 0.0
    for model in models:
        low, high = model.mesh.positions.min(0), model.mesh.positions.max(0)
        np.testing.assert_allclose(low, models[0].mesh.positions.min(0), atol=0.03)
        np.testing.assert_allclose(high, models[0].mesh.positions.max(0), atol=0.03)


def test_an_actor_shows_the_level_that_its_size_on_the_picture_asks_for() -> None:
    one = perform(Subject(id="tom", concept="man"), [cue("stand", 0, 2)], flat_ground, 7, "extra")
    assert isinstance(one, Graded)

    def faces(distance: float) -> int:
        camera = Camera(640, 360, 500.0, np.array([0.0, -distance, 1.5]), np.eye(3))
        return sum(len(surface.mesh.faces) for surface in one.seen(1.0, camera))

    assert faces(5.0) > 2 * faces(50.0)
    assert faces(50.0) == faces(200.0)


def test_the_level_changes_with_the_second_and_not_within_it() -> None:
    way = path((0.0, 0.0), (0.0, 40.0))
    one = perform(Subject(id="tom", concept="man"), [cue("walk", 0, 20, path=way, speed=1.5)], flat_ground, 7, "extra")
    camera = Camera(640, 360, 500.0, np.array([0.0, -3.0, 1.5]), np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]))
    shown = [[one.seen(second + share, camera)[0].mesh.key for share in (0.0, 0.4, 0.9)] for second in range(20)]
    assert all(len(set(keys)) == 1 for keys in shown)
    assert len({keys[0] for keys in shown}) > 1
