"""Builds a vehicle's meshes once: chassis with all its trim, glass, and one wheel that stands at all four corners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kinema.buffers.scene_frame import Colour, Material, Mesh, Texture
from kinema.stage.bodies.vehicle import shell, trim
from kinema.stage.bodies.vehicle.driver import driver
from kinema.stage.bodies.vehicle.species import Species
from kinema.stage.bodies.vehicle.wheel import wheel
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Part

DUST = (0.78, 0.62, 0.44)  # what road dust leaves of a white surface


@dataclass(frozen=True, eq=False)
class Model:
    """Meshes in the vehicle's own frame; the wheel's outside faces +x, its centre at the origin."""

    row: Species
    chassis: Mesh
    glass: Mesh
    wheel: Mesh
    driver: Mesh


@lru_cache(maxsize=32)
def model(name: str, row: Species, body: Colour, rack: Colour, rim: Colour, plate: str) -> Model:
    """The species in those colours, with that number on its plates."""
    paint = Material(f"paint_{name}", body, 0.2)
    under, cabin = shell.body_skin(row), shell.cabin_skin(row)
    windows = shell.openings(row, cabin)
    shape = trim.Shape(row, under, cabin, windows, paint, Material("rack", rack, 0.45), plate_texture(plate))
    metal = [shell.body(row, under), shell.deck(row, under), shell.roof(row, cabin), shell.cabin(row, cabin, windows)]
    metal += [shell.reveal(window, cabin, row.cabin.height, 0.03) for window in windows]
    lining = shell.cabin(row, cabin, windows, 0.03)
    key = f"vehicle/{name}/{body}/{rack}/{rim}/{plate}"
    chassis = [*(Part(solid, paint) for solid in metal), Part(lining, trim.CABIN), *trim.fitted(shape)]
    panes = [Part(shell.pane(window, cabin, row.cabin.height, 0.015), trim.GLASS) for window in windows]
    return Model(
        row,
        dusted(solids.mesh(f"{key}/chassis", chassis), row),
        solids.mesh(f"{key}/glass", panes),
        solids.mesh(f"{key}/wheel", wheel(row.wheel, rim)),
        solids.mesh(f"vehicle/{name}/driver", driver(row)),
    )


def dusted(mesh: Mesh, row: Species) -> Mesh:
    """The mesh with road dust on it: a warm veil below the waist, thickest behind the wheels and along the tail."""
    x, y, z = mesh.positions.T
    low = np.clip(1.0 - (z - 0.35) / (0.55 * row.belt), 0.0, 1.0)
    behind = np.clip((row.plan.rear + 0.5 - y) / 0.5, 0.0, 1.0) * np.clip(1.2 - 0.5 * z / row.belt, 0.0, 1.0)
    blotches = 0.75 + 0.25 * np.sin(7.1 * y + 3.0 * np.sin(5.3 * z)) * np.cos(6.3 * x + 2.0 * y)
    veil = np.clip(0.75 * low**1.5 + 0.16 * behind, 0.0, 0.8) * blotches
    colours = 1.0 + veil[:, None] * (np.array(DUST) - 1.0)
    return replace(mesh, colours=colours.astype(np.float32))


def plate_texture(number: str) -> Texture:
    """A number plate's picture: dark letters on white, framed."""
    picture = Image.new("RGB", (256, 70), (236, 234, 224))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((3, 3, 252, 66), 8, outline=(28, 30, 40), width=3)
    draw.text((128, 36), number, fill=(24, 26, 36), font=ImageFont.load_default(52), anchor="mm", stroke_width=1)
    return Texture(f"plate/{number}", np.asarray(picture, np.uint8))
