"""Dressed people, from subject to posed surfaces."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from kinema.schema.errors import UnknownConcept
from kinema.schema.storyboard import Garment, Subject
from kinema.stage.bodies.people.model import PersonModel
from kinema.stage.bodies.people.skeleton import FACE_UNITS, PersonPose, rest_pose
from samples.people import dressed

HERO = Subject(
    id="woman",
    concept="woman",
    traits=("stylish",),
    garments=(
        Garment(kind="jacket", colour="black", material="leather"),
        Garment(kind="dress", colour="red", length="long"),
        Garment(kind="boots", colour="black"),
        Garment(kind="purse", colour="black"),
        Garment(kind="sunglasses"),
        Garment(kind="lipstick", colour="red"),
    ),
)


@pytest.fixture(scope="module")
def hero() -> PersonModel:
    return dressed(HERO, 1)[0]


def turned(model: PersonModel, **angles: tuple[float, float, float]) -> PersonPose:
    rotations = rest_pose().rotations.copy()
    for name, vector in angles.items():
        rotations[model.skeleton.index(name)] = Rotation.from_rotvec(vector).as_matrix()
    return PersonPose(np.zeros(3), 0.0, rotations)


def test_surfaces_are_whole_and_keep_their_number(hero: PersonModel) -> None:
    poses = [rest_pose(), turned(hero, upper_leg_left=(0.5, 0, 0), hand_left=(0, 0, 1.0))]
    drawn = [hero.surfaces(pose, np.eye(4), instance=3, concept=4) for pose in poses]
    assert [s.mesh.key for s in drawn[0]] == [s.mesh.key for s in drawn[1]]
    assert len(drawn[0]) == 2  # the body with all that is bound to it, and the skirt
    for surface in drawn[1]:
        assert surface.positions is not None
        assert surface.normals is not None
        assert np.isfinite(surface.positions).all()
        np.testing.assert_allclose(np.linalg.norm(surface.normals, axis=1), 1.0, atol=1e-3)
        assert (surface.instance, surface.concept) == (3, 4)


def test_faces_and_materials_are_consistent(hero: PersonModel) -> None:
    mesh = hero.mesh
    assert mesh.faces.max() < len(mesh.positions)
    assert mesh.material_index is not None
    assert mesh.material_index.max() < len(mesh.materials)
    assert hero.weights.sum(1) == pytest.approx(1.0, abs=1e-4)


def test_at_rest_she_stands_on_the_ground_on_her_soles(hero: PersonModel) -> None:
    positions = hero.surfaces(rest_pose(), np.eye(4))[0].positions
    assert positions is not None
    assert -0.005 < positions[:, 2].min() < 0.012
    assert hero.skeleton.place("foot_left")[2] > 0.05


def test_what_she_wears_has_its_colours(hero: PersonModel) -> None:
    names = {material.name: material for material in hero.mesh.materials}
    leather = next(m for name, m in names.items() if name.startswith("leather"))
    assert max(leather.albedo) < 0.05
    red = hero.drapes[0].mesh.materials[0].albedo
    assert red[0] > 5 * red[1]
    assert any(name == "sunglass-lens" for name in names)


def test_skin_under_clothes_is_left_out(hero: PersonModel) -> None:
    index = [material.name for material in hero.mesh.materials].index("skin")
    faces = hero.mesh.faces[hero.mesh.material_index == index]
    heights = hero.mesh.positions[faces].mean(1)
    belly = (np.abs(heights[:, 2] - hero.skeleton.place("spine")[2]) < 0.08) & (np.abs(heights[:, 0]) < 0.1)
    assert not belly.any()


def test_the_jaw_opens_the_mouth_and_a_blink_the_lids(hero: PersonModel) -> None:
    still = hero.surfaces(rest_pose(), np.eye(4))[0].positions
    for unit in FACE_UNITS:
        pose = PersonPose(np.zeros(3), 0.0, rest_pose().rotations, {unit: 1.0})
        moved = hero.surfaces(pose, np.eye(4))[0].positions
        assert moved is not None
        assert still is not None
        shift = np.linalg.norm(moved - still, axis=1)
        assert 0.001 < shift.max() < 0.06, unit
        assert (shift[still[:, 2] < 1.2] == 0).all()


def test_lids_follow_the_gaze(hero: PersonModel) -> None:
    down = turned(hero, eye_left=(-0.4, 0, 0), eye_right=(-0.4, 0, 0))
    assert not np.array_equal(hero._expressed(down), hero._expressed(rest_pose()))


def test_anchors_are_where_their_names_say(hero: PersonModel) -> None:
    pose = turned(hero, upper_arm_right=(0, 0.78, 0))
    crown, eyes, mouth, chest = (hero.anchor(pose, name)[2] for name in ("crown", "eyes", "mouth", "chest"))
    assert crown > eyes > mouth > chest
    assert hero.anchor(pose, "hand_right")[2] < hero.anchor(rest_pose(), "hand_right")[2] - 0.1
    with pytest.raises(KeyError):
        hero.anchor(pose, "tail")


def test_regions_nest(hero: PersonModel) -> None:
    head, upper, whole = (hero.region(rest_pose(), part) for part in ("head", "upper", "whole"))  # type: ignore[arg-type]
    assert head.height < upper.height < whole.height
    assert whole.height == pytest.approx(hero.height, abs=0.12)


def test_extras_are_light_and_repeatable() -> None:
    crowd = Subject(id="crowd", concept="pedestrian", count=40)
    first, again, other = (dressed(crowd, 7, "extra", number)[0] for number in (0, 0, 1))
    assert first.mesh.key == again.mesh.key != other.mesh.key
    np.testing.assert_array_equal(first.mesh.positions, again.mesh.positions)
    assert len(first.mesh.faces) < 3600


def test_an_unknown_garment_is_refused() -> None:
    with pytest.raises(UnknownConcept, match="toga"):
        dressed(Subject(id="x", concept="man", garments=(Garment(kind="toga"),)), 1)
