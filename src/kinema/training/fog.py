"""Fog over a path-traced picture: the preview's own formula, on a finer grid so that edges mix like the picture's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.scene_frame import F32, SceneFrame
from kinema.stage.preview.compose import scenery
from kinema.stage.preview.fog import lamp_glow
from kinema.stage.preview.frame_light import middles_of
from kinema.stage.preview.lamps import lamp_rows
from kinema.stage.preview.render import view_of
from kinema.stage.preview.sky import sky_light
from kinema.stage.raster.assembly import Assembler
from kinema.stage.raster.resolve import DEPTH, FIELDS, Surfels
from kinema.stage.raster.triangles import View, see
from kinema.stage.raster.visibility import SAMPLES, draw

FINER = 2  # samples across a pixel
END = 2000.0  # metres after which nothing thickens, as in the preview
HG = (1.36, 1.2, 0.16, 0.05)  # forward scattering round the key light, as in the preview


@dataclass(frozen=True, eq=False)
class Veil:
    """through (H, W, 1): share of the light behind that comes through · veil (H, W, 3): light the fog adds."""

    through: F32
    veil: F32

    def over(self, picture: F32) -> F32:
        """The picture (H, W, 3) seen through the fog."""
        return np.asarray(picture * self.through + self.veil, np.float32)


class FogMaker:
    """Fog of frames; keeps the sky's mean and still geometry between them."""

    def __init__(self) -> None:
        self._assembler = Assembler()

    def veil(self, frame: SceneFrame) -> Veil:
        """What lies between the eye and the picture; nothing where a frame has no fog."""
        height, width = frame.camera.height, frame.camera.width
        if frame.fog is None:
            return Veil(np.ones((height, width, 1), np.float32), np.zeros((height, width, 3), np.float32))
        view = _finer(view_of(frame.camera))
        geometry = self._assembler.assemble(frame)
        nearness = draw(geometry, view, see(geometry, view), SAMPLES[:1]).inverse_depth.reshape(-1)
        x, y = middles_of(view)
        rays = np.linalg.inv(view.matrix) @ np.stack([x, y, np.ones_like(x)])  # (3, N)
        solid = nearness > 0.0
        depth = np.where(solid, 1.0 / np.maximum(nearness, 1e-9), 1.0)
        place = (rays * depth).astype(np.float32)
        through, added = _formula(frame, view, place, solid)
        values = np.zeros((FIELDS, len(x)), np.float32)
        values[:3] = place
        values[DEPTH] = np.where(solid, depth, np.inf)
        reach = float(np.clip(3.0 * frame.camera.focus, 10.0, 40.0))
        lamps, _ = lamp_rows(frame.lamps, frame.camera, reach)
        points = Surfels(values, np.where(solid, 0, -1).astype(np.int32), x, y)
        added = added + lamp_glow(points, view.position, frame.fog, lamps) * np.asarray(frame.fog.colour)
        return Veil(_mean(through[:, None], height, width), _mean(added, height, width))


def _formula(frame: SceneFrame, view: View, place: F32, solid: F32) -> tuple[F32, F32]:
    """Transmission (N,) and scattered sky and key light (N, 3), as compose in the preview has them."""
    about = scenery(frame.key_light, sky_light(frame.sky), frame.fog, view)
    dense, thin, haze = about.fog[0], about.fog[1], about.fog[2:]
    far = np.linalg.norm(place, axis=0)
    towards = place / far
    away = np.where(solid, np.minimum(far, END), END)
    rise = towards[2] * away * thin * 0.5
    thick = dense * away / (rise + np.sqrt(1.0 + rise * rise)) / 16.0
    through = (1.0 + thick) ** -16.0
    aim = HG[0] - HG[1] * (about.key[:3] @ towards)
    forward = HG[2] / (aim * np.sqrt(aim)) + HG[3]
    light = about.sky.mean + about.key[3:] * forward[:, None]
    return through, (1.0 - through)[:, None] * haze * light


def _finer(view: View) -> View:
    return replace(
        view, width=view.width * FINER, height=view.height * FINER, focal=view.focal * FINER,
        centre=(view.centre[0] * FINER, view.centre[1] * FINER),
    )  # fmt: skip


def _mean(values: F32, height: int, width: int) -> F32:
    shaped = values.reshape(height, FINER, width, FINER, -1)
    return np.ascontiguousarray(shaped.mean((1, 3)), np.float32)
