"""Milliseconds by stage of raster and preview: a wet night street of about 250,000 triangles and 60 lamps.

Run: python benchmarks/raster.py [--width 1280] [--height 720] [--frames 5]
Prints wall and CPU milliseconds of the median frame, the camera walking and one person moving, after a warm-up.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np

from kinema.buffers.scene_frame import Camera, Fog, KeyLight, Lamp, Material, Mesh, SceneFrame, Sky, Surface, Texture
from kinema.stage.chance import chance
from kinema.stage.preview import frame_light
from kinema.stage.preview import render as rendering
from kinema.stage.raster import kernel as kernels

STAGES = {
    rendering: ("see", "draw", "edge_samples", "surfels", "blend_edges", "pack_pixels", "pack_layer", "glaze", "strew"),
    frame_light: (
        "visibility", "direct", "composed", "occlusion", "openness", "lamp_glow", "blurred", "surfels", "see", "draw",
    ),
}  # fmt: skip


def grid(key: str, corner: np.ndarray, u: np.ndarray, v: np.ndarray, cells: tuple[int, int], matter: Material) -> Mesh:
    """A rectangle from corner along u and v, of so many cells."""
    a, b = np.meshgrid(np.linspace(0, 1, cells[0] + 1), np.linspace(0, 1, cells[1] + 1), indexing="ij")
    positions = corner + a.reshape(-1, 1) * u + b.reshape(-1, 1) * v
    normal = np.cross(u, v) / np.linalg.norm(np.cross(u, v))
    i, j = np.meshgrid(np.arange(cells[0]), np.arange(cells[1]), indexing="ij")
    first = (i * (cells[1] + 1) + j).ravel()
    step = cells[1] + 1
    faces = np.concatenate(
        [np.stack([first, first + step, first + step + 1], 1), np.stack([first, first + step + 1, first + 1], 1)]
    )
    uv = np.stack([a.ravel() * np.linalg.norm(u), b.ravel() * np.linalg.norm(v)], 1) * 0.25
    return Mesh(
        key, faces.astype(np.int32), positions.astype(np.float32),
        np.tile(normal, (len(positions), 1)).astype(np.float32), (matter,), uv=uv.astype(np.float32),
    )  # fmt: skip


def capsule(key: str, radius: float, length: float, rings: int, matter: Material) -> Mesh:
    """A standing capsule around the origin."""
    t, p = np.meshgrid(np.linspace(0, np.pi, rings + 1), np.linspace(0, 2 * np.pi, 2 * rings + 1), indexing="ij")
    normals = np.stack([np.sin(t) * np.cos(p), np.sin(t) * np.sin(p), np.cos(t)], -1).reshape(-1, 3)
    positions = normals * radius + np.array([0, 0, length / 2]) * np.sign(normals[:, 2:])
    i, j = np.meshgrid(np.arange(rings), np.arange(2 * rings), indexing="ij")
    step = 2 * rings + 1
    first = (i * step + j).ravel()
    faces = np.concatenate(
        [np.stack([first, first + step, first + step + 1], 1), np.stack([first, first + step + 1, first + 1], 1)]
    )
    return Mesh(key, faces.astype(np.int32), positions.astype(np.float32), normals.astype(np.float32), (matter,))


def standing(x: float, y: float, z: float) -> np.ndarray:
    """The transform that puts something at (x, y, z)."""
    transform = np.eye(4)
    transform[:3, 3] = x, y, z
    return transform


def street() -> tuple[list[Surface], list[Lamp]]:
    """Ground, houses, signs, ten people; the first surface is the one that walks."""
    random = chance(1, "street", "bench")
    noise = random.integers(0, 255, (256, 256), dtype=np.uint8)
    wet = Texture("wet", np.repeat(noise[..., None], 3, 2) // 3 + 60, None, noise, noise // 2)
    asphalt = Material("asphalt", (0.3, 0.3, 0.3), 0.3, bump=0.01, texture=wet)
    plaster = Texture("wall", np.repeat(noise[..., None], 3, 2) // 2 + 90)
    wall = Material("wall", (0.5, 0.47, 0.42), 0.8, texture=plaster)
    surfaces = []
    for number in range(10):
        matter = Material(f"cloth{number}", tuple(random.uniform(0.05, 0.6, 3)), 0.3)
        body = capsule(f"body{number}", 0.25, 1.2, 48, matter)
        surfaces.append(Surface(body, standing(random.uniform(-4, 4), 3.0 + 2.0 * number, 0.85), number + 1, 1))
    low, lamps = np.array([-8.0, -10.0, 0.0]), []
    ground = grid("ground", low, np.array([16.0, 0, 0]), np.array([0, 100.0, 0]), (40, 200), asphalt)
    surfaces.append(Surface(ground, np.eye(4), 20, 2))
    for number in range(20):
        side = 1.0 if number % 2 else -1.0
        y, height = -8.0 + 8.0 * (number // 2), random.uniform(8, 20)
        along = np.array([0, -7.6 * side, 0])
        corner = np.array([8.0 * side, y + (7.6 if side > 0 else 0.0), 0.0])
        house = grid(f"house{number}", corner, along, np.array([0, 0, height]), (60, 50), wall)
        surfaces.append(Surface(house, np.eye(4), 30 + number, 3))
        for sign in range(3):
            glow = tuple(random.uniform(0.2, 4.0, 3))
            place = (side * 7.3, y + 2.0 * sign + 1.0, random.uniform(2.5, 7.0))
            panel = grid(
                f"sign{number}.{sign}", np.array([-0.6, 0, -0.8]), np.array([1.2, 0, 0]), np.array([0, 0, 1.6]), (4, 4),
                Material(f"sign{number}.{sign}", (0, 0, 0), 0.5, emission=glow),
            )  # fmt: skip
            surfaces.append(Surface(panel, standing(*place), 60 + number, 4))
            lamps.append(Lamp(place, glow, 0.5, (0.0, -1.0, 0.0), stands_for_surface=True))
    return surfaces, lamps


def frames(width: int, height: int, count: int) -> list[SceneFrame]:
    """A walk down the street."""
    surfaces, lamps = street()
    sky = Sky("night", np.full((64, 128, 3), 0.02, np.float32))
    rotation = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
    shots = []
    for index in range(count):
        camera = Camera(width, height, width * 0.9, np.array([0.0, -4.0 + 0.05 * index, 1.6]), rotation, focus=6.0)
        earlier = shots[-1].camera if shots else camera
        walker = surfaces[0]
        before = walker.transform @ standing(0, -0.05 * (index - 1), 0)
        walker = replace(walker, transform=walker.transform @ standing(0, -0.05 * index, 0), previous_transform=before)
        shots.append(
            SceneFrame(
                index / 24, 1 / 24, camera, earlier, (walker, *surfaces[1:]), sky,
                KeyLight((0.3, -0.5, 0.81), (0.05, 0.06, 0.08)), tuple(lamps), (), Fog(0.01), 0.0,
            )
        )  # fmt: skip
    return shots


def timed(module: Any, name: str, wall: dict[str, float], cpu: dict[str, float]) -> None:
    """Wrap a function of the module so that it adds its time to the tables."""
    inner: Callable[..., Any] = getattr(module, name)
    label = f"{module.__name__.rsplit('.', 1)[1]}.{name}"

    @wraps(inner)
    def outer(*args: Any, **kwargs: Any) -> Any:
        w, c = time.perf_counter(), time.thread_time()
        try:
            return inner(*args, **kwargs)
        finally:
            wall[label] += time.perf_counter() - w
            cpu[label] += time.thread_time() - c

    setattr(module, name, outer)


def main() -> None:
    """Render and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option, default in (("--width", 1280), ("--height", 720), ("--frames", 5)):
        parser.add_argument(option, type=int, default=default)
    options = parser.parse_args()
    shots = frames(options.width, options.height, options.frames + 1)
    triangles = sum(len(surface.mesh.faces) for surface in shots[0].surfaces)
    begun = time.perf_counter()
    renderer = rendering.Renderer()
    list(renderer.render(shots[:1]))
    print(f"{triangles} triangles, {len(shots[0].lamps)} lamps, {options.width}x{options.height}")
    print(f"first frame {time.perf_counter() - begun:.1f} s, {kernels.threads()} threads")
    wall: dict[str, float] = defaultdict(float)
    cpu: dict[str, float] = defaultdict(float)
    for module, names in STAGES.items():
        for name in names:
            timed(module, name, wall, cpu)
    begun, spent = time.perf_counter(), time.process_time()
    list(renderer.render(shots[1:]))
    count = options.frames
    wall["all"], cpu["all"] = time.perf_counter() - begun, time.process_time() - spent
    for name in sorted(wall, key=lambda stage: -cpu[stage]):
        print(f"{name:>24} {wall[name] / count * 1e3:8.1f} ms wall {cpu[name] / count * 1e3:8.1f} ms cpu")


if __name__ == "__main__":
    main()
