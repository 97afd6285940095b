"""Dancing: a plain folk dance, side steps with raised and swaying arms."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.motion.actions.idle import alive
from kinema.stage.motion.actions.moment import Moment
from kinema.stage.motion.posture import Upper


def folk(moment: Moment, upper: Upper) -> None:
    """Three steps to the side and three back, arms sweeping across and up in turn. beat: seconds between steps."""
    alive(moment, upper)
    turn = np.pi * moment.local / moment.numbers["beat"]  # half a turn a beat
    bar, sway = turn / 3.0, np.sin(turn / 3.0)  # six beats there and back
    dip = 0.5 - 0.5 * np.cos(2.0 * turn)
    upper.shift[:, 2] -= 0.02 + 0.04 * dip
    upper.turn[:, 0] -= np.radians(5.0) * dip
    upper.turn[:, 1] += np.radians(6.0) * np.sin(turn)
    upper.turn[:, 2] += np.radians(9.0) * sway
    upper.add(
        spine_y=-3.0 * np.sin(turn), chest_y=-4.0 * sway, chest_z=10.0 * sway, head_y=5.0 * sway, head_z=-8.0 * sway
    )
    for side, phase in (("left", 0.0), ("right", np.pi)):
        high = 0.5 + 0.5 * np.sin(bar + phase)
        late = 0.5 + 0.5 * np.sin(bar + phase - 0.6)
        numbers: dict[str, F64 | float] = {
            f"swing_{side}": 30.0 + 85.0 * high, f"raise_{side}": 30.0 + 18.0 * np.cos(bar + phase),
            f"twist_{side}": -10.0 , f"elbow_{side}": 66.0 - 26.0 * late, f"wrist_{side}": 26.0 * (0.5 - late),
            f"pronate_{side}": 60.0 * (1.0 - high), f"curl_{side}": 14.0 , f"shrug_{side}": 6.0 * high,
        }  # fmt: skip
        upper.set(**numbers)
    upper.add(spine_x=2.0 * dip, head_x=3.0 - 2.0 * dip, head_y=3.0 * np.sin(turn - 0.8), smile=0.6, squint=0.2)
