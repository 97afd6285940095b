"""Gestures with the arms: waving, cheering, clapping."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.motion.actions.idle import alive, gaze, stand
from kinema.stage.motion.actions.moment import Moment
from kinema.stage.motion.easing import ramp
from kinema.stage.motion.posture import Upper


def wave(moment: Moment, upper: Upper) -> None:
    """Wave the right hand at the target. rate: swings per second."""
    stand(moment, upper)
    target = moment.target("head", "eyes")
    if target is not None:
        gaze(moment, upper, target, ramp(moment.local, 0.0, 0.5))
    swing = np.sin(2.0 * np.pi * (moment.numbers["rate"] * moment.local + moment.luck[20]))
    upper.set(
        swing_right=18.0, raise_right=74.0 + 5.0 * swing, twist_right=-78.0, elbow_right=98.0 + 20.0 * swing,
        wrist_right=0.0, cock_right=-14.0 * swing, pronate_right=0.0, curl_right=4.0, shrug_right=10.0,
        thumb_right=-8.0,
    )  # fmt: skip
    upper.add(chest_y=-2.0, head_y=3.0, smile=0.5, squint=0.2)


def cheer(moment: Moment, upper: Upper) -> None:
    """Throw up both arms and hop. rate: hops per second; height: of a hop (m)."""
    alive(moment, upper)
    rate = moment.numbers["rate"] * (0.85 + 0.3 * moment.luck[21])
    phase = (moment.times * rate + moment.luck[22]) % 1.0
    # in the air for the middle half of a hop; knees give before and after
    air = np.clip((phase - 0.3) / 0.4, 0.0, 1.0)
    strength = 0.35 + 0.65 * moment.luck[23]
    # once in a while everybody catches breath
    lively = 0.5 + 0.5 * np.tanh(4.0 * np.sin(2.0 * np.pi * (moment.times / 6.3 + moment.luck[24])) + 3.0)
    seated = 0.0 if moment.resting else 1.0
    upper.hop[:] = moment.numbers["height"] * strength * lively * 4.0 * air * (1.0 - air) * seated
    give = np.cos(2.0 * np.pi * (phase - 0.02))
    upper.shift[:, 2] -= 0.035 * strength * lively * (1.0 + give) * seated
    upper.turn[:, 0] -= np.radians(4.0) * (1.0 + give) * seated
    pump = np.cos(2.0 * np.pi * (phase - 0.45))
    for side, lag in (("left", 0.0), ("right", 0.35 * (moment.luck[25] - 0.5))):
        beat = np.cos(2.0 * np.pi * (phase - 0.45 - lag))
        numbers: dict[str, F64 | float] = {
            f"swing_{side}": 148.0 + 12.0 * beat, f"raise_{side}": 24.0 + 14.0 * moment.luck[26],
            f"twist_{side}": -12.0, f"elbow_{side}": 34.0 - 22.0 * beat, f"shrug_{side}": 14.0,
            f"curl_{side}": 95.0 * (moment.luck[27] > 0.5), f"pronate_{side}": 30.0,
        }  # fmt: skip
        upper.set(**numbers)
    upper.add(chest_x=5.0, head_x=9.0 + 3.0 * pump, smile=0.75, jaw_open=0.3 + 0.3 * lively, brows_up=0.35)


def clap(moment: Moment, upper: Upper) -> None:
    """Clap before the chest. rate: claps per second."""
    stand(moment, upper)
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
