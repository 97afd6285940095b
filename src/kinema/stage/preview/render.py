"""Scene frames to shaded pictures."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, U8, Camera, SceneFrame
from kinema.stage.preview.light import shade
from kinema.stage.preview.tone import developed
from kinema.stage.raster.assembly import Assembler
from kinema.stage.raster.resolve import Surfels, surfels
from kinema.stage.raster.triangles import View, see
from kinema.stage.raster.visibility import SAMPLES, draw


def view_of(camera: Camera) -> View:
    """The projection of a scene camera."""
    return View(
        camera.width, camera.height, camera.focal, camera.centre, np.asarray(camera.position, np.float64),
        np.asarray(camera.rotation, np.float64),
    )  # fmt: skip


class Renderer:
    """Renders a take's frames in order; keeps what stands still between them."""

    def __init__(self) -> None:
        self._assembler = Assembler()

    def radiance(self, frame: SceneFrame) -> F32:
        """(H, W, 3) linear, anti-aliased."""
        geometry = self._assembler.assemble(frame)
        view, before = view_of(frame.camera), view_of(frame.previous_camera)
        triangles = see(geometry, view)
        visibility = draw(geometry, view, triangles)
        total = np.zeros((view.height, view.width, 3), np.float32)
        for sample, (dx, dy) in enumerate(SAMPLES):
            rows, columns = np.indices((view.height, view.width), np.float32)
            x, y = (columns + dx).ravel(), (rows + dy).ravel()
            points = surfels(geometry, view, before, triangles, x, y, visibility.triangle[sample].ravel())
            total += shade(frame, points).reshape(total.shape)
        return np.asarray(total / np.float32(len(SAMPLES)))


def still(frame: SceneFrame) -> U8:
    """(H, W, 3) sRGB picture of one frame, under a neutral tone curve: for looking at."""
    return developed(Renderer().radiance(frame))


__all__ = ["Renderer", "Surfels", "still", "view_of"]
