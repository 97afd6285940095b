import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.stage.geometry.meshing import mesh_parts
from kinema.stage.geometry.sdf import Box, Cone, Ellipsoid, Part, distances, field, gradient, sample, smooth_min

BALL = Ellipsoid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
SHAPES = [
    Cone((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 0.5, 0.3),
    Cone((0.0, 0.0, 0.0), (0.0, 1.0, 0.2), 0.5, 0.3, squash=0.6),
    Ellipsoid((0.1, 0.0, 0.0), (0.4, 0.7, 0.3)),
    Box((0.0, 0.2, 0.0), (0.5, 0.3, 0.2), 0.05),
]


def at(*points: tuple[float, float, float]) -> np.ndarray:
    return np.array(points, np.float32)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_known_distances():
    assert BALL.distance(at((2, 0, 0))) == pytest.approx([1.0], abs=1e-5)
    capsule = Cone((0.0, 0.0, 0.0), (0.0, 2.0, 0.0), 0.5, 0.5)
    assert capsule.distance(at((1, 1, 0), (0, 3, 0), (0, 1, 0))) == pytest.approx([0.5, 0.5, -0.5], abs=1e-5)
    box = Box((0.0, 0.0, 0.0), (1.0, 2.0, 3.0))
    assert box.distance(at((2, 0, 0), (0, 0, 0), (4, 6, 3))) == pytest.approx([1.0, -1.0, 5.0], abs=1e-5)


def test_a_squashed_cone_is_narrower_across():
    cone = Cone((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 0.5, 0.5, squash=0.6)
    assert cone.distance(at((0.3, 0.5, 0.0), (0.0, 0.5, 0.5))) == pytest.approx([0.0, 0.0], abs=1e-5)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_nothing_of_a_shape_is_outside_its_bounds(shape):
    points = np.random.default_rng(1).uniform(-2, 2, (20000, 3)).astype(np.float32)
    inside = points[shape.distance(points) < 0]
    low, high = shape.bounds()
    assert len(inside) > 20
    assert (inside >= low).all()
    assert (inside <= high).all()


@given(a=st.floats(-1, 1), b=st.floats(-1, 1), width=st.floats(0.01, 0.5))
def test_smooth_min_lies_just_below_the_lesser(a, b, width):
    joined = float(smooth_min(np.float32([a]), np.float32([b]), width)[0])
    assert min(a, b) - width / 4 - 1e-5 <= joined <= min(a, b) + 1e-5


def test_two_balls_melt_into_one_solid_where_they_nearly_touch():
    left, right = Ellipsoid((-0.52, 0, 0), (0.5,) * 3), Ellipsoid((0.52, 0, 0), (0.5,) * 3)
    between = at((0.0, 0.0, 0.0))
    assert field([Part(left, "a", blend=0), Part(right, "b", blend=0)], between)[0] > 0
    assert field([Part(left, "a", blend=0.3), Part(right, "b", blend=0.3)], between)[0] < 0


def test_carving_takes_away():
    parts = [Part(BALL, "a", blend=0), Part(Ellipsoid((1.0, 0, 0), (0.3,) * 3), "a", blend=0, carve=True)]
    assert field(parts, at((0.9, 0, 0), (-0.9, 0, 0))) == pytest.approx([0.2, -0.1], abs=1e-4)


def test_each_part_reports_its_own_distance():
    parts = [Part(BALL, "a"), Part(Ellipsoid((3.0, 0, 0), (1.0,) * 3), "b")]
    assert distances(parts, at((2, 0, 0))) == pytest.approx(np.array([[1.0, 0.0]]), abs=1e-5)


def test_gradients_point_outwards():
    assert gradient([Part(BALL, "a")], at((0, 1, 0), (0, 0, -1)), 0.01) == pytest.approx(
        np.array([[0, 1, 0], [0, 0, -1]]), abs=1e-3
    )


def test_sparse_samples_agree_with_the_whole_field_near_the_surface():
    parts = [Part(shape, "a", blend=0.1) for shape in SHAPES]
    volume = sample(parts, 0.04)
    grid = np.stack(np.meshgrid(*(np.arange(n) for n in volume.values.shape), indexing="ij"), -1)
    dense = field(parts, (volume.origin + grid * np.float32(volume.cell)).astype(np.float32))
    near = np.abs(dense) < 0.06
    assert near.sum() > 1000
    assert volume.values[near] == pytest.approx(dense[near], abs=1e-5)
    assert (np.sign(volume.values) == np.sign(dense)).all()


def test_only_carving_is_an_error():
    with pytest.raises(ValueError, match="not carved"):
        sample([Part(BALL, "a", carve=True)], 0.1)


def test_a_meshed_ball_is_closed_round_and_faces_outwards():
    positions, normals, faces = mesh_parts([Part(BALL, "a")], 0.1, 800)
    assert 500 < len(faces) <= 900
    assert np.linalg.norm(positions, axis=1) == pytest.approx(1.0, abs=0.01)
    assert (np.einsum("ij,ij->i", positions, normals) > 0.99).all()
    a, b, c = (positions[faces[:, k]] for k in range(3))
    volume = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6
    assert volume == pytest.approx(4 / 3 * np.pi, rel=0.03)
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    _, uses = np.unique(edges, axis=0, return_counts=True)
    assert (uses == 2).all()
