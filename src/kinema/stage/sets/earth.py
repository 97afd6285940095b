"""What ground is made of: dirt road, forest floor, rock, snow, as repeating textures."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kinema.buffers.scene_frame import F32, Colour, Material, Texture
from kinema.stage.cache import kept
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.sets.noise import Noise, smooth

SIZE = 512
MATT = 0.92  # roughness: smoother ground turns white towards a low sun, as wet ground does
ROAD_SPAN = (9.2, 18.4)  # metres a repeat covers, across and along
FLOOR_SPAN, ROCK_SPAN = 5.0, 6.0
TRACK = 0.80  # metres from the middle of the road to the middle of a wheel track
TRACK_WIDTH = 0.34


def _grid(width: int, height: int) -> tuple[F32, F32]:
    """u right and v up in 0 to 1, row 0 at v = 1."""
    u = ((np.arange(width) + 0.5) / width)[None, :].astype(np.float32)
    v = (1 - (np.arange(height) + 0.5) / height)[:, None].astype(np.float32)
    return u, v


def _mix(a: NDArray[np.floating] | Colour, b: NDArray[np.floating] | Colour, weight: NDArray[np.floating]) -> F32:
    return np.asarray(np.asarray(a) * (1 - weight[..., None]) + np.asarray(b) * weight[..., None], np.float32)


def _texture(key: str, colour: F32, relief: F32) -> Texture:
    return Texture(key, albedo=encoded(colour), height=(np.clip(relief, 0, 1) * 255 + 0.5).astype(np.uint8))


def _speckle(seed_name: str, width: int, height: int, count: int, sizes: tuple[float, float]) -> tuple[F32, F32]:
    """Stones strewn on a sheet: coverage and relief (H, W), repeating."""
    rng = chance(0, seed_name, "stones")
    picture = Image.new("L", (width * 2, height * 2))
    draw = ImageDraw.Draw(picture)
    for _ in range(count):
        x, y = rng.uniform(0, 2 * width), rng.uniform(0, 2 * height)
        radius = sizes[0] * (sizes[1] / sizes[0]) ** (rng.random() ** 2.2)
        turn, flat, light = rng.uniform(0, np.pi), rng.uniform(0.6, 0.95), int(rng.uniform(90, 255))
        angle = np.linspace(0, 2 * np.pi, 9)[:-1] + rng.normal(0, 0.2, 8)
        px, py = np.cos(angle) * radius * 2, np.sin(angle) * radius * 2 * flat
        corners = np.stack([px * np.cos(turn) - py * np.sin(turn), px * np.sin(turn) + py * np.cos(turn)], -1)
        for dx in (-2 * width, 0, 2 * width):
            for dy in (-2 * height, 0, 2 * height):
                if abs(x + dx - width) < width + 30 and abs(y + dy - height) < height + 30:
                    draw.polygon([(x + dx + a, y + dy + b) for a, b in corners], fill=light)
    tone = np.asarray(picture, np.float32).reshape(height, 2, width, 2).mean((1, 3)) / 255
    return smooth(0.02, 0.35, tone), tone


@functools.cache
def dirt_road() -> Material:
    """Two worn wheel tracks with a grassy crown between and litter creeping in from ragged edges."""
    return kept("earth", "dirt_road", _dirt_road)


@functools.cache
def snowed_road() -> Material:
    """The same road under snow, which wheels have worn through in its tracks."""
    return kept("earth", "snowed_road", _snowed_road)


def _dirt_road() -> Material:
    width, height = SIZE, SIZE * 2
    u, v = _grid(width, height)
    noise = Noise.of(0, "road", "dirt")
    metres = _across(noise, u, v)
    fine = noise.sum(u * 64, v * 128, 3, 0.6, 64, 128)
    broad = noise.sum(u * 8, v * 16, 4, 0.55, 8, 16)
    track = np.exp(-(((np.abs(metres) - TRACK) / TRACK_WIDTH) ** 2))
    crown = np.exp(-((metres / 0.30) ** 4))
    edge = smooth(2.35, 3.7, np.abs(metres) + 0.75 * broad)
    stones, tone = _speckle("road", width, height, 5200, (0.8, 6.5))
    stones = stones * (1 - 0.85 * track) * (1 - 0.5 * edge)
    colour = np.broadcast_to(np.asarray((0.365, 0.280, 0.190), np.float32), (height, width, 3))
    colour = colour * (1 + 0.42 * broad + 0.34 * fine)[..., None]
    colour = _mix(colour, colour * np.asarray((1.72, 1.66, 1.56)), track * 0.92)
    tread = 0.5 + 0.5 * np.sin(2 * np.pi * (v * 160 + 6 * np.abs(np.abs(metres) - TRACK)))
    colour = colour * (1 - 0.22 * track * tread * smooth(-0.2, 0.4, broad))[..., None]
    colour = _mix(colour, (0.13, 0.12, 0.045), crown * smooth(0.0, 0.5, 0.36 + broad + 0.5 * fine) * 0.9)
    colour = _mix(colour, (0.36, 0.30, 0.235), stones * 0.7 * (0.3 + tone))
    # The edges are the forest's own floor, laid at its own scale, so that no line shows where the two meet.
    floor, floor_relief = _litter()
    place = _on_floor(u, v)
    colour = _mix(colour, floor[place], edge)
    stones = stones * (1 - edge)
    relief = 0.42 - 0.20 * track * (1 - 0.4 * tread) + 0.14 * crown + 0.10 * fine + 0.10 * broad + 0.34 * stones * tone
    relief = relief * (1 - edge) + floor_relief[place] * edge
    return Material("dirt_road", (1, 1, 1), roughness=MATT, bump=0.07, texture=_texture("earth/road", colour, relief))


def _across(noise: Noise, u: F32, v: F32) -> F32:
    """Metres from the middle of the road, which wanders a little."""
    return np.asarray((u - 0.5) * ROAD_SPAN[0] + 0.22 * noise.sum(u * 4, v * 8, 3, period=4, upward=8), np.float32)


def _on_floor(u: F32, v: F32) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Rows and columns, of a texture that repeats every FLOOR_SPAN, at the places of the road's own."""
    row = ((1 - v) * ROAD_SPAN[1] / FLOOR_SPAN * SIZE).astype(int) % SIZE
    return row, (u * ROAD_SPAN[0] / FLOOR_SPAN * SIZE).astype(int) % SIZE


def _snowed_road() -> Material:
    u, v = _grid(SIZE, SIZE * 2)
    noise = Noise.of(0, "road", "dirt")
    away = np.abs(np.abs(_across(noise, u, v)) - TRACK)
    broad, fine = noise.sum(u * 8, v * 16, 4, 0.55, 8, 16), noise.sum(u * 64, v * 128, 3, 0.6, 64, 128)
    trodden = np.exp(-((away / (1.5 * TRACK_WIDTH)) ** 4)) * smooth(-0.9, 0.2, broad)
    worn = np.exp(-((away / TRACK_WIDTH) ** 2)) * smooth(-0.30, 0.35, broad + 0.5 * fine + 0.1)
    fallen, drifts = (part[_on_floor(u, v)] for part in _drifts())
    colour = _mix(fallen, (0.50, 0.50, 0.51), 0.6 * trodden)
    colour = _mix(colour, np.array((0.24, 0.185, 0.135)) * (1 + 0.3 * fine)[..., None], 0.85 * worn)
    relief = drifts - 0.22 * trodden + 0.08 * fine * worn
    texture = _texture("earth/snowed", colour, relief)
    return Material("snowed_road", (1, 1, 1), roughness=MATT, bump=0.10, texture=texture)


@functools.cache
def forest_floor() -> Material:
    """Fallen needles over soil, with moss and small plants between."""
    return kept("earth", "forest_floor", _forest_floor)


def _forest_floor() -> Material:
    texture = _texture("earth/floor", *_litter())
    return Material("forest_floor", (1, 1, 1), roughness=MATT, bump=0.05, texture=texture)


@functools.cache
def turf() -> Material:
    """Tussocks of grass over the forest's soil, of the floor's own mean colour, so that the two meet without a line."""
    return kept("earth", "turf", lambda: _like_floor("turf", *_grassed()))


@functools.cache
def cut_bank() -> Material:
    """Earth that a road was cut into: rills that run down (along u), stones, roots; of the floor's mean colour too."""
    return kept("earth", "cut_bank", lambda: _like_floor("cut_bank", *_washed()))


def _like_floor(name: str, colour: F32, relief: F32) -> Material:
    floor, _ = _litter()
    colour = colour * (floor.mean((0, 1)) / colour.mean((0, 1)))
    texture = _texture(f"earth/{name}", colour, relief)
    return Material(name, (1, 1, 1), roughness=MATT, bump=0.06, texture=texture)


def _grassed() -> tuple[F32, F32]:
    """Colour and relief of turf: blades in clumps, light where they bend over, dark where the soil shows between."""
    u, v = _grid(SIZE, SIZE)
    noise = Noise.of(0, "floor", "turf")
    clumps = noise.sum(u * 16, v * 16, 2, 0.5, 16) + 0.5 * noise.at(u * 4, v * 4, 4)
    cover, light = _strewn("blades", 15000, (8, 26))
    blades = cover * (1.6 * light - 0.4) - 0.6 * (1 - cover)
    high = smooth(-0.75, 0.95, 0.7 * clumps + 0.9 * blades)
    colour = _mix((0.060, 0.048, 0.030), (0.135, 0.120, 0.075), high)
    dry = smooth(0.15, 0.55, noise.sum(u * 8 + 2.3, v * 8, 3, 0.6, 8) + 0.3 * blades)
    colour = _mix(colour, (0.24, 0.185, 0.095), dry * high * 0.7)
    return colour, np.asarray(0.15 + 0.75 * high, np.float32)


def _washed() -> tuple[F32, F32]:
    """Colour and relief of a cut bank."""
    u, v = _grid(SIZE, SIZE)
    noise = Noise.of(0, "bank", "earth")
    bend = 0.035 * noise.sum(u * 4, v * 4, 3, period=4)
    rills = 1 - 1.8 * np.abs(noise.sum(u * 4, (v + bend) * 16, 3, 0.55, 4, 16))
    fine = noise.sum(u * 32, v * 64, 3, 0.6, 32, 64)
    broad = noise.sum(u * 4 + 1.3, v * 4, 4, 0.55, 4)
    high = np.clip(0.55 * rills + 0.25 * broad + 0.22 * fine + 0.35, 0, 1)
    colour = _mix((0.055, 0.040, 0.030), (0.175, 0.115, 0.070), smooth(0.15, 0.95, high))
    stones, tone = _speckle("bank", SIZE, SIZE, 1700, (1.0, 9.0))
    colour = _mix(colour, (0.20, 0.165, 0.135), stones * (0.35 + 0.5 * tone))
    root = smooth(0.030, 0.008, np.abs(noise.sum(u * 2 + 7, (v + 2.5 * bend) * 8, 3, 0.5, 2, 8)))
    colour = _mix(colour, (0.050, 0.034, 0.024), root * 0.65)
    return colour, np.asarray(0.75 * high + 0.30 * stones * tone + 0.12 * root, np.float32)


@functools.cache
def _litter() -> tuple[F32, F32]:
    """Colour (SIZE, SIZE, 3) and relief of the forest floor."""
    u, v = _grid(SIZE, SIZE)
    noise = Noise.of(0, "floor", "litter")
    broad = noise.sum(u * 4, v * 4, 5, 0.55, 4)
    fine = noise.sum(u * 64, v * 64, 3, 0.6, 64)
    colour = _mix((0.060, 0.036, 0.020), (0.165, 0.100, 0.055), smooth(-0.6, 0.6, fine + broad))
    strokes, ages = _strewn("needles", 5200, (5, 18))
    straw = _mix((0.20, 0.115, 0.055), (0.29, 0.205, 0.115), ages)
    colour = _mix(colour, straw, strokes * 0.65)
    green = smooth(0.05, 0.45, noise.sum(u * 4 + 1.7, v * 4, 4, 0.5, 4)) * smooth(-0.5, 0.3, fine)
    colour = _mix(colour, (0.085, 0.120, 0.030), green * 0.85)
    return colour, np.asarray(0.45 + 0.18 * broad + 0.15 * fine + 0.25 * strokes, np.float32)


def _strewn(what: str, count: int, sizes: tuple[float, float]) -> tuple[F32, F32]:
    """Short strokes, such as fallen needles, twice as many pixels long: coverage and age (SIZE, SIZE), repeating."""
    rng = chance(0, "floor", what)
    cover, age = Image.new("L", (SIZE * 2, SIZE * 2)), Image.new("L", (SIZE * 2, SIZE * 2), 128)
    draws = ImageDraw.Draw(cover), ImageDraw.Draw(age)
    for _ in range(count):
        x, y = rng.uniform(0, 2 * SIZE, 2)
        turn, size, old = rng.uniform(0, np.pi), rng.uniform(*sizes), int(rng.uniform(0, 255))
        dx, dy = np.cos(turn) * size, np.sin(turn) * size
        for ox in (-2 * SIZE, 0, 2 * SIZE):
            for oy in (-2 * SIZE, 0, 2 * SIZE):
                ends = [(x + ox, y + oy), (x + ox + dx, y + oy + dy)]
                if max(abs(ends[0][0] - SIZE), abs(ends[0][1] - SIZE)) < SIZE + sizes[1]:
                    draws[0].line(ends, 255, 2)
                    draws[1].line(ends, old, 3)
    halves = [np.asarray(p, np.float32).reshape(SIZE, 2, SIZE, 2).mean((1, 3)) / 255 for p in (cover, age)]
    return halves[0], halves[1]


@functools.cache
def rock() -> Material:
    """Grey stone: strata, cracks and lichen."""
    return kept("earth", "rock", _rock)


def _rock() -> Material:
    u, v = _grid(SIZE, SIZE)
    noise = Noise.of(0, "rock", "stone")
    warp = noise.sum(u * 4, v * 4, 4, 0.5, 4)
    strata = noise.sum(u * 4 + 0.5 * warp, v * 12 + 1.2 * warp, 6, 0.6, 4, 12)
    crack = smooth(0.022, 0.0, np.abs(noise.sum(u * 4 + 0.4 * warp, v * 4, 6, 0.66, 4)))
    rough = noise.sum(u * 16, v * 16, 5, 0.68, 16)
    colour = _mix((0.135, 0.125, 0.115), (0.31, 0.285, 0.255), smooth(-0.8, 0.8, 0.7 * strata + 0.7 * rough))
    colour = _mix(colour, (0.06, 0.055, 0.05), crack * 0.3)
    lichen = smooth(0.25, 0.5, noise.sum(u * 8 + 3.1, v * 8, 5, 0.66, 8))
    colour = _mix(colour, (0.26, 0.26, 0.15), lichen * 0.35)
    relief = 0.5 + 0.20 * strata - 0.05 * crack + 0.20 * rough
    return Material("rock", (1, 1, 1), roughness=MATT, bump=0.05, texture=_texture("earth/rock", colour, relief))


@functools.cache
def snow() -> Material:
    """Wind-packed snow: low drifts and a grain."""
    return kept("earth", "snow", _snow)


def _snow() -> Material:
    texture = _texture("earth/snow", *_drifts())
    return Material("snow", (1, 1, 1), roughness=MATT, bump=0.12, subsurface=0.3, texture=texture)


@functools.cache
def _drifts() -> tuple[F32, F32]:
    """Colour (SIZE, SIZE, 3) and relief of snow."""
    u, v = _grid(SIZE, SIZE)
    noise = Noise.of(0, "snow", "drift")
    warp = noise.sum(u * 4, v * 4, 3, 0.5, 4)
    drift = noise.sum(u * 8 + warp, v * 4, 4, 0.5, 8, 4)
    fine = noise.sum(u * 64, v * 64, 2, 0.6, 64)
    colour = _mix((0.66, 0.70, 0.77), (0.88, 0.89, 0.91), smooth(-0.5, 0.5, drift + 0.2 * fine))
    return colour, np.asarray(0.5 + 0.3 * drift + 0.06 * fine, np.float32)
