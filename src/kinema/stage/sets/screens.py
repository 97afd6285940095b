"""Screens: short animated programmes for LED walls, as a loop of prebuilt pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, U8, Colour, Mesh
from kinema.stage.chance import chance
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.lettering import blend, write
from kinema.stage.sets.signs import Sheet
from kinema.stage.sets.street_style import Scheme, Style, pick
from kinema.stage.sets.textures import step

FRAMES = 24  # two scenes of a dozen, each with a word of its own
SCENE = FRAMES // 2
RATE = 8.0  # pictures a second: a scene's ground comes round in a second and a half
ROUNDS = 3  # of the ground to a scene, so that its word stands four and a half seconds: long enough to be read
WORD, SHADE = (255, 250, 238), (8, 4, 8)
LONG = 196  # pixels of the longer side: 24 pictures share a sheet

Programme = Callable[[F32, F32, float, Scheme], F32]


def rings(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """Rings opening from a low sun like ripples on water, one a loop."""
    reach = np.hypot(x, 1.7 * (y + 0.35))
    wave = (reach * 1.9 - turn) % 1.0
    return mixed(step(0.0, 0.6, wave) * (1.0 - step(0.6, 1.0, wave)) * np.exp(-0.7 * reach), scheme)


def waves(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """Silk: folded sines drifting across."""
    phase = 2.0 * np.pi * turn
    fold = np.sin(3.0 * x + phase + 1.6 * np.sin(2.2 * y + phase)) + np.sin(4.1 * y - phase + 1.3 * np.sin(2.7 * x))
    return mixed(np.asarray(0.5 + 0.25 * fold, np.float32) ** 1.4, scheme)


def bars(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """An equaliser of fourteen columns."""
    column = np.floor((x + 1.5) * 7.0)
    top = 0.15 + 0.55 * np.abs(np.sin(column * 1.7 + 2.0 * np.pi * turn) * np.sin(column * 0.6 + 4.0 * np.pi * turn))
    lit = (y + 0.9 < 1.7 * top) & ((x + 1.5) * 7.0 % 1.0 > 0.18) & ((y + 2.0) * 12.0 % 1.0 > 0.2)
    return mixed(lit.astype(np.float32), scheme, 0.5)


def ribbons(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """Three ribbons of light crossing each other."""
    light = np.zeros_like(x)
    for k in range(3):
        line = 0.5 * np.sin(2.3 * x + 2.0 * np.pi * (turn + k / 3.0)) + 0.35 * np.sin(1.1 * x - 4.0 * np.pi * turn + k)
        light = light + np.exp(-(((y - line) / (0.1 + 0.05 * k)) ** 2))
    return mixed(np.minimum(light, 1.0), scheme, 0.5)


def shoal(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """Discs of light rising like bubbles."""
    light = np.zeros_like(x)
    for k in range(16):  # in four columns, where each takes the next one's place
        column = k % 4
        cx = -0.95 + 0.62 * column + 0.06 * np.sin(2.0 * np.pi * (turn + column * 0.37))
        cy = -1.3 + 2.6 * ((k // 4 + column * 0.3 + turn) / 4.0 % 1.0)
        size = 0.08 + 0.04 * column
        light = np.maximum(light, 1.0 - step(size * 0.7, size, np.hypot(x - cx, y - cy)))
    return mixed(light, scheme, 0.5)


PROGRAMMES: tuple[Programme, ...] = (rings, waves, bars, ribbons, shoal)


def mixed(share: NDArray[np.floating], scheme: Scheme, floor: float = 0.6) -> F32:
    """Ground where share (H, W) is 0, accent where it is 1; the ground dimmed to floor."""
    s = np.asarray(share, np.float32)[..., None]
    return np.asarray(np.array(scheme.ground) * floor * (1.0 - s) + np.array(scheme.accent) * s, np.float32)


@dataclass(frozen=True, eq=False)
class Screen:
    """A screen that stands: one mesh for every picture of its loop, all on one sheet, and the mean light of each.

    Pictures differ by where on the sheet they are, not by texture, so a renderer need not load anything as it plays.
    """

    meshes: tuple[Mesh, ...]
    frames: tuple[Frame, ...]
    metres: tuple[float, float]
    glows: tuple[Colour, ...]

    def picture(self, time: float) -> int:
        """Which picture shows at a time, in seconds."""
        count = int(np.floor(time * RATE))
        return count // (SCENE * ROUNDS) % 2 * SCENE + count % SCENE


def screen(
    seed: int, name: str, style: Style, frames: Sequence[Frame], metres: tuple[float, float], emission: float
) -> Screen:
    """Screens of one size (m) and one programme by lot, their lower left corners at the frames' origins."""
    sheet = Sheet(f"{name}_{style.name}_{seed}", emission, roughness=0.3)
    prints = [sheet.put(picture) for picture in programme(seed, name, style, metres)]
    meshes = []
    for k, shown in enumerate(prints):
        wall = Assembly(f"{name}_{style.name}_{seed}_{k}")
        for frame in frames:
            wall.panel(frame, (0.0, 0.0), metres, 0.0, shown.material, shown.uv)
        meshes.append(wall.mesh())
    return Screen(tuple(meshes), tuple(frames), metres, tuple(shown.glow for shown in prints))


def programme(seed: int, name: str, style: Style, metres: tuple[float, float]) -> list[U8]:
    """FRAMES pictures (H, W, 3): two scenes, each a word over a ground that moves and closes to a loop."""
    rng = chance(seed, name, "screen")
    width, height = (round(LONG * side / max(metres)) for side in metres)
    vivid = [scheme for scheme in style.signs if _is_vivid(scheme)] or style.signs
    cool = [scheme for scheme in vivid if scheme.ground[2] > scheme.ground[0]] or vivid
    draws = rng.permutation(len(PROGRAMMES))
    words = rng.permutation(len(style.words("screen")))
    return [
        picture
        for scheme, draw, word in zip((pick(rng, cool), pick(rng, vivid)), draws, words, strict=False)
        for picture in _scene(rng, style, style.words("screen")[word], PROGRAMMES[draw], scheme, (width, height))
    ]


def _scene(
    rng: np.random.Generator, style: Style, word: str, draw: Programme, scheme: Scheme, size: tuple[int, int]
) -> list[U8]:
    """SCENE pictures (H, W, 3) of a word over a programme."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (2.0 * x - width) / max(width, height), (height - 2.0 * y) / max(width, height)
    downwards = style.columns and height > 1.3 * width
    box = (round(0.84 * width), round((0.8 if downwards else 0.44) * height))
    letters = write(word, style.face(rng, "heavy"), box, downwards)
    keep, ink = _stencil(letters, (width, height))
    return [dotted(draw(x, y, k / SCENE, scheme) * keep + ink) for k in range(SCENE)]


def _stencil(letters: U8, size: tuple[int, int]) -> tuple[F32, F32]:
    """What letters (h, w) and their shadow in the middle of a screen leave of its picture (H, W, 1), and what they put
    there (H, W, 3)."""
    width, height = size
    y, x = (height - letters.shape[0]) // 2, (width - letters.shape[1]) // 2
    keep, ink = np.ones((height, width, 3), np.float32), np.zeros((height, width, 3), np.float32)
    for mask, colour, shift in ((np.minimum(letters, 220), SHADE, 2), (letters, WORD, 0)):
        for page, under in ((keep, (0, 0, 0)), (ink, colour)):
            blend(page, mask, under, (x + shift, y + shift))
    return keep[..., :1], ink


def _is_vivid(scheme: Scheme) -> bool:
    """Whether a screen shines in its ground: deep red, pink, orange, blue or green; yellow and white turn to mud."""
    red, green, _ = scheme.ground
    return max(scheme.ground) > 100 and min(scheme.ground) < 70 and not (red > 200 and green > 150)


def dotted(page: F32) -> U8:
    """The fine grid between modules of an LED wall laid over a picture (H, W, 3)."""
    grid = np.ones(page.shape[:2], np.float32)
    grid[::18] *= 0.72
    grid[:, ::18] *= 0.72
    return np.asarray(np.clip(page * grid[..., None], 0, 255), np.uint8)
