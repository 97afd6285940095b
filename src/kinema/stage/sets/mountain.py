"""A rocky ridge under a wide sky: a summit to stand on, a skyline to walk, a knoll to meet on, ranges in mist behind.

Seen from -Y, everything that matters stands on the skyline: the ridge runs along X, drops away steeply behind (+Y,
where the moon is) and gently in front, where cameras stand.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F64, Fog, Surface
from kinema.schema.storyboard import Place
from kinema.stage.cache import kept
from kinema.stage.chance import chance
from kinema.stage.cue import Mark, Path
from kinema.stage.sets.earth import FLOOR_SPAN, ROCK_SPAN, forest_floor, rock, snow
from kinema.stage.sets.heavens import moon_disc
from kinema.stage.sets.noise import Noise, smooth
from kinema.stage.sets.ranges import Range
from kinema.stage.sets.scatter import Plant, Stand, kept_off, plant_mesh, seen, stands, strewn, tints
from kinema.stage.sets.sky import CLOSED, build_sky, fog_for, luminary, moon_direction, sun_direction
from kinema.stage.sets.terrain import Patch, grid_mesh
from kinema.stage.sets.weather import weather_particles
from kinema.stage.setting import Moving, Setting

LEAN = -0.17  # metres of y the ridge gives way per metre of x
MEET = 64.0  # x of the knoll's middle
# A figure on the summit faces right and a little towards the camera, so that cameras on its right and front right both
# have the moon in the picture.
FACING = np.radians(-114.0)
# Places of a pack on the knoll: metres past its middle and behind the crest, degrees turned from facing who comes.
# Far enough apart that no tail ends in the next one's head, and none quite as its neighbours.
PACK = (
    (1.7, 0.0, 0.0),
    (3.7, 0.5, -34.0),
    (5.4, -0.2, 172.0),
    (7.1, 0.5, 30.0),
    (8.9, -0.3, -160.0),
    (10.7, 0.2, 12.0),
)
# The rocks they stand on: metres past the middle, half as broad, high
OUTCROPS = (
    (3.7, 0.9, 0.40),
    (5.5, 1.05, 1.15),
    (7.2, 0.85, 0.62),
    (8.9, 0.8, 0.10),
    (10.8, 1.0, 0.45),
    (14.0, 1.6, -0.5),
)
# Ridges behind: distance (m), how high their crests stand over the eye's horizon (degrees), roughness (degrees), and
# how much lower (degrees) they are under the moon
LAYERS = (
    (120.0, -15.5, 2.0, 0.0),
    (200.0, -9.5, 2.2, 0.0),
    (340.0, -5.2, 2.3, 0.0),
    (620.0, -2.3, 2.3, 0.4),
    (1150.0, -0.2, 2.4, 1.2),
    (2300.0, 2.0, 3.0, 2.4),
)
CLOSE_LAYERS = 4  # of them; these bear trees that can be told apart
BOULDERS = (
    (-1.75, 0.75, 0.45), (-2.5, 0.2, 0.6), (-4.9, 0.3, 1.3), (3.3, 1.15, 0.8), (4.4, 1.25, 1.1),
    (6.2, 2.6, 2.0), (8.6, 2.0, 2.1), (11.3, 2.3, 1.3), (22.0, 1.7, 1.6), (50.0, 2.0, 1.4), (57.5, 1.2, 1.9),
    (59.6, 1.5, 1.2), (73.4, 1.1, 0.9), (77.0, 1.2, 2.2),
    (79.4, 1.0, 1.4), (88.0, 0.9, 1.9),
)  # fmt: skip
ROOM = 0.75  # metres beside a way that no stone comes nearer than
MIST = 0.0030  # density (1/m) of the night's air at the summit's height
SNOW_SPAN = 9.0  # metres a repeat of snow covers
# Tints: stone beside snow, and turf beside rock.
BARE, TURF = np.array([0.24, 0.225, 0.20]), np.array([0.40, 0.46, 0.17])
# Trees that frame the summit: species, x, metres behind the crest, size
TREES = (
    ("pine", -3.4, 0.5, 0.26), ("dead", -8.4, 0.4, 0.40), ("fir", -10.2, 0.8, 0.25), ("pine", -12.5, -1.0, 0.46),
    ("dead", 29.0, 3.4, 0.36), ("fir", 51.5, 3.0, 0.36), ("dead", 54.0, 2.2, 0.40),
    ("dead", 74.9, 1.3, 0.30), ("pine", 83.0, 2.4, 0.42), ("fir", 86.5, 3.0, 0.34),
)  # fmt: skip
SNOWY, WOODED = np.array([0.52, 0.58, 0.66]), np.array([0.10, 0.14, 0.13])  # and of ridges behind
# What the ridges' normals lean to: so they stand flat and even, as in mist; true ones would glint in the moon's light.
TO_VIEWER = np.array([0.0, -0.8, 0.3])
# Lines of the ground's grid lie closest about the summit, whose outline is seen from near by.
COLUMNS = np.concatenate(
    [np.linspace(-150, -24, 18)[:-1], np.linspace(-24, -8, 14)[:-1], np.linspace(-8, -4, 13)[:-1],
     np.linspace(-4, 4, 50)[:-1], np.linspace(4, 8, 13)[:-1],
     np.linspace(8, 60, 38)[:-1], np.linspace(60, 78, 48)[:-1], np.linspace(78, 92, 9)[:-1], np.linspace(92, 190, 15)]
)  # fmt: skip
ROWS = np.concatenate(
    [np.linspace(-110, -22, 15)[:-1], np.linspace(-22, -4, 28)[:-1], np.linspace(-4, 3, 27)[:-1],
     np.linspace(3, 10, 11)[:-1], np.linspace(10, 70, 13)]
)  # fmt: skip
# The cliff left of the summit, step by step: x where a step begins and ends, metres down
LEDGES = ((-1.55, -1.95, 0.55), (-2.5, -2.75, 0.5), (-3.9, -4.3, 1.5), (-5.6, -6.1, 2.4))


def build_setting(place: Place, seed: int) -> Setting:
    """The ridge, its summit at the origin. Features: moon, snow, rocks."""
    sky, key = build_sky(place, seed)
    white = "snow" in place.features or place.weather == "snow" or place.season == "winter"
    ground = _Ridge(seed)
    patch = Patch.over(np.broadcast_to(COLUMNS, (len(ROWS), len(COLUMNS))).copy(), ROWS, ground.height)
    growth = [*_trees(seed, patch), *_tufts(seed, patch)]
    still = kept(
        "mountain",
        (seed, white, place.hour),
        lambda: (
            _rock_face(patch, seed, white),
            *_layers(seed, white),
            *_distance(seed, white, place),
            *_stones(seed, patch),
        ),
    )

    moon = moon_direction(place) if place.hour == "night" and "moon" in place.features else None

    def moving(time: float, eye: F64) -> Moving:
        disc = () if moon is None or place.weather in CLOSED else (moon_disc(seed, moon, eye),)
        return Moving((*seen(growth, eye), *disc), weather_particles(place, time, eye, seed))

    marks = _marks(patch, place)
    return Setting(
        surfaces=still,
        sky=sky,
        key_light=key,
        fog=_valley_fog(place),
        paths=_paths(patch),
        marks=marks,
        ground=patch.heights,
        moving=moving,
        vista=marks["peak_view"].yaw,
        luminary=luminary(place),
    )


class _Ridge:
    """Ground height as a function of place."""

    def __init__(self, seed: int) -> None:
        self.noise = Noise.of(seed, "mountain", "relief")

    def height(self, x: F64, y: F64) -> F64:
        """Metres at x, y of any shape; the summit's ledge is at about zero."""
        t = y - crest_y(x)
        behind, front = np.maximum(t - 0.9, 0.0), np.maximum(-t - 0.6, 0.0)
        back = -1.5 * behind**2 / (behind + 2.2)
        slope = -(0.30 * front + 0.0030 * front**2 * smooth(0, 60, front))
        away = np.maximum(behind, 0.8 * front) + 1.1 * np.maximum(np.abs(x - 25) - 70, 0)
        crags = (self.noise.ridges(x / 11 + 4, y / 11, 5) - 0.45) * 3.4 * smooth(1.5, 16, away)
        left = smooth(-3.5, -11, x) * (self.noise.ridges(x / 6 + 1, y / 9 + 8, 4) - 0.55) * 3.2
        rough = self.noise.sum(x / 2.6, y / 2.6, 3) * 0.07 * (1 + 2.0 * smooth(2, 14, away))
        rough = rough + self._broken(x, y)
        # the crest itself climbs over steps of rock, but for the ledge and the knoll
        steps = (self.noise.ridges(x / 13 + 2.7, 0 * x + 6.1, 4) - 0.5) * 1.1 * smooth(3.5, 9, x) * smooth(47, 38, x)
        steps = steps + (self.noise.ridges(x / 4.3, 0.15 * y + 2.2, 3) - 0.5) * 0.4 * smooth(2.4, 5, x) * smooth(
            54, 46, x
        )
        steps = steps + self.noise.sum(x / 4.5, 0 * x + 3.3, 2) * 0.40 * smooth(48, 54, x)  # the knoll is no table
        large = self.noise.sum(x / 60, y / 60, 3) * 5.0 * smooth(10, 45, away)
        return np.asarray(_crest(x) + back + slope + crags + left + rough + large + steps, float)

    def _broken(self, x: F64, y: F64) -> F64:
        """How the rock of the summit and of the knoll is split into slabs that lean: no table to stand on."""
        slabs = (self.noise.ridges(x / 2.3 + 0.7, 0.4 * y + 3.3, 3, 0.6) - 0.55) * 0.30
        summit = np.exp(-((x / 3.2) ** 4)) * (1 - 0.75 * np.exp(-((x / 0.55) ** 4)))
        return np.asarray(slabs * np.maximum(summit, smooth(MEET + 2.4, MEET + 4, x) * smooth(94, 84, x)), float)


def crest_y(x: F64) -> F64:
    """Where the ridge's crest runs."""
    return np.asarray(LEAN * np.asarray(x, float) + 1.1 * np.sin(np.asarray(x, float) / 13.0))


def _crest(x: F64) -> F64:
    """Height of the crest: a ledge that ends in a cliff on the left, a walk down to a saddle, and the knoll."""
    x = np.asarray(x, float)
    ledge = -0.16 * np.maximum(-x - 5, 0) - sum(drop * smooth(begin, end, x) for begin, end, drop in LEDGES)
    down = -5.2 * smooth(1.2, 22, x) - 1.6 * smooth(12, 38, x)
    knoll = 3.6 * smooth(40, 57, x) * smooth(94, 78, x)
    knoll = knoll + sum(high * np.exp(-(((x - MEET - at) / half) ** 4)) for at, half, high in OUTCROPS)
    return np.asarray(ledge + down + knoll - 0.20 * np.maximum(x - 84, 0) * smooth(84, 100, x), float)


def _paths(patch: Patch) -> dict[str, Path]:
    def along(x: F64) -> Path:
        y = crest_y(x)
        return Path(np.stack([x, y, patch.heights(np.stack([x, y], -1))], -1))

    search = along(np.arange(0.0, MEET - 9.0, 0.5))
    return {
        "main": along(np.arange(0.0, MEET + 12.0, 0.5)),
        "search": search,
        "pack_path": along(np.arange(MEET + 36.0, MEET + 4.0, -0.5)),
    }


def _marks(patch: Patch, place: Place) -> dict[str, Mark]:
    def at(x: float, aside: float, yaw: float) -> Mark:
        y = float(crest_y(np.array(x))) + aside
        return Mark((x, y, float(patch.heights(np.array([[x, y]]))[0])), yaw)

    right, left = float(np.radians(-96.0)), float(np.radians(84.0))
    marks = {
        "peak": at(0.0, 0.0, float(FACING)),
        "centre": at(0.0, 0.0, float(FACING)),
        "left": at(-1.4, -0.2, float(FACING)),
        "right": at(1.6, -0.2, float(FACING)),
        "far": at(34.0, 0.0, right),
        "meeting": at(MEET, 0.0, right),
    }
    for number, (ahead, aside, turn) in enumerate(PACK):
        marks[f"pack_{number + 1}"] = at(MEET + ahead, aside, left + float(np.radians(turn)))
    # From here the summit stands before the moon, low and far enough that a figure fits into the glow around it.
    moon = moon_direction(place)
    x, y, z = np.array(marks["peak"].position) + np.array([0, 0, 0.7]) - 20.0 * moon
    marks["peak_view"] = Mark((float(x), float(y), float(z)), float(np.arctan2(-moon[0], moon[1])))
    return marks


def _valley_fog(place: Place) -> Fog | None:
    """Air that thickens below the summit, so that ridges stand in layers; by night mist, with bodies before it."""
    air = fog_for(place)
    if air is None:
        return None
    return Fog(max(air.density, MIST if place.hour == "night" else 0.0012), 48.0, air.colour)


def _covered(patch: Patch, seed: int, white: bool) -> F64:
    """Vertex tints (R, C, 3) of the one material that the ridge has, so that no edge shows where the cover changes:
    on rock, turf on what lies flat; on snow, bare stone where it is steep."""
    places, up = patch.positions, patch.normals()[..., 2]
    noise = Noise.of(seed, "mountain", "cover")
    x, y = places[..., 0], places[..., 1]
    patchy = noise.sum(x / 9, y / 9, 4)
    shade = (1.0 + 0.22 * patchy + 0.10 * noise.sum(x / 2.3, y / 2.3 + 4, 2))[..., None]
    if white:
        drifted = smooth(0.70, 0.88, up + 0.22 * noise.sum(x / 14 + 5, y / 7, 4))[..., None]
        return np.asarray(BARE * shade * (1.0 - drifted) + drifted, float)
    turf = smooth(0.86, 1.06, up + 0.25 * patchy)[..., None]
    return np.asarray(shade * (1.0 - turf + TURF * turf), float)


def _rock_face(patch: Patch, seed: int, white: bool) -> Surface:
    """The ridge itself."""
    places = patch.positions
    uv = np.stack([places[..., 0], places[..., 1] + 0.8 * places[..., 2]], -1) / (SNOW_SPAN if white else ROCK_SPAN)
    tint = _covered(patch, seed, white)
    mesh = patch.mesh(f"mountain/{seed}/{white}", (snow() if white else rock(),), uv, tint)
    return Surface(mesh, np.eye(4))


def _layers(seed: int, white: bool) -> list[Surface]:
    """Ridges one behind the other, wooded, each paler in the mist than the one before."""
    surfaces = []
    for number in range(len(LAYERS)):
        away = LAYERS[number][0]
        patch = _layer(seed, number)
        places = patch.positions
        cover = snow() if white else forest_floor()
        noise = Noise.of(seed, "mountain", f"cover {number}")
        patchy = 1 + 0.3 * noise.sum(places[..., 0] / 20, places[..., 1] / 20, 3)
        normals = 0.4 * patch.normals() + TO_VIEWER
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        key, uv = f"mountain/{seed}/{white}/layer/{number}", places[..., :2] / FLOOR_SPAN
        mesh = grid_mesh(key, places, normals, (cover,), uv, (SNOWY if white else WOODED) * patchy[..., None])
        surfaces.append(Surface(mesh, np.eye(4), casts_shadow=False))
        if number < CLOSE_LAYERS:
            surfaces.append(_wooded(seed, number, patch, away))
    return surfaces


def _layer(seed: int, number: int) -> Patch:
    """The ground of a ridge behind: its face, seen from -Y, and a little of its back."""
    away, rise, rough, gap = LAYERS[number]
    noise = Noise.of(seed, "mountain", f"layer {number}")
    turn = np.radians(np.linspace(-74, 74, 380))
    rows = np.array([0.55, 0.75, 0.9, 1.0, 1.15])
    x = (25 + np.tan(turn * 0.9)[None, :] * away * 0.9) * np.ones((5, 1))
    bend = 1 + 0.12 * noise.sum(turn * 3, 0 * turn, 3)
    crags = noise.ridges(turn * (2.1 + 0.9 * number), 0 * turn + number, 7, 0.46) * 2.4 - 0.9
    height = away * np.tan(np.radians(rise + rough * crags - gap * np.exp(-((turn / 0.30) ** 2))))
    drop = np.array([-0.42, -0.22, -0.06, 0.0, -0.25])[:, None] * away
    uneven = 0.02 * away * noise.sum(x / away * 9, rows[:, None] * 9 + 0 * x, 3)
    return Patch(x, rows * away, height[None, :] + drop * bend[None, :] + uneven)


def _wooded(seed: int, number: int, patch: Patch, away: float) -> Surface:
    """Firs along a layer's crest and down its face."""
    draw = chance(seed, f"mountain/layer/{number}", "trees")
    noise = Noise.of(seed, "mountain", f"woods {number}")
    count = (420, 800, 900, 600)[number]
    x = draw.uniform(patch.x[3, 0], patch.x[3, -1], count) if number < 2 else draw.uniform(-1.2, 1.4, count) * away
    y = away * (1.01 - 0.25 * draw.random(count) ** 2)  # most on the crest, where they stand out
    keep = noise.sum(x / (0.4 * away), y / (0.4 * away), 3) + draw.uniform(-0.35, 0.35, count) > 0.05
    z = patch.heights(np.stack([x, y], -1))
    size = draw.uniform(0.30, 0.75, count) * (0.75 if number == 0 else 1.0)
    plants = [
        Plant(
            ("fir", "pine")[int(k) % 2],
            int(k) % 3,
            np.array([x[k], y[k], z[k] - 0.5]),
            float(k),
            float(size[k]),
            np.full(3, 0.8),
        )
        for k in np.flatnonzero(keep)
    ]
    mesh = plant_mesh(f"mountain/{seed}/woods/{number}", plants, "distant")
    facing = np.broadcast_to(TO_VIEWER / np.linalg.norm(TO_VIEWER), mesh.normals.shape).astype(np.float32)
    return Surface(replace(mesh, normals=facing), np.eye(4), casts_shadow=False)


def _distance(seed: int, white: bool, place: Place) -> list[Surface]:
    """Ranges all around, low towards the moon."""
    ranges = Range(seed + 1, (0.0, 0.0), -330.0, 1600.0, 900.0, 1900.0, 240.0 if white else 560.0)
    return ranges.surfaces(f"mountain/{seed}/{white}/{place.hour}/ranges", sun_direction(place))


def _trees(seed: int, patch: Patch) -> list[Stand]:
    """Wind-bent pines to the left of the summit and low on the front slope: never between cameras and the skyline."""
    draw = chance(seed, "mountain", "trees")
    spots = strewn(draw, (-120.0, -100.0), (170.0, 45.0), 6.0)
    keep, look = draw.random(len(spots)), draw.random((len(spots), 3))
    t = spots[:, 1] - crest_y(spots[:, 0])
    stage = (spots[:, 0] > -13) & (spots[:, 0] < 104) & (t > -34)
    share = np.where(t > 12, 0.5, np.where(t > 1.5, 0.0, 0.16 + 0.2 * smooth(-20, -60, t)))
    share = np.where((spots[:, 0] < -13) & (np.abs(t) < 16), 0.20, share)
    chosen = np.flatnonzero((keep < share) & ~(stage & (t < 12)))
    z = patch.heights(spots)
    shades = tints(draw, len(spots))
    names = ("pine", "fir", "fir", "dead")
    plants = [
        Plant(
            names[int(look[k, 0] * 3.4)], int(look[k, 1] * 3), np.array([*spots[k], z[k]]), look[k, 2] * 40,
            0.30 + 0.35 * look[k, 1], shades[k] * 0.9,
        )
        for k in chosen
    ]  # fmt: skip
    for number, (species, x, aside, size) in enumerate(TREES):
        y = float(crest_y(np.array(x))) + aside
        foot = np.array([x, y, float(patch.heights(np.array([[x, y]]))[0])])
        plants.append(Plant(species, number, foot, 1.0, size, np.full(3, 0.8)))
    return stands(f"mountain/{seed}/trees", plants, _squares, (-30, 20, 90))


def _squares(places: F64) -> NDArray[np.int64]:
    """Which 60 m square of the map each place is in."""
    east, north = (np.floor((places[:, k] + 200) / 60).astype(np.int64) for k in (0, 1))
    return east * 16 + north


def _tufts(seed: int, patch: Patch) -> list[Stand]:
    """Grass along the crest: what breaks a skyline's hard edge."""
    draw = chance(seed, "mountain", "tufts")
    spots = strewn(draw, (-20.0, -9.0), (100.0, 9.0), 0.8)
    spots[:, 1] += crest_y(spots[:, 0])
    t = spots[:, 1] - crest_y(spots[:, 0])
    noise = Noise.of(seed, "mountain", "turf")
    clump = noise.sum(spots[:, 0] / 3.5, spots[:, 1] / 3.5, 3)
    keep, look = draw.random(len(spots)), draw.random((len(spots), 3))
    chosen = np.flatnonzero((keep < 0.9 * smooth(-0.2, 0.3, clump)) & (t < 2.0) & (np.abs(t) > 0.35))
    z = patch.heights(spots)
    plants = [
        Plant(
            "grass",
            int(look[k, 0] * 4),
            np.array([*spots[k], z[k]]),
            look[k, 1] * 40,
            0.40 + 0.9 * look[k, 2] ** 1.6,
            np.full(3, 0.8),
        )
        for k in chosen
    ]
    return stands(f"mountain/{seed}/tufts", plants, _squares, (10, 40, 90), (1, 2, 0), low=True)


def _stones(seed: int, patch: Patch) -> list[Surface]:
    """Boulders on the front slope and along the crest's foot, none where someone walks."""
    draw = chance(seed, "mountain", "stones")
    spots = strewn(draw, (-40.0, -40.0), (110.0, 6.0), 2.6)
    keep, look = draw.random(len(spots)), draw.random((len(spots), 3))
    t = spots[:, 1] - crest_y(spots[:, 0])
    chosen = np.flatnonzero((keep < 0.22) & ((t < -3.0) | (t > 1.6)))
    z = patch.heights(spots)
    plants = [
        Plant("stone", int(look[k, 0] * 6), np.array([*spots[k], z[k] - 0.1]), look[k, 1] * 40,
              0.25 + 1.5 * look[k, 2] ** 3, np.full(3, 0.9))
        for k in chosen
    ]  # fmt: skip
    for x, aside, size in BOULDERS:
        y = float(crest_y(np.array(x))) + aside
        foot = np.array([x, y, float(patch.heights(np.array([[x, y]]))[0]) - 0.1])
        plants.append(Plant("stone", int(size * 10) % 6, foot, x, size, np.full(3, 0.9)))
    plants = kept_off(plants, [path.points for path in _paths(patch).values()], ROOM, patch.heights)
    large, small = ([p for p in plants if (p.size > 0.8) == big] for big in (True, False))
    return [
        Surface(plant_mesh(f"mountain/{seed}/stones", large, "mid"), np.eye(4)),
        Surface(plant_mesh(f"mountain/{seed}/stones", small, "far"), np.eye(4), casts_shadow=False),
    ]
