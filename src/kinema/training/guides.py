"""What a path-traced picture still needs: guides for its denoiser, and fog by the preview's own formula.

Both are drawn finer than the picture and averaged, so that they mix at edges as its samples do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.scene_frame import F32, SceneFrame
from kinema.stage.preview.fog import lamp_glow
from kinema.stage.preview.lamps import lamp_rows
from kinema.stage.preview.render import view_of
from kinema.stage.preview.sky import sky_light
from kinema.stage.preview.soft import scenery
from kinema.stage.raster.assembly import Assembler
from kinema.stage.raster.resolve import ALBEDO, NORMAL, Surfels, surfels
from kinema.stage.raster.triangles import View, see
from kinema.stage.raster.visibility import SAMPLES, draw

FINER = 2  # samples across a pixel
END = 2000.0  # metres after which nothing thickens, as in the preview
HG = (1.36, 1.2, 0.16, 0.05)  # forward scattering round the key light, as in the preview


@dataclass(frozen=True, eq=False)
class Guides:
    """albedo, normal (H, W, 3) · through (H, W, 1): share of the light behind that the fog lets through ·
    veil (H, W, 3): light the fog adds."""

    albedo: F32
    normal: F32
    through: F32
    veil: F32


class GuideMaker:
    """Guides of frames; keeps still geometry between them."""

    def __init__(self) -> None:
        self._assembler = Assembler()

    def guides(self, frame: SceneFrame) -> Guides:
        """Everything of one frame."""
        height, width = frame.camera.height, frame.camera.width
        view = _finer(view_of(frame.camera))
        geometry = self._assembler.assemble(frame)
        triangles = see(geometry, view)
        record = draw(geometry, view, triangles, SAMPLES[:1]).triangle[0].reshape(-1)
        points = surfels(geometry, view, view, triangles, *_middles(view), record)
        through, veil = _fog(frame, view, points)
        albedo = np.minimum(points.values[ALBEDO : ALBEDO + 3].T, 1.0)
        fine = (albedo, points.values[NORMAL : NORMAL + 3].T, through[:, None], veil)
        return Guides(*(_mean(values, height, width) for values in fine))


def _fog(frame: SceneFrame, view: View, points: Surfels) -> tuple[F32, F32]:
    """Transmission (N,) and added light (N, 3); all and nothing where a frame has no fog."""
    if frame.fog is None:
        return np.ones(len(points.x), np.float32), np.zeros((len(points.x), 3), np.float32)
    through, veil = _formula(frame, view, points)
    reach = float(np.clip(3.0 * frame.camera.focus, 10.0, 40.0))
    lamps, _ = lamp_rows(frame.lamps, frame.camera, reach)
    glow = lamp_glow(points, view.position, frame.fog, lamps) * np.asarray(frame.fog.colour, np.float32)
    return through, veil + glow


def _formula(frame: SceneFrame, view: View, points: Surfels) -> tuple[F32, F32]:
    """Transmission (N,) and scattered sky and key light (N, 3), as compose in the preview has them."""
    about = scenery(frame.key_light, sky_light(frame.sky), frame.fog, view)
    dense, thin, haze = about.fog[0], about.fog[1], about.fog[2:]
    place = points.values[:3]
    far = np.linalg.norm(place, axis=0)
    towards = place / far
    away = np.where(points.surface >= 0, np.minimum(far, END), END)
    rise = towards[2] * away * thin * 0.5
    thick = dense * away / (rise + np.sqrt(1.0 + rise * rise)) / 16.0
    through = (1.0 + thick) ** -16.0
    aim = HG[0] - HG[1] * (about.key[:3] @ towards)
    forward = HG[2] / (aim * np.sqrt(aim)) + HG[3]
    light = about.sky.mean + about.key[3:6] * forward[:, None]
    return through, (1.0 - through)[:, None] * haze * light


def _finer(view: View) -> View:
    return replace(
        view, width=view.width * FINER, height=view.height * FINER, focal=view.focal * FINER,
        centre=(view.centre[0] * FINER, view.centre[1] * FINER),
    )  # fmt: skip


def _middles(view: View) -> tuple[F32, F32]:
    rows, columns = np.indices((view.height, view.width), np.float32).reshape(2, -1)
    return columns + np.float32(0.5), rows + np.float32(0.5)


def _mean(values: F32, height: int, width: int) -> F32:
    shaped = values.reshape(height, FINER, width, FINER, -1)
    return np.ascontiguousarray(shaped.mean((1, 3)), np.float32)
