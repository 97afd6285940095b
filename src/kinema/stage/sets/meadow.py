"""A meadow among trees, or a glade deep in a forest: rolling turf with flowers, a game trail, woods and ranges behind.

The trail runs along X. Seen from -Y, whoever goes there crosses the picture, lit from the camera's side, with the
edge of the wood behind; no tree stands where cameras do.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F64, Material, Surface
from kinema.schema.storyboard import Place
from kinema.stage.cache import kept
from kinema.stage.chance import chance
from kinema.stage.cue import Mark, Path
from kinema.stage.sets.earth import forest_floor, snow, turf
from kinema.stage.sets.noise import Noise, smooth
from kinema.stage.sets.ranges import Range
from kinema.stage.sets.scatter import Plant, Stand, seen, stands, strewn, tints
from kinema.stage.sets.sky import build_sky, sun_direction, woodland_air
from kinema.stage.sets.terrain import Patch
from kinema.stage.sets.weather import weather_particles
from kinema.stage.setting import Moving, Setting

WEST, EAST = -70.0, 300.0  # metres of x on which things grow
TRAIL = (-30.0, 260.0)
ABREAST = 1.6  # metres from the trail's middle to those who stand beside it
TILE = 24  # columns of ground in a mesh
CELL = 20.0  # metres of the trail whose plants change detail together
# Lines of the ground's grid: close about the trail, wide where woods hide the ground
COLUMNS = np.concatenate(
    [np.geomspace(900, 75, 16)[:-1] * -1.0, np.arange(WEST, EAST, 2.2), EAST + np.geomspace(6, 700, 16)]
)
ROWS = np.concatenate(
    [np.geomspace(800, 30, 16)[:-1] * -1.0, np.linspace(-30, -9, 14)[:-1], np.linspace(-9, 9, 23)[:-1],
     np.linspace(9, 46, 20)[:-1], np.geomspace(46, 900, 20)]
)  # fmt: skip
SPAN, LOW = 2.6, 0.010  # metres a repeat of the ground covers, and its relief, as it is seen from near by
# Metres to which they are near, mid and far; of how many one is shown at mid, far and beyond
UNDERGROWTH = {
    "grass": ((3, 22, 70), (2, 6, 0)),
    "bloom": ((5, 30, 70), (1, 3, 0)),
    "fern": ((6, 40, 80), (1, 2, 0)),
    "shrub": ((8, 45, 110), (1, 1, 0)),
    "stone": ((2, 25, 80), (2, 4, 0)),
}
# Wild flowers by their patches: ox-eye, buttercup, bellflower, poppy
PETALS = np.array([[0.95, 0.93, 0.86], [0.95, 0.66, 0.05], [0.36, 0.24, 0.72], [0.80, 0.10, 0.06]])
TURNED = np.array([[2.6, 1.05, 0.40], [2.9, 1.6, 0.40], [2.0, 0.62, 0.35]])  # autumn: what leaves' green is tinted by
GREEN = np.array([0.80, 1.42, 0.50])  # turf in the open, of the forest floor's mean


def build_setting(place: Place, seed: int) -> Setting:
    """The trail along +X, its middle at the origin. Features: pines or redwoods (a forest, of those), snow."""
    white = "snow" in place.features or place.weather == "snow"
    land = _Land(seed)
    patch = Patch.over(np.broadcast_to(COLUMNS, (len(ROWS), len(COLUMNS))).copy(), ROWS, land.height)
    wood = next((name for name in place.features if name in KINDS), None)
    growth = [*_trees(land, patch, place, wood), *_undergrowth(land, patch, wood is not None, white)]
    sky, key = build_sky(place, seed)
    still = kept(
        "meadow",
        (seed, white, place.season, wood is not None, place.hour),
        lambda: (*_ground(land, patch, wood is not None, white), *_ranges(place, seed, white)),
    )

    def moving(time: float, eye: F64) -> Moving:
        return Moving(seen(growth, eye), weather_particles(place, time, eye, seed))

    return Setting(
        surfaces=still,
        sky=sky,
        key_light=key,
        fog=woodland_air(place),
        paths={"main": _trail(patch)},
        marks=_marks(patch),
        ground=patch.heights,
        moving=moving,
        vista=0.0,
    )


class _Land:
    """The lie of the land of a seed, and where it is lush: functions of place."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.relief, self.patches = Noise.of(seed, "meadow", "relief"), Noise.of(seed, "meadow", "patches")

    def height(self, x: F64, y: F64) -> F64:
        """Metres at x, y of any shape: swells, a rise towards the wood, and a fall to where cameras stand."""
        behind = y - trail_y(x)
        swells = 1.6 * self.relief.sum(x / 90, 0.3 * y / 60, 2) + 0.03 * self.relief.sum(x / 6, y / 6, 2)
        swells = swells + 2.2 * self.relief.sum(x / 70, y / 60 + 3, 3) * smooth(12, 50, np.abs(behind))
        rise = 0.5 * smooth(3, 14, behind) + 15.0 * smooth(10, 130, behind)
        # an even slope: small ones are seen level from its foot, and nothing rises before their feet
        fall = 0.10 * np.clip(-behind - 0.5, 0.0, 30.0) + 5.0 * smooth(-20, -110, behind)
        worn = -0.05 * np.exp(-((behind / 0.45) ** 2))
        return np.asarray(swells + rise - fall + worn - 40.0 * smooth(420, 800, np.hypot(x - 110, y)), float)

    def lush(self, x: F64, y: F64) -> F64:
        """About -1 to 1: high where plants crowd."""
        return np.asarray(self.patches.sum(x / 9, y / 9, 3), float)


def trail_y(x: F64) -> F64:
    """Where the trail runs."""
    return np.asarray(2.2 * np.sin(np.asarray(x, float) / 27.0), float)


def _trail(patch: Patch) -> Path:
    x = np.arange(*TRAIL, 1.0)
    return Path(_rooted(patch, x, trail_y(x)))


def _rooted(patch: Patch, x: F64, y: F64) -> F64:
    return np.stack([x, y, patch.heights(np.stack([x, y], -1))], -1)


def _marks(patch: Patch) -> dict[str, Mark]:
    def at(x: float, aside: float) -> Mark:
        spot = _rooted(patch, np.array([x]), trail_y(np.array([x])) + aside)[0]
        return Mark((float(spot[0]), float(spot[1]), float(spot[2])), float(np.radians(-104.0)))

    return {"centre": at(0, 0), "left": at(-ABREAST, -0.2), "right": at(ABREAST, -0.2), "far": at(60, 0)}


def _ground(land: _Land, patch: Patch, wooded: bool, white: bool) -> list[Surface]:
    """The ground in tiles, of turf, or of fallen leaves where a forest stands; all of snow in winter."""
    places = patch.positions
    x, y = places[..., 0], places[..., 1]
    lush = land.lush(x, y)
    light = 1.0 + 0.22 * land.patches.sum(x / 30, y / 30, 4) + 0.14 * land.patches.sum(x / 2.6 + 9, y / 3.4, 2)
    green = smooth(-0.5, 0.2, lush) if wooded else np.ones_like(lush) - 0.35 * smooth(0.0, -0.6, lush)
    worn = np.exp(-(((y - trail_y(x)) / 0.5) ** 2)) * (0.75 + 0.5 * land.patches.sum(x / 3, y, 2))
    green = green * (1.0 - worn.clip(0, 1))
    tint = light[..., None] * (1 + green[..., None] * (GREEN - 1.0))
    if white:
        tint = np.ones_like(tint) * (1 + 0.08 * (light - 1))[..., None]
    kinds = np.where(wooded & (green < 0.4), 0, 1)[:-1, :-1].astype(np.int32)
    covers: tuple[Material, ...] = (
        (snow(),) if white else (replace(forest_floor(), bump=LOW), replace(turf(), bump=LOW))
    )
    surfaces = []
    for start in range(0, len(COLUMNS) - 1, TILE):
        span = slice(start, start + TILE + 1)
        piece = Patch(patch.x[:, span], patch.y, patch.z[:, span])
        mesh = piece.mesh(
            f"meadow/{land.seed}/{wooded}/{white}/{start}",
            covers,
            places[:, span, :2] / SPAN,
            tint[:, span],
            None if white else kinds[:, start : start + TILE],
        )
        surfaces.append(Surface(mesh, np.eye(4)))
    return surfaces


def _ranges(place: Place, seed: int, white: bool) -> list[Surface]:
    line = 90.0 if white else 240.0 if place.season == "winter" else 470.0
    ranges = Range(seed, (110.0, 0.0), -60.0, 700.0, 520.0, 1300.0, line, trees=500)
    return ranges.surfaces(f"meadow/{seed}/{line}/{place.hour}/ranges", sun_direction(place))


KINDS = {"redwoods": ("redwood", "redwood", "pine", "fir"), "pines": ("pine", "fir", "pine", "broadleaf")}
EDGE = ("broadleaf", "fir", "broadleaf", "pine")  # the wood around a meadow


def _trees(land: _Land, patch: Patch, place: Place, wood: str | None) -> list[Stand]:
    """A forest about the trail, or the edge of one behind a meadow with a few trees alone in the grass."""
    draw = chance(land.seed, "meadow", "trees")
    near, far = strewn(draw, (WEST, -60.0), (EAST, 62.0), 5.0), strewn(draw, (-260.0, 62.0), (480.0, 300.0), 11.0)
    spots = np.concatenate([near, far])
    keep, look = draw.random(len(spots)), draw.random((len(spots), 3))
    kind, shades = draw.integers(0, 4, len(spots)), tints(draw, len(spots))
    x, y = spots.T
    behind = y - trail_y(x)
    grove = land.relief.sum(x / 34 + 5, y / 34, 3)
    if wood:
        share = 0.42 + 0.30 * smooth(-0.2, 0.3, grove)
        share = share * np.where(behind > 0, smooth(2.5, 9.0, behind), smooth(-13.0, -24.0, behind))
    else:
        share = 0.60 * smooth(24, 38, behind + 22 * grove) + 0.35 * smooth(-32, -48, behind)
        share = share + 0.03 * smooth(7, 10, behind) * smooth(24, 19, behind)
    tall, places = 0.6 if wood else 0.4, _rooted(patch, x, y)  # over a meadow's wood the sky shows
    plants = [
        Plant(
            name, int(look[n, 0] * 3), places[n], look[n, 0] * 40,
            tall + 0.5 * look[n, 1], shades[n] * _leafage(name, place.season, look[n, 2]),
        )
        for n in np.flatnonzero(keep < share)
        for name in (_species((KINDS[wood] if wood else EDGE)[kind[n]], place.season),)
    ]  # fmt: skip
    key = f"meadow/{land.seed}/{wood}/{place.season}"
    close, back = ([p for p in plants if (abs(p.place[1]) < 26) == inner] for inner in (True, False))
    return [*stands(f"{key}/close", close, _cells, (14, 45, 110)), *stands(f"{key}/back", back, _squares, (2, 26, 90))]


def _species(name: str, season: str) -> str:
    """Broad leaves have fallen in winter."""
    return "dead" if name == "broadleaf" and season == "winter" else name


def _leafage(name: str, season: str, luck: float) -> F64:
    """What the season tints leaves by (3,)."""
    if name != "broadleaf" or season != "autumn":
        return np.ones(3)
    return np.asarray(TURNED[int(luck * len(TURNED))])


def _undergrowth(land: _Land, patch: Patch, wooded: bool, white: bool) -> list[Stand]:
    """Grass everywhere, lower on the trail; flowers in drifts of one kind in the open, ferns and shrubs under trees."""
    draw = chance(land.seed, "meadow", "undergrowth")
    close, wide = strewn(draw, (WEST, -9.0), (EAST, 9.0), 0.42), strewn(draw, (WEST, -30.0), (EAST, 40.0), 1.0)
    spots = np.concatenate([close, wide[np.abs(wide[:, 1]) > 9.0]])
    keep, look, shades = draw.random(len(spots)), draw.random((len(spots), 3)), tints(draw, len(spots), 0.18)
    x, y = spots.T
    away, lush = np.abs(y - trail_y(x)), land.lush(x, y)
    drift = land.patches.sum(x / 5 + 31, y / 5, 2)
    off = smooth(0.25, 0.8, away)
    open_ = 0.25 if wooded else 1.0
    density = {
        "grass": off * (0.45 + 0.40 * smooth(-0.5, 0.1, lush)) * (0.5 if wooded else 1.0),
        "bloom": open_ * off * 0.30 * smooth(0.10, 0.40, drift),
        "fern": (0.10 if wooded else 0.0) * smooth(1.4, 3.0, away) * smooth(0.0, 0.3, lush),
        "shrub": (0.020 if wooded else 0.006) * smooth(8.0, 12.0, np.where(y > 0, away + 4.5, away)),
        "stone": 0.010 * smooth(0.8, 1.5, away),
    }
    if white:  # only what stands higher than the snow
        density |= {"grass": 0.10 * density["grass"], "bloom": 0 * away, "fern": 0 * away}
    edges = np.cumsum(np.stack(list(density.values())), 0)
    chosen = (keep[None, :] >= edges).sum(0)
    petal = (land.patches.sum(x / 11 + 3, y / 11 + 17, 2) * 5.0).astype(int) % len(PETALS)
    places, names, found = _rooted(patch, x, y), list(density), []
    # Low beside the trail, so that the legs of whoever goes there show
    tall = 0.32 + 0.40 * smooth(1.0, 7.0, away)
    sizes = {
        "grass": tall * (0.7 + 0.6 * look[:, 1]),
        "bloom": (0.30 + 0.5 * tall) * (0.7 + 0.6 * look[:, 1]),
        "fern": 0.5 + 0.5 * look[:, 1],
        "shrub": 0.6 + 0.6 * look[:, 1],
        "stone": 0.08 + 0.8 * look[:, 1] ** 4,
    }
    for number, name in enumerate(names):
        plants = [
            Plant(
                name, int(look[n, 0] * 4), places[n], look[n, 2] * 40, float(sizes[name][n]),
                PETALS[petal[n]] * (0.8 + 0.3 * look[n, 2]) if name == "bloom" else shades[n],
            )
            for n in np.flatnonzero(chosen == number)
        ]  # fmt: skip
        limits, every = UNDERGROWTH[name]
        found += stands(f"meadow/{land.seed}/{wooded}/{white}/{name}", plants, _cells, limits, every, low=True)
    return found


def _cells(places: F64) -> NDArray[np.int64]:
    """Numbers of stretches of the trail, and of the near, middle and far third across it."""
    return np.asarray(np.floor((places[:, 0] - WEST) / CELL) * 3 + np.digitize(places[:, 1], (-9.0, 9.0)), np.int64)


def _squares(places: F64) -> NDArray[np.int64]:
    """Which 60 m square of the map each place is in."""
    east, north = (np.floor((places[:, k] + 900) / 60).astype(np.int64) for k in (0, 1))
    return east * 64 + north
