"""Bare bodies in the common rest pose."""

import numpy as np
import pytest

from kinema.stage.bodies.people.body import Physique, archive, build_body, raised, target_weights
from kinema.stage.bodies.people.skinning import SKIN_JOINTS

BODIES = {
    "woman": build_body(Physique()),
    "man": build_body(Physique("male")),
    "girl": build_body(Physique("female", {"child": 1.0})),
    "old man": build_body(Physique("male", {"old": 1.0}, weight=0.5)),
}


@pytest.mark.parametrize("name", BODIES)
def test_limbs_rest_as_the_skeleton_says(name: str) -> None:
    place = BODIES[name].skeleton.place
    arm = place("hand_left") - place("upper_arm_left")
    assert arm / np.linalg.norm(arm) == pytest.approx([-np.sqrt(0.5), 0.0, -np.sqrt(0.5)], abs=1e-3)
    leg = place("foot_right") - place("upper_leg_right")
    assert leg / np.linalg.norm(leg) == pytest.approx([0.0, 0.0, -1.0], abs=1e-3)
    foot = place("toes_right") - place("foot_right")
    assert foot[1] > 0
    assert abs(foot[0]) < 0.01


@pytest.mark.parametrize("name", BODIES)
def test_soles_are_on_the_ground_and_eyes_look_ahead_of_the_head(name: str) -> None:
    body = BODIES[name]
    assert body.points[:, 2].min() == pytest.approx(0.0, abs=0.02)
    assert body.landmarks["eye_left"][1] > body.landmarks["head"][1]
    assert body.landmarks["eye_left"][0] < 0 < body.landmarks["eye_right"][0]


def test_statures_differ_as_they_should() -> None:
    heights = {name: body.height for name, body in BODIES.items()}
    assert heights["girl"] < heights["woman"] < heights["man"]
    assert 1.1 < heights["girl"] < 1.4
    assert 1.5 < heights["woman"] < 1.75


def test_raising_a_body_moves_all_of_it() -> None:
    body = BODIES["woman"]
    higher = raised(body, 0.03)
    np.testing.assert_allclose(higher.points - body.points, np.tile([0, 0, 0.03], (len(body.points), 1)), atol=1e-5)
    assert higher.skeleton.place("head")[2] == pytest.approx(body.skeleton.place("head")[2] + 0.03)


def test_archive_binds_every_point() -> None:
    baked = archive()
    assert baked.skin_weights.sum(1) == pytest.approx(1.0, abs=1e-5)
    assert baked.skin_indices.max() < len(SKIN_JOINTS)


def test_every_wanted_shape_is_in_the_archive() -> None:
    physique = Physique(
        "male", {"young": 0.5, "old": 0.5}, {"asian": 1.0}, weight=-0.4, muscle=0.3, ideal=0.5, tall=-0.5
    )
    assert set(target_weights(physique)) <= set(archive().deltas)
