"""Trees: every row grows, stands on the ground, stays in its budget and is the same every time."""

import numpy as np
import pytest

from kinema.stage.bodies.tree import build_tree, height_of
from kinema.stage.bodies.tree.species import species

TREES = [name for name, row in species().items() if row.habit in ("conifer", "broadleaf", "bare")]


def test_the_table_has_what_sets_ask_for():
    assert {"redwood", "pine", "fir", "broadleaf", "shrub", "fern", "grass", "dead"} <= set(species())


@pytest.mark.parametrize("name", sorted(species()))
@pytest.mark.parametrize("detail", ["near", "mid", "far", "distant"])
def test_every_species_grows_sound_meshes(name, detail):
    mesh = build_tree(name, 1, detail)
    assert mesh.uv is not None
    assert mesh.colours is not None
    assert mesh.material_index is not None
    assert len(mesh.positions) == len(mesh.normals) == len(mesh.uv) == len(mesh.colours)
    assert mesh.faces.max() < len(mesh.positions)
    assert mesh.material_index.max() < len(mesh.materials)
    assert np.isfinite(mesh.positions).all()
    assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1.0, abs=1e-3)
    assert 0.6 * height_of(name, 1) * 0.5 < mesh.positions[:, 2].max() < 1.35 * height_of(name, 1)
    assert mesh.positions[:, 2].min() > -0.06 * height_of(name, 1) - 0.9  # roots reach down a slope


@pytest.mark.parametrize("name", TREES)
def test_detail_keeps_its_budget_and_its_height(name):
    near, mid, far, distant = (build_tree(name, 3, detail) for detail in ("near", "mid", "far", "distant"))
    assert 900 < len(near.faces) < 3200
    assert len(mid.faces) < 1500
    assert len(far.faces) < 700
    assert len(distant.faces) < 40
    tops = [mesh.positions[:, 2].max() for mesh in (near, mid, far)]
    assert max(tops) < 1.3 * min(tops)


@pytest.mark.parametrize("name", ["redwood", "pine", "fir"])
def test_from_afar_nothing_is_cut_out(name):
    for detail in ("mid", "far", "distant"):
        assert all(m.texture is None or m.texture.alpha is None for m in build_tree(name, 1, detail).materials)
    assert len(build_tree(name, 1, "mid").faces) < 800
    assert len(build_tree(name, 1, "far").faces) < 400


def test_redwoods_are_tall_and_narrow_with_a_bare_foot():
    mesh = build_tree("redwood", 2)
    foliage = mesh.positions[mesh.faces[mesh.material_index == 1].reshape(-1)]
    width = np.ptp(foliage[:, 0])
    assert mesh.positions[:, 2].max() > 2.5 * width
    assert np.quantile(foliage[:, 2], 0.1) > 0.2 * height_of("redwood", 2)


def test_seeds_are_individuals_and_repeat():
    one, again, other = build_tree("pine", 1), build_tree("pine", 1), build_tree("pine", 2)
    assert one.positions.tobytes() == again.positions.tobytes()
    assert one.positions.tobytes() != other.positions.tobytes()


def test_foliage_is_cut_out_but_not_empty():
    mesh = build_tree("fir", 1)
    texture = next(m.texture for m in mesh.materials if m.texture is not None and m.texture.alpha is not None)
    share = float((texture.alpha > 127).mean())
    assert 0.15 < share < 0.8


def test_an_unknown_species_names_the_known_ones():
    with pytest.raises(KeyError, match="redwood"):
        build_tree("baobab", 1)
