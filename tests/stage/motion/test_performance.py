from itertools import pairwise

import numpy as np
import pytest

from kinema.schema.errors import UnknownConcept
from kinema.stage.bodies.people.skeleton import FACE_UNITS, PersonPose
from kinema.stage.bodies.people.skeleton import globals as joint_globals
from kinema.stage.chance import chance
from kinema.stage.motion.action_table import act_named, action_table
from kinema.stage.motion.actions.handling import DRAWS
from kinema.stage.motion.performance import Performance
from kinema.stage.motion.posture import COLUMN, FACE_COLUMNS
from kinema.stage.motion.rig import Rig
from kinema.stage.setting import flat_ground
from stage.motion.figure import Point, adult, cue, path

FPS = 24
RIG = Rig(adult())
BED = (0.0, 0.0, 0.5)


def hill(points):
    return 0.15 * points[:, 1] + 0.1 * np.sin(points[:, 0])


def performed(*cues, ground=flat_ground, seed=3, **more):
    return Performance(RIG, list(cues), ground, seed, "someone", **more)


def corner(time):
    return path((0, 0), (0, 3), (2, 5), (6, 5)).at(time)[0]


def there_and_stop(ground=flat_ground):
    along = path((0, 0), (0, 3), (2, 5), (6, 5))
    end = along.at(5.2)[0]
    return performed(
        cue("stand", 0, 1.5),
        cue("walk", 1.5, 5.5, path=along, speed=1.3),
        cue("stand", 5.5, 8, end, -np.pi / 2),
        cue("stand", 8, 11, end, np.pi / 2),
        ground=ground,
    )


def sole_places(performance, times, side):
    """Heel edge and toe joint (T, 2, 3)."""
    foot, toe = RIG.row[f"foot_{side}"], RIG.row[f"toes_{side}"]
    edge = np.array([0.0, -RIG.sole.heel, -RIG.sole.ankle])
    found = [performance.at(time) for time in times]
    return np.array([[now.places[foot] + now.turns[foot] @ edge, now.places[toe]] for now in found])


@pytest.mark.parametrize("ground", [flat_ground, hill])
@pytest.mark.parametrize("fps", [24, 30])
def test_standing_feet_do_not_slide(ground, fps):
    performance = there_and_stop(ground)
    times = np.arange(0.0, 11.0, 1.0 / fps)
    for side, prints in zip(("left", "right"), performance.passages[0].afoot.stepping.prints, strict=True):
        places = sole_places(performance, times, side)
        for land, lift in zip(prints.land, prints.lift, strict=True):
            stance = np.flatnonzero((times > land) & (times < lift))
            steps = np.linalg.norm(np.diff(places[stance], axis=0), axis=2)  # heel, toe
            if len(steps):
                assert steps.min(1).max() < 0.0005  # at every instant one of them is fixed


@pytest.mark.parametrize("ground", [flat_ground, hill])
def test_feet_stay_above_the_ground(ground):
    times = np.arange(0.0, 11.0, 1.0 / FPS)
    for side in ("left", "right"):
        places = sole_places(there_and_stop(ground), times, side).reshape(-1, 3)
        assert (places[:, 2] - ground(places[:, :2])).min() > -0.012


@pytest.mark.parametrize("action", ["walk", "stroll", "run"])
def test_knees_never_bend_backwards_nor_lock(action):
    performance = performed(cue(action, 0, 5, path=path((0, 0), (0, 30))))
    for time in np.arange(0.0, 5.0, 1.0 / FPS):
        now = performance.at(time)
        for side in ("left", "right"):
            hip, knee, ankle = (now.places[RIG.row[f"{name}_{side}"]] for name in ("upper_leg", "lower_leg", "foot"))
            thigh, shin = knee - hip, ankle - knee
            right = now.turns[RIG.row[f"upper_leg_{side}"]][:, 0]
            bend = np.arctan2(np.cross(shin, thigh) @ right, thigh @ shin)
            assert 0.02 < bend < 2.6


def test_steps_are_heard_where_and_when_feet_land():
    performance = there_and_stop()
    events = performance.events(0.0, 11.0)
    assert len(events) > 6
    assert [event.time for event in events] == sorted(event.time for event in events)
    landings = [
        (land, *place)
        for prints in performance.passages[0].afoot.stepping.prints
        for land, place in zip(prints.land, prints.places, strict=True)
        if 0.0 <= land < 11.0
    ]
    np.testing.assert_allclose(sorted((event.time, *event.position) for event in events), sorted(landings))
    first, second = performance.events(0.0, 3.0), performance.events(3.0, 11.0)
    assert first + second == events


def test_left_and_right_take_turns():
    performance = performed(cue("walk", 0, 6, path=path((0, 0), (0, 30))))
    left, right = (prints.land for prints in performance.passages[0].afoot.stepping.prints)
    order = sorted([(time, 0) for time in left[1:]] + [(time, 1) for time in right[1:]])
    sides = [side for _, side in order]
    assert all(a != b for a, b in pairwise(sides))


def test_a_pose_does_not_depend_on_what_was_asked_before():
    asked = there_and_stop()
    for time in (9.0, 0.3, 5.1, 7.77, 2.0):
        asked.at(time)
    again, fresh = asked.at(4.321), there_and_stop().at(4.321)
    np.testing.assert_array_equal(again.rotations, fresh.rotations)
    np.testing.assert_array_equal(again.root_place, fresh.root_place)


def test_forward_kinematics_of_the_pose_gives_the_solved_places():
    now = there_and_stop().at(4.0)
    joints = joint_globals(RIG.skeleton, PersonPose(now.root_place, now.root_yaw, now.rotations))
    np.testing.assert_allclose(joints[:, :3, 3], now.places, atol=1e-9)
    np.testing.assert_allclose(joints[:, :3, :3], now.turns, atol=1e-9)


def largest_turn(performance, start, end):
    """Degrees by which any joint of trunk, arms and thighs turns in one frame at 24 a second."""
    rotations = np.array([performance.at(time).rotations for time in np.arange(start, end, 1.0 / FPS)])
    steps = np.swapaxes(rotations[:-1], -1, -2) @ rotations[1:]
    cosine = np.clip((np.trace(steps, axis1=-2, axis2=-1) - 1.0) / 2.0, -1.0, 1.0)
    names = RIG.skeleton.names
    watched = [
        k for k, name in enumerate(names) if not name.startswith(("toes", "foot", "fingers", "thumb", "lower_leg"))
    ]
    return float(np.degrees(np.arccos(cosine))[:, watched].max())


def test_no_joint_jumps_from_cue_to_cue():
    along = path((0, 0), (0, 9))
    performance = performed(
        cue("walk", 0, 3, path=along, speed=1.2),
        cue("stand", 3, 5, (0, 3.6, 0)),
        cue("wave", 5, 7, (0, 3.6, 0), target=Point(2.0, 9.0, 1.5)),
        cue("look", 7, 9, (0, 3.6, 0), target=Point(-3.0, 3.0, 1.5)),
        cue("clap", 9, 11, (0, 3.6, 0)),
        cue("walk", 11, 14, path=along, path_start=3.6, speed=1.2),
    )
    assert largest_turn(performance, 0.0, 14.0) < 25.0


def test_no_joint_jumps_in_bed():
    performance = performed(
        cue("sleep", 0, 3, BED),
        cue("turn_over", 3, 6, BED, target=Point(1.0, 0.0, 0.5)),
        cue("sleep", 6, 8, BED),
        cue("wake", 8, 12, BED),
        cue("reach", 12, 16, BED, target=Point(0.1, 0.6, 0.55)),
        cue("give", 16, 19, BED, target=Point(0.5, -0.2, 0.7)),
        cue("lie", 19, 22, BED),
    )
    assert largest_turn(performance, 0.0, 22.0) < 30.0


def test_a_sleeper_lies_with_the_head_where_the_mark_looks_and_shuts_the_eyes():
    performance = performed(cue("sleep", 0, 5, BED, yaw=np.pi / 2))
    now = performance.at(2.0)
    head, hips = now.places[RIG.row["head"]], now.places[RIG.row["hips"]]
    assert head[0] < hips[0] - 0.45  # yaw of a quarter turn looks to -X
    assert abs(head[1] - hips[1]) < 0.15
    assert 0.5 < head[2] < 0.85
    assert performance.at(2.0).numbers[-10] == pytest.approx(1.0)  # blink


def test_turning_over_turns_away_from_the_target():
    performance = performed(cue("turn_over", 0, 4, BED, target=Point(1.0, 0.0, 0.6)))
    face = performance.at(4.0).turns[RIG.row["head"]][:, 1]
    assert face[0] < -0.5


def test_waking_raises_the_head():
    performance = performed(cue("sleep", 0, 3, BED), cue("wake", 3, 7, BED))
    head = RIG.row["head"]
    assert performance.at(6.9).places[head][2] > performance.at(2.0).places[head][2] + 0.25


def test_sitting_puts_the_hips_on_the_seat_and_the_feet_on_the_floor():
    performance = performed(cue("stand", 0, 2, (0, 0.4, 0)), cue("sit", 2, 6, (0, 0, 0.45)))
    now = performance.at(5.0)
    assert 0.5 < now.places[RIG.row["hips"]][2] < 0.62
    for side in ("left", "right"):
        assert now.places[RIG.row[f"foot_{side}"]][2] == pytest.approx(RIG.sole.ankle, abs=0.02)


@pytest.mark.parametrize("action", ["reach", "give"])
def test_the_right_hand_reaches_what_it_can_reach(action):
    target = np.array([0.2, 0.42, 1.1])
    performance = performed(cue(action, 0, 4, target=Point(*target)))
    now = performance.at(4 * DRAWS if action == "reach" else 2.3)
    palm, _ = RIG.palm(now.places[RIG.row["hand_right"]], now.turns[RIG.row["hand_right"]], 1)
    miss = np.linalg.norm(palm - target)
    assert miss < (0.03 if action == "reach" else 0.16)  # a giver keeps a hand's breadth away


def test_hands_hold_what_they_are_told_to_hold():
    def hands(time):
        return np.array([0.1, 1.3 * time + 0.25, 1.75]), np.array([0.1, 1.3 * time + 0.22, 1.35])

    performance = performed(cue("carry_dragon", 0, 5, path=path((0, 0), (0, 30)), speed=1.3), hands=hands)
    for time in (1.0, 2.25, 3.5):
        now = performance.at(time)
        for side, name in enumerate(("hand_left", "hand_right")):
            palm, _ = RIG.palm(now.places[RIG.row[name]], now.turns[RIG.row[name]], side)
            np.testing.assert_allclose(palm, hands(time)[side], atol=0.01)


def test_a_cheer_leaves_the_ground():
    performance = performed(cue("cheer", 0, 6))
    foot = RIG.row["foot_left"]
    heights = [performance.at(time).places[foot][2] for time in np.arange(1.0, 5.0, 1.0 / FPS)]
    assert max(heights) > min(heights) + 0.02


def test_looking_turns_the_head_to_the_target():
    performance = performed(cue("look", 0, 4, target=Point(-2.0, 2.0, 1.55)))
    now = performance.at(3.0)
    way = now.turns[RIG.row["eye_left"]][:, 1]
    wanted = np.array([-2.0, 2.0, 1.55]) - now.places[RIG.row["eye_left"]]
    assert np.degrees(np.arccos(way @ wanted / np.linalg.norm(wanted))) < 12.0


def test_a_face_that_rests_stirs_a_little_and_slowly():
    performance = performed(cue("stand", 0, 20))
    faces = np.array([performance.at(time).numbers[FACE_COLUMNS] for time in np.arange(1.0, 19.0, 0.25)])
    resting = faces[:, [FACE_UNITS.index(unit) for unit in ("brows_up", "squint", "smile")]]
    assert (np.ptp(resting, axis=0) > 0.02).all()
    assert resting.max() < 0.25
    assert np.abs(np.diff(resting, axis=0)).max() < 0.06


def test_everybody_differs():
    first = performed(cue("walk", 0, 5, path=path((0, 0), (0, 30))), seed=1)
    second = performed(cue("walk", 0, 5, path=path((0, 0), (0, 30))), seed=2)
    assert np.abs(first.at(2.0).rotations - second.at(2.0).rotations).max() > 0.05


def test_an_action_nobody_knows_is_refused():
    with pytest.raises(UnknownConcept, match="a person cannot 'levitate'"):
        performed(cue("levitate", 0, 1))


def test_every_action_of_the_table_can_be_performed():
    for name, row in action_table().items():
        assert callable(act_named(row.act))
        mark = BED if row.ground in ("bed", "seat") else (0.0, 0.0, 0.0)
        now = performed(cue(name, 0, 3, mark)).at(1.5)
        assert np.isfinite(now.rotations).all()
        gram = now.rotations @ np.swapaxes(now.rotations, -1, -2)
        np.testing.assert_allclose(gram, np.broadcast_to(np.eye(3), gram.shape), atol=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_asked_of_it_a_body_stays_whole(seed):
    luck = chance(seed, "cues", "test")
    names = sorted(action_table())
    cues, time, place = [], 0.0, np.zeros(3)
    for _ in range(5):
        action = str(luck.choice(names))
        row, seconds = action_table()[action], float(luck.choice([0.05, 0.5, 1.5, 4.0]))
        place = place + np.append(luck.uniform(-2.0, 2.0, 2), 0.0) * luck.integers(2)
        height = {"bed": 0.5, "seat": 0.45}.get(row.ground, 0.0)
        more = {}
        if row.ground == "travel":
            ways = place[:2] + np.cumsum(luck.uniform(-5.0, 5.0, (3, 2)), 0)
            more = {"path": path(place[:2], *ways), "speed": float(luck.uniform(0.3, 3.5))}
        if luck.random() < 0.4:
            more["target"] = Point(*(place + luck.uniform(-2.0, 2.0, 3)))
        cues.append(cue(action, time, time + seconds, (*place[:2], height), luck.uniform(-7.0, 7.0), **more))
        time += seconds
        place = more["path"].at(99.0)[0] if "path" in more else place
    performance = performed(*cues, seed=seed)
    for when in np.arange(-0.5, time + 0.5, 1.0 / 12):
        now = performance.at(when)
        gram = now.rotations @ np.swapaxes(now.rotations, -1, -2)
        np.testing.assert_allclose(gram, np.broadcast_to(np.eye(3), gram.shape), atol=1e-5)
        for limb in (*RIG.arms, *RIG.legs):
            first, middle, last = (now.places[row] for row in limb.rows)
            assert np.linalg.norm(middle - first) == pytest.approx(limb.upper, abs=2e-3)
            assert np.linalg.norm(last - middle) == pytest.approx(limb.lower, abs=2e-3)


def test_a_crowd_cheers_in_many_ways():
    def hands(seed):
        now = performed(cue("cheer", 0, 6), seed=seed).at(3.0)
        return np.concatenate([now.places[RIG.row[f"hand_{side}"]] for side in ("left", "right")])

    crowd = np.array([hands(seed) for seed in range(12)])
    apart = np.linalg.norm(crowd[:, None] - crowd[None], axis=-1)
    assert (apart[np.triu_indices(12, 1)] > 0.15).mean() > 0.8
    assert (crowd[:, [2, 5]].max(1) > 1.3).all()  # everybody has a hand up


def test_an_arm_with_a_bag_stays_down_whatever_the_act():
    for seed in range(6):
        performance = performed(cue("cheer", 0, 6), seed=seed, burdens=("hand",))
        for time in np.arange(1.0, 5.0, 0.25):
            now = performance.at(float(time))
            assert now.places[RIG.row["hand_left"]][2] < now.places[RIG.row["upper_arm_left"]][2] - 0.2


def elbow_angle(now, side):
    """Degrees between upper arm and forearm, 180 when straight."""
    shoulder, elbow, hand = (now.places[RIG.row[f"{name}_{side}"]] for name in ("upper_arm", "lower_arm", "hand"))
    upper, lower = shoulder - elbow, hand - elbow
    return np.degrees(np.arccos(upper @ lower / np.linalg.norm(upper) / np.linalg.norm(lower)))


@pytest.mark.parametrize("action", ["walk", "stroll", "stand", "look", "cheer", "wave"])
def test_an_arm_with_a_bag_in_its_crook_keeps_it_there(action):
    more = {"path": path((0, 0), (0, 9)), "speed": 1.2} if action in ("walk", "stroll") else {}
    performance = performed(cue(action, 0, 6, **more), burdens=("crook",))
    for time in np.arange(1.0, 5.0, 0.2):
        now = performance.at(float(time))
        assert 78.0 < elbow_angle(now, "left") < 100.0
        forearm = now.places[RIG.row["hand_left"]] - now.places[RIG.row["lower_arm_left"]]
        rise = forearm[2] / np.linalg.norm(forearm)
        assert -0.2 < rise < 0.6  # level enough that handles do not slide off


def test_the_other_arm_swings_beside_a_bag_in_the_crook():
    performance = performed(cue("walk", 0, 6, path=path((0, 0), (0, 9)), speed=1.2), burdens=("crook",))
    now = [performance.at(float(time)) for time in np.arange(1.0, 4.0, 0.1)]

    def travel(side):
        ahead = [n.places[RIG.row[f"hand_{side}"]][1] - n.places[RIG.row["hips"]][1] for n in now]
        return np.ptp(ahead)

    assert travel("right") > 3.0 * travel("left")
    assert travel("left") > 0.01


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_who_talks_to_somebody_turns_the_head_there(side):
    performance = performed(cue("talk", 0, 6, target=Point(1.0 * side, 1.0, 1.5)))
    ahead = np.mean([performance.at(time).turns[RIG.row["head"]][:, 1] for time in np.arange(2.0, 6.0, 0.5)], axis=0)
    assert ahead[0] * side > 0.3


def test_whoever_wakes_yawns_with_shut_eyes_and_is_awake_after_it():
    performance = performed(cue("sleep", 0, 3, BED), cue("wake", 3, 10, BED))
    jaws, lids = ([performance.at(t).numbers[COLUMN[unit]] for t in (8.2, 9.9)] for unit in ("jaw_open", "blink"))
    assert jaws[0] > 0.6 > 0.2 > jaws[1]
    assert lids[0] > 0.6
