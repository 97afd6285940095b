"""Who is at the wheel: head, shoulders and arms, no more than glass lets be seen of them."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.vehicle.rack import both
from kinema.stage.bodies.vehicle.species import Species
from kinema.stage.bodies.vehicle.trim import driving_seat
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Part

SKIN = Material("driver_skin", (0.46, 0.28, 0.20), 0.6, subsurface=0.4)
HAIR = Material("driver_hair", (0.035, 0.024, 0.018), 0.7)
SHIRT = Material("driver_shirt", (0.30, 0.34, 0.40), 0.85)
SEAT = -0.36  # x of the driver's middle


def driver(row: Species) -> list[Part]:
    """A sitting figure behind the steering wheel, its eyes halfway up the glass."""
    y, eyes = driving_seat(row) + 0.17, row.belt + 0.52 * row.cabin.height
    neck = eyes - 0.15
    head = solids.moved(solids.sphere((0.078, 0.095, 0.118), 8, 5), (SEAT, y + 0.02, eyes))
    throat = solids.tube(np.array([[SEAT, y - 0.01, neck - 0.10], [SEAT, y, neck + 0.08]]), 0.055, 5)
    hair = solids.moved(solids.sphere((0.088, 0.098, 0.108), 8, 4), (SEAT, y - 0.012, eyes + 0.03))
    shoulders = solids.moved(solids.sphere((0.225, 0.105, 0.17), 8, 4), (SEAT, y - 0.02, neck - 0.20))
    wheel = np.array([0.15, row.cabin.belt.front - 0.50 - y, row.belt + 0.10 - neck])
    arm = solids.tube(np.array([[0.19, 0.0, -0.14], [0.23, 0.14, -0.30], wheel]), 0.042, 4)
    arms = solids.moved(both(arm), (SEAT, y, neck))
    return [
        Part(solids.merge([head, throat]), SKIN),
        Part(hair, HAIR),
        Part(solids.merge([shoulders, arms]), SHIRT),
    ]
