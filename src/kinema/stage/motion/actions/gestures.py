"""Gestures with the arms: waving, cheering, clapping, pointing, talking."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.motion.actions.idle import alive, gaze, stand, upright
from kinema.stage.motion.actions.moment import Moment
from kinema.stage.motion.easing import ramp
from kinema.stage.motion.posture import LEFT, RIGHT, SIDES, Upper
from kinema.stage.motion.rotations import unit

POINTS = 0.98  # of the arm's length: how far a hand that points is from the shoulder


def wave(moment: Moment, upper: Upper) -> None:
    """Wave the right hand at the target. rate: swings per second."""
    upright(moment, upper)
    upper.free(RIGHT)
    target = moment.target("head", "eyes")
    if target is not None:
        gaze(moment, upper, target, ramp(moment.local, 0.0, 0.5))
    swing = np.sin(2.0 * np.pi * (moment.numbers["rate"] * moment.local + moment.luck[20]))
    upper.set(
        swing_right=18.0, raise_right=74.0 + 5.0 * swing, twist_right=-78.0, elbow_right=98.0 + 20.0 * swing,
        wrist_right=0.0, cock_right=-14.0 * swing, pronate_right=0.0, curl_right=4.0, shrug_right=10.0,
        thumb_right=-8.0,
    )  # fmt: skip
    late = np.sin(2.0 * np.pi * (moment.numbers["rate"] * moment.local + moment.luck[20]) - 0.9)
    # all of the side goes with the arm, the later the farther from it
    upper.add(chest_y=-3.0 + 1.8 * late, spine_y=-1.0 + late, chest_z=4.0 + 2.0 * late, head_y=4.0 - 1.5 * late)
    upper.add(swing_left=4.0 * late, raise_left=2.0, elbow_left=6.0, smile=0.5, squint=0.2)


def cheer(moment: Moment, upper: Upper) -> None:
    """Hop and throw up the arms, each person in a way of their own. rate: hops per second; height: of a hop (m)."""
    alive(moment, upper)
    upper.free(LEFT, RIGHT)
    rate = moment.numbers["rate"] * (0.8 + 0.4 * moment.luck[21])
    phase = (moment.times * rate + moment.luck[22]) % 1.0
    # once in a while everybody catches breath
    lively = 0.5 + 0.5 * np.tanh(4.0 * np.sin(2.0 * np.pi * (moment.times / 6.3 + moment.luck[24])) + 3.0)
    target = moment.target("head", "eyes")
    if target is not None:
        gaze(moment, upper, target, 0.8 * ramp(moment.local, 0.0, 0.6))
    way = WAYS_TO_CHEER[int(moment.luck[28] * len(WAYS_TO_CHEER))]
    _hop(moment, upper, phase, lively * way(moment, upper, phase, lively))
    _rock(moment, upper, np.sin(np.pi * (moment.times * rate + 2.0 * moment.luck[46])), lively)
    pump = np.cos(2.0 * np.pi * (phase - 0.45))
    upper.add(chest_x=3.0, head_x=3.0 + 2.0 * pump, smile=0.75, jaw_open=0.15 + 0.3 * lively, brows_up=0.35)


def film(moment: Moment, upper: Upper) -> None:
    """Hold a phone up at arm's length and look past it at the target, following it."""
    upright(moment, upper)
    target = moment.target("head", "eyes", "whole")
    up = ramp(moment.local, 0.1, 0.8)
    if target is not None:
        gaze(moment, upper, target, up)
    high, far = 70.0 + 26.0 * moment.luck[30], 42.0 + 22.0 * moment.luck[31]
    shake = 1.5 * np.sin(2.0 * np.pi * (0.6 * moment.times + moment.luck[32]))
    upper.blend(
        up, swing_right=high + shake, raise_right=6.0, twist_right=6.0, elbow_right=far, pronate_right=20.0,
        curl_right=55.0, thumb_right=10.0, shrug_right=8.0,
    )  # fmt: skip
    if moment.luck[33] < 0.4:  # some steady it with the other hand
        upper.blend(up, swing_left=high - 6.0, raise_left=4.0, twist_left=18.0, elbow_left=far + 8.0, curl_left=50.0)
    upper.add(brows_up=0.2, smile=0.3)


def point(moment: Moment, upper: Upper) -> None:
    """Point at the target and turn to somebody beside one now and then, to say: look there."""
    upright(moment, upper)
    target = moment.target("head", "eyes", "whole")
    place = moment.ahead(0.1, 3.0, 0.5) if target is None else target
    told = 0.5 + 0.5 * np.tanh(5.0 * np.sin(2.0 * np.pi * (moment.local / 4.6 + 0.25)) - 1.0)  # 1 while turned aside
    gaze(moment, upper, place, (1.0 - told) * ramp(moment.local, 0.0, 0.5))
    aside = 62.0 if moment.luck[37] < 0.5 else -62.0
    upper.add(head_z=0.5 * aside * told, neck_z=0.3 * aside * told, eyes_z=0.2 * aside * told)
    up = ramp(moment.local, 0.2, 0.7) * (1.0 - 0.35 * told)
    rig = moment.rig
    shoulder = moment.beside_trunk(*(rig.places[rig.row["upper_arm_right"]] - rig.places[rig.row["hips"]]))
    jab = 0.03 * np.sin(2.0 * np.pi * (1.4 * moment.times + moment.luck[36]))
    reach = (POINTS + jab)[:, None] * rig.arm_length * unit(place - shoulder)
    upper.free(RIGHT)
    upper.blend(up, swing_right=70.0, raise_right=14.0, elbow_right=24.0, pronate_right=50.0, curl_right=6.0)
    upper.hold(RIGHT, shoulder + reach, up)
    upper.add(smile=0.4, brows_up=0.25, jaw_open=0.2 * told * (0.5 + 0.5 * np.sin(2.0 * np.pi * 2.7 * moment.times)))


def talk(moment: Moment, upper: Upper) -> None:
    """Talk by turns with the target, or somebody ahead: hands that say it too, nods, and laughter now and then."""
    stand(moment, upper)
    target = moment.target("head", "eyes")
    if target is not None:
        gaze(moment, upper, target, ramp(moment.local, 0.0, 0.5))
    turn = 0.5 + 0.5 * np.tanh(6.0 * np.sin(2.0 * np.pi * (moment.times / 5.2 + moment.luck[34])))  # 1 while speaking
    beat = np.sin(2.0 * np.pi * (moment.times * (0.9 + 0.4 * moment.luck[35]) + moment.luck[36]))
    side = "right" if moment.luck[37] < 0.6 else "left"
    side = next((free for free in (side, *SIDES) if free not in moment.busy), side)
    lift = ramp(moment.local, 0.2, 0.8) * turn
    upper.grasp[:, SIDES.index(side)] *= 1.0 - lift
    upper.blend(
        lift, **{f"swing_{side}": 26.0 + 12.0 * beat, f"elbow_{side}": 66.0 + 14.0 * beat, f"raise_{side}": 12.0},
        **{f"pronate_{side}": -30.0 + 20.0 * beat, f"curl_{side}": 25.0, f"twist_{side}": -4.0},
    )  # fmt: skip
    nod = np.sin(2.0 * np.pi * (moment.times * 0.8 + moment.luck[38]))
    upper.add(head_x=(1.0 - turn) * 3.5 * nod, head_z=2.5 * beat * turn, chest_x=1.5 * turn * beat)
    upper.add(jaw_open=0.18 * turn * (0.5 + 0.5 * np.sin(2.0 * np.pi * 2.7 * moment.times)), smile=0.35)


def _hop(moment: Moment, upper: Upper, phase: F64, strength: F64) -> None:
    """Leave the ground for the middle of each hop, as high as strength (T,) says; knees give before and after."""
    air = np.clip((phase - 0.3) / 0.4, 0.0, 1.0)
    strength = strength * (0.35 + 0.65 * moment.luck[23]) * (0.0 if moment.resting else 1.0)
    upper.hop[:] = moment.numbers["height"] * strength * 4.0 * air * (1.0 - air)
    give = np.cos(2.0 * np.pi * (phase - 0.02))
    upper.shift[:, 2] -= 0.05 * strength * (1.0 + give)
    upper.turn[:, 0] -= np.radians(6.0) * (1.0 + give) * strength
    upper.add(spine_x=3.0 * (1.0 + give) * strength)


def _rock(moment: Moment, upper: Upper, side: F64, lively: F64) -> None:
    """Go from one leg to the other with all of the body: side (T,) is 1 over the right leg, -1 over the left."""
    much = lively * (0.4 + 0.6 * moment.luck[47]) * (0.3 if moment.resting else 1.0)
    if not moment.resting:
        upper.shift[:, 0] += 0.035 * much * side
        upper.turn[:, 1] -= np.radians(3.0) * much * side
    upper.add(spine_y=4.5 * much * side, chest_y=1.0 * much * side, head_y=-2.0 * much * side)
    upper.add(chest_z=5.0 * much * side, head_z=-3.0 * much * side)


def _both_up(moment: Moment, upper: Upper, phase: F64, lively: F64) -> float:
    """Both arms thrown up, fists or open hands."""
    lower = 46.0 * (moment.luck[48] - 0.5)  # one arm is hardly ever as high as the other
    for side, lag, less in (("left", 0.0, lower), ("right", 0.35 * (moment.luck[25] - 0.5), -lower)):
        beat = np.cos(2.0 * np.pi * (phase - 0.45 - lag))
        high, out = 130.0 + 22.0 * moment.luck[26] - max(less, 0.0) + 12.0 * beat, 18.0 + 22.0 * moment.luck[27]
        _raised(upper, side, high, out, 40.0 + max(less, 0.0) - 24.0 * beat, lively)
        upper.set(**{f"curl_{side}": 95.0 * (moment.luck[29] > 0.5)})
    return 1.0


def _fist(moment: Moment, upper: Upper, phase: F64, lively: F64) -> float:
    """One fist pumped, the other arm bent at the side."""
    side, other = ("left", "right") if moment.luck[29] < 0.35 else ("right", "left")
    beat = np.cos(2.0 * np.pi * (phase - 0.45))
    _raised(upper, side, 112.0 + 30.0 * beat, 14.0, 74.0 - 48.0 * beat, lively)
    upper.set(**{f"curl_{side}": 95.0, f"swing_{other}": 8.0, f"raise_{other}": 16.0, f"elbow_{other}": 62.0})
    upper.set(**{f"curl_{other}": 80.0})
    upper.add(chest_z=(6.0 if side == "right" else -6.0) * beat)
    return 0.5


def _sway(moment: Moment, upper: Upper, phase: F64, lively: F64) -> float:
    """Arms high, waving from side to side with the whole body, without hopping."""
    turn = 2.0 * np.pi * (moment.times / (1.9 + 0.6 * moment.luck[25]) + moment.luck[22])
    lean = np.sin(turn)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        _raised(upper, side, 150.0, 24.0 + 20.0 * sign * lean, 30.0 - 14.0 * sign * np.sin(turn - 0.5), lively)
    upper.turn[:, 1] += np.radians(3.0) * lean
    upper.shift[:, 0] += 0.035 * lean
    upper.add(spine_y=4.0 * lean, chest_y=5.0 * lean, head_y=-4.0 * lean)
    return 0.0


def _overhead(moment: Moment, upper: Upper, phase: F64, lively: F64) -> float:
    """Claps over the head."""
    apart = 0.5 - 0.5 * np.cos(2.0 * np.pi * (2.0 * phase + moment.luck[25]))
    for side in ("left", "right"):
        _raised(upper, side, 152.0, 6.0 + 26.0 * apart, 46.0 - 16.0 * apart, lively)
        upper.set(**{f"curl_{side}": 6.0, f"twist_{side}": -24.0})
    return 0.3


def _beckon(moment: Moment, upper: Upper, phase: F64, lively: F64) -> float:
    """One arm waves high, the other hand is at the mouth to shout."""
    swing = np.sin(2.0 * np.pi * (1.5 * moment.times + moment.luck[25]))
    _raised(upper, "right", 118.0, 40.0 + 12.0 * swing, 52.0 + 24.0 * swing, lively)
    upper.set(curl_right=6.0, swing_left=52.0, raise_left=16.0, twist_left=24.0, elbow_left=128.0, curl_left=30.0)
    upper.set(pronate_left=20.0)
    return 0.25


def _raised(upper: Upper, side: str, swing: F64 | float, out: F64 | float, elbow: F64 | float, lively: F64) -> None:
    """An arm up; it sinks and bends while its owner catches breath."""
    numbers: dict[str, F64 | float] = {
        f"swing_{side}": swing - 52.0 * (1.0 - lively), f"raise_{side}": out, f"twist_{side}": -12.0,
        f"elbow_{side}": elbow + 38.0 * (1.0 - lively), f"shrug_{side}": 14.0 * lively, f"pronate_{side}": 30.0,
        f"curl_{side}": 12.0,
    }  # fmt: skip
    upper.set(**numbers)


# each poses the arms and says how high its people hop, from 0 to 1
WAYS_TO_CHEER = (_both_up, _fist, _both_up, _sway, _overhead, _beckon)


def clap(moment: Moment, upper: Upper) -> None:
    """Clap before the chest. rate: claps per second."""
    upright(moment, upper)
    upper.free(LEFT, RIGHT)
    target = moment.target("head", "eyes")
    if target is not None:
        gaze(moment, upper, target, ramp(moment.local, 0.0, 0.5))
    rate = moment.numbers["rate"] * (0.9 + 0.2 * moment.luck[20])
    apart = 0.5 - 0.5 * np.cos(2.0 * np.pi * (rate * moment.times + moment.luck[21]))
    arm = moment.rig.arm_length
    height = 0.62 * (moment.rig.places[moment.rig.row["neck"]][2] - moment.rig.hip_height)
    for side, sign in ((0, -1.0), (1, 1.0)):
        upper.hands[:, side] = moment.ahead(sign * (0.028 + 0.13 * apart), 0.5 * arm + 0.02 * apart, height)
        upper.grasp[:, side] = 1.0
    upper.set(
        arms_swing=30.0,
        arms_raise=28.0,
        arms_elbow=80.0,
        arms_pronate=10.0,
        arms_curl=4.0,
        arms_wrist=-14.0,
        arms_cock=12.0,
    )
    upper.add(smile=0.45, squint=0.15)
