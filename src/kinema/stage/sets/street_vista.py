"""The ends of a street: a crossing, a building that closes the view with a great LED wall, and towers behind."""

from __future__ import annotations

import numpy as np

from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.facades import Building, build_front
from kinema.stage.sets.shopfront import build_shop
from kinema.stage.sets.street_kit import Kit
from kinema.stage.sets.street_signs import crown, jutting, led_wall
from kinema.stage.sets.street_style import pick

CROSSING = 13.0  # width of the street that crosses at each end


def close_end(kit: Kit, sign: float, half_length: float, front: float) -> Assembly:
    """Everything beyond the end at +y (sign 1) or -y (sign -1): closing fronts, screens, towers."""
    rng = kit.rng(f"end {sign}", "vista")
    assembly = Assembly(f"vista_{kit.style.name}_{kit.seed}_{kit.power}_{sign}")
    yaw = 0.0 if sign > 0 else np.pi
    here = Frame((0.0, sign * (half_length + CROSSING), 0.0), yaw)  # its x runs right as seen from the street
    widths = (11.0, 10.0, 12.5, 10.0, 11.0)
    x = -sum(widths) / 2
    for k, width in enumerate(widths):
        tallest, middle = kit.style.storeys[1], k == 2
        storeys = max(int(rng.integers(tallest - 3, tallest + 1)) - 3 * middle, 4 if kit.style.columns else 3)
        walls = pick(rng, kit.walls)
        building = Building(
            f"end {sign} {k}", here.inner(x, 0.0, 0.0), width, 10.0, 4.2, 3.3, storeys, walls.high, walls.high
        )
        build_front(kit, assembly, building, fine=False)
        for half in range(2):
            frame = building.frame.inner(half * width / 2, 0.0, 0.0)
            build_shop(kit, assembly, frame, width / 2, building.ground, building.wall, f"{building.name} {half}")
        if not middle:
            crown(kit, assembly, building)
            jutting(kit, assembly, building, 0.4 if k % 2 else width - 0.4, building.ground, "end")
        x += width
    wide = 12.0 if kit.style.columns else 5.0
    led_wall(
        kit,
        assembly,
        [here.inner(-wide / 2, -1.5, 5.6)],
        (wide, 0.62 * wide),
        f"screen_end_{'far' if sign > 0 else 'near'}",
    )
    _towers(kit, assembly, here)
    _ground(kit, assembly, here)
    return assembly


def _towers(kit: Kit, assembly: Assembly, here: Frame) -> None:
    """Tall blocks behind, all windows, with lamps on their edges against aircraft."""
    rng = kit.rng(f"towers {here.yaw:.1f}", "towers")
    for k, x in enumerate((-70.0, -50.0, -31.0, 27.0, 45.0, 68.0)):  # over the middle of the street there is sky
        wide, tall = float(rng.uniform(14.0, 22.0)), float(rng.uniform(38.0, 82.0))
        frame = here.inner(float(x) - wide / 2, 30.0 + 14.0 * (k % 3), 0.0)
        assembly.box(
            frame,
            (0, 0, 0),
            (wide, 14.0, tall),
            kit.walls[k % len(kit.walls)].high,
            ("front", "left", "right", "top"),
            (0.5,) * 3,
        )
        columns, rows = int(wide / 3.2), int(tall / 3.6)
        for i in range(columns):
            for j in range(4, rows):
                pane = pick(rng, kit.lit) if rng.random() < 0.42 else None
                if pane:
                    low = (0.5 + i * wide / columns, j * 3.6)
                    assembly.panel(frame, low, (low[0] + 2.0, low[1] + 1.9), -0.06, pane.material, pane.uv)
    beacon = kit.plain["lamp_glass"]
    assembly.box(here, (-30.2, 40.0, 70.0), (-29.8, 40.4, 70.4), beacon)


def _ground(kit: Kit, assembly: Assembly, here: Frame) -> None:
    """A zebra before the closing fronts."""
    bars = [
        [(x, -11.0, 0.01), (x + 0.48, -11.0, 0.01), (x + 0.48, -7.8, 0.01), (x, -7.8, 0.01)]
        for x in np.arange(-12.0, 12.0, 0.95)
    ]
    assembly.quads(here, bars, kit.plain["marking"])
