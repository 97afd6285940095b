"""Skirts that legs push about but never leave."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from kinema.stage.bodies.people.body import Physique, body_count, build_body
from kinema.stage.bodies.people.cuts import ARMS, Cut, cover, level_height
from kinema.stage.bodies.people.fabric import fabric
from kinema.stage.bodies.people.garments import LEGS
from kinema.stage.bodies.people.piece import dense_weights, share
from kinema.stage.bodies.people.skeleton import JOINTS, local_globals
from kinema.stage.bodies.people.skinning import skin_transforms
from kinema.stage.bodies.people.skirts import Beneath, SkirtCut, inside_of, skirt

BODY = build_body(Physique())
SLIGHT = build_body(Physique(weight=-0.35, tall=0.25, ideal=0.9))
DRAPE = skirt(BODY, SkirtCut(top=4.0, bottom=1.2), fabric("silk", (0.5, 0.0, 0.0)), "test")
STILL = np.tile(np.eye(3), (len(JOINTS), 1, 1))


def striding(left: float, right: float, left_knee: float, right_knee: float) -> np.ndarray:
    rotations = STILL.copy()
    for name, angle in (("upper_leg_left", left), ("upper_leg_right", right),
                        ("lower_leg_left", -left_knee), ("lower_leg_right", -right_knee)):  # fmt: skip
        rotations[BODY.skeleton.index(name)] = Rotation.from_rotvec([angle, 0, 0]).as_matrix()
    return rotations


def test_at_rest_it_hangs_round_the_body_from_waist_to_shin() -> None:
    points, normals = DRAPE.hang(BODY.skeleton, STILL)
    assert points[:, 2].max() == pytest.approx(BODY.landmarks["spine"][2] + 0.077, abs=0.03)
    assert points[:, 2].min() == pytest.approx(0.15, abs=0.06)
    away = points[:, :2] - [0.0, 0.0]
    assert ((away * normals[:, :2]).sum(1) > 0).mean() > 0.9


@settings(max_examples=25, deadline=None)
@given(st.floats(-0.5, 0.6), st.floats(-0.5, 0.6), st.floats(0.0, 0.9), st.floats(0.0, 0.9))
def test_legs_stay_inside_whatever_the_stride(left: float, right: float, left_knee: float, right_knee: float) -> None:
    rotations = striding(left, right, left_knee, right_knee)
    rings = DRAPE.rings(BODY.skeleton, rotations)
    joints = local_globals(BODY.skeleton, rotations)[:, :3, 3]
    for side in ("left", "right"):
        hip, knee, foot = (joints[BODY.skeleton.index(f"{name}_{side}")] for name in ("upper_leg", "lower_leg", "foot"))
        thigh, shin = np.linalg.norm(knee - hip), np.linalg.norm(foot - knee)
        for row in range(12, len(DRAPE.drop) - 2):
            drop = DRAPE.drop[row]
            leg = hip + (knee - hip) / thigh * min(drop, thigh) + (foot - knee) / shin * max(drop - thigh, 0.0)
            axes = np.linalg.svd(rings[row] - rings[row].mean(0), full_matrices=False)[2][:2]  # the ring's own plane
            facing = np.stack([np.cos(DRAPE.facing), np.sin(DRAPE.facing)])
            assert ((rings[row] - leg) @ axes.T @ facing).max(0).min() > 0.04


def test_it_turns_with_the_hips() -> None:
    quarter = STILL.copy()
    quarter[BODY.skeleton.index("hips")] = Rotation.from_rotvec([0, 0, np.pi / 2]).as_matrix()
    still, _ = DRAPE.hang(BODY.skeleton, STILL)
    turned, _ = DRAPE.hang(BODY.skeleton, quarter)
    hips = BODY.skeleton.place("hips")
    expected = (still - hips) @ Rotation.from_rotvec([0, 0, np.pi / 2]).as_matrix().T + hips
    np.testing.assert_allclose(turned, expected, atol=1e-4)


@pytest.mark.parametrize(("columns", "rings"), [(72, 22), (48, 14), (24, 9), (14, 6)])
@pytest.mark.parametrize("swing", [-0.5, 0.0, 0.25, 0.5])
def test_above_the_hip_joints_it_keeps_to_the_body_however_coarse_it_is(columns: int, rings: int, swing: float) -> None:
    rotations = striding(swing, -swing, 0.3, 0.6)
    rotations[SLIGHT.skeleton.index("hips")] = Rotation.from_rotvec([0.05, 0.1 * swing, -0.3 * swing]).as_matrix()
    cut = SkirtCut(top=3.75, bottom=1.12, ease=0.006, flare=0.125, folds=0.034, columns=columns, rings=rings)
    drape = skirt(SLIGHT, cut, fabric("silk", (0.5, 0.0, 0.0)), "test")
    cloth = drape.rings(SLIGHT.skeleton, rotations)[drape.drop < 0].reshape(-1, 3)
    weights = dense_weights()
    transforms = skin_transforms(SLIGHT.skeleton, SLIGHT.fingertips, rotations)
    moved = np.einsum("vj,jab->vab", weights, transforms)
    body = (moved[:, :, :3] @ SLIGHT.points[:, :, None])[..., 0] + moved[:, :, 3]
    body = body[: body_count()][share(weights[: body_count()], *ARMS) < 0.3]
    away, _ = cKDTree(body).query(cloth)
    assert away.max() < 0.04


def test_cloth_laid_elsewhere_keeps_its_place_at_any_fineness() -> None:
    rings = DRAPE.rings(BODY.skeleton, STILL)[: DRAPE.rows] + np.array([0.0, 0.5, 0.0])
    coarse = skirt(BODY, SkirtCut(top=4.0, bottom=1.2, columns=24, rings=9), fabric("silk", (0.5, 0.0, 0.0)), "test")
    fine, _ = DRAPE.laid(rings)
    rough, normals = coarse.laid(rings)
    assert len(rough) == len(coarse.mesh.positions)
    away, _ = cKDTree(fine).query(rough)
    assert away.max() < 0.03
    outward = ((rough[:, :2] - [0.0, 0.5]) * normals[:, :2]).sum(1).reshape(len(coarse.drop), -1)
    assert (outward[: coarse.rows] > 0).mean() > 0.95
    assert (outward[coarse.rows :] < 0).mean() > 0.95  # the inside of the hem


def test_what_a_jacket_covers_lies_closer() -> None:
    jacket = cover(BODY, Cut(bottom=3.5, sleeve=1.0))
    cut, cloth = SkirtCut(top=3.8, bottom=1.2), fabric("silk", (0.5, 0.0, 0.0))
    tucked = skirt(BODY, cut, cloth, "test", [jacket])
    free = skirt(BODY, cut, cloth, "test")
    closer = free.support - tucked.support
    hem = level_height(BODY, 3.5)
    heights = BODY.skeleton.place("upper_leg_left")[2] - free.drop
    assert closer[heights < hem].max() == 0.0
    assert closer[heights > hem + 0.03].min() == pytest.approx(0.014)


@pytest.mark.parametrize("body", [BODY, SLIGHT])
def test_the_balls_of_a_leg_hold_all_of_its_skin(body) -> None:
    inside = inside_of(body, 0.006, Beneath())
    places = body.skeleton.rest[None, :, :3, 3]
    balls = inside.legs(np.tile(np.eye(3), (1, len(JOINTS), 1, 1)), places)[0]
    hip, ankle = body.skeleton.place("upper_leg_left")[2], body.skeleton.place("foot_left")[2]
    count = body_count()
    points = body.points[:count][share(dense_weights()[:count], *LEGS) > 0.5]
    points = points[(points[:, 2] < hip - 0.14) & (points[:, 2] > ankle + 0.08)]
    deep = np.full(len(points), -1.0)
    for leg in balls:
        for k in range(3):
            way = leg[k + 1] - leg[k]
            t = np.clip((points - leg[k]) @ way / (way @ way), 0, 1)
            away = np.linalg.norm(points - leg[k] - t[:, None] * way, axis=1)
            deep = np.maximum(deep, inside.radii[k] * (1 - t) + inside.radii[k + 1] * t - away)
    assert deep.min() > 0.0
    assert deep.min() < 0.03


def test_who_sits_upright_has_the_thighs_inside_and_the_hem_hangs_from_the_knees() -> None:
    rotations = striding(1.5, 1.5, 1.45, 1.45)
    cloth = DRAPE.rings(BODY.skeleton, rotations)[: DRAPE.rows]
    joints = local_globals(BODY.skeleton, rotations)[:, :3, 3]
    hip, knee = (joints[BODY.skeleton.index(f"{name}_left")] for name in ("upper_leg", "lower_leg"))
    for share_ in np.linspace(0.3, 0.9, 10):
        thigh = hip + share_ * (knee - hip)
        near = cloth[np.abs(cloth[:, :, 1] - thigh[1]) < 0.03]
        assert near[:, 2].max() > thigh[2] + 0.05
        assert near[:, 2].min() < thigh[2] - 0.05
        assert near[:, 0].min() < thigh[0] - 0.05
    below = DRAPE.drop[DRAPE.rows - 1] - np.linalg.norm(knee - hip)
    assert cloth[-1, :, 2].mean() == pytest.approx(knee[2] - below, abs=0.05)
