"""A dirt road climbing through redwoods and pines on a mountainside, ranges in the haze beyond."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, Material, Mesh, Surface
from kinema.schema.storyboard import Place
from kinema.stage.cache import kept
from kinema.stage.chance import chance
from kinema.stage.cue import Mark
from kinema.stage.particles import Fall, falling
from kinema.stage.sets.earth import FLOOR_SPAN, ROAD_SPAN, cut_bank, dirt_road, forest_floor, snow, snowed_road, turf
from kinema.stage.sets.noise import Noise, smooth
from kinema.stage.sets.ranges import Range
from kinema.stage.sets.roadbed import END, START, Roadbed
from kinema.stage.sets.scatter import Graded, Plant, Stand, pieces, seen, stands, strewn, tints
from kinema.stage.sets.sky import CLOSED, build_sky, sun_direction, woodland_air
from kinema.stage.sets.strips import Stretch
from kinema.stage.sets.terrain import Patch
from kinema.stage.sets.weather import weather_particles
from kinema.stage.setting import Moving, Setting

CLEAR = 4.6  # metres to either side of the road's middle where no trunk stands and no branch hangs low
STRETCH = 24.0  # metres of road whose plants change detail together
# metres from the road's middle, to one side: close together where the road's profile bends
ON_ROAD = (0.0, 0.28, 0.55, 0.8, 1.05, 1.35, 1.75, 2.2, 2.7, 3.1, 3.5, 3.9, 4.4)
OFF_ROAD = (4.9, 5.5, 6.3, 7.3, 8.6, 10.2, 12.2, 14.8, 18.0, 22.0, 27.0, 33.0, 40.0, 48.0, 58.0)
OFFSETS = np.array(ON_ROAD + OFF_ROAD)
# Of what grows and lies low: metres to which it is near, mid and far; of how many one is shown at mid, far and beyond.
UNDERGROWTH = {
    "grass": ((2, 25, 80), (2, 6, 0)),
    "fern": ((6, 40, 80), (1, 2, 0)),
    "shrub": ((8, 45, 110), (1, 1, 0)),
    "stone": ((2, 25, 80), (2, 4, 0)),
}
LOW_SUN = 0.5  # sine of its height, under which the air between trees shows where it shines
# What floats there: bright in the sun, hardly seen in the shade, so that the light stands between the trunks
MOTES = Fall(
    "motes", "puff", 130, (46, 46, 13), (0.25, 0.1, 0.0), (0.7, 0.03), 0.3, (1.7, 1.5), ((0.95, 0.84, 0.62),), 0.05,
    below=0.35,
)  # fmt: skip
TREES = {"redwoods": ("redwood", "redwood", "redwood", "pine"), "pines": ("pine", "fir", "redwood")}


def build_setting(place: Place, seed: int) -> Setting:
    """The road, along +Y from the origin. Features: redwoods, pines (which trees prevail), dirt, snow."""
    white = "snow" in place.features or place.weather == "snow"
    sky, key = build_sky(place, seed)
    # Light comes in over the valley: with the mountain on the sun's side the road would lie in its shadow.
    bed = Roadbed.of(seed, -1.0 if sun_direction(place)[0] > 0 else 1.0)
    roadside = _roadside(bed)
    groves = [*_forest(bed, place, seed, roadside), *_undergrowth(bed, seed, roadside, white), *_far_forest(bed, seed)]
    told = (seed, bed.mountain, place.season == "winter", white, place.hour)
    ground, still = kept(
        "mountain_road", told, lambda: (_ground(bed, seed, roadside, white), _beyond(bed, seed, place, white))
    )
    graded: list[Graded] = [*(Stretch(mesh, columns) for mesh, columns in ground), *groves]

    low_sun = key is not None and key.direction[2] < LOW_SUN and place.weather not in CLOSED

    def moving(time: float, eye: F64) -> Moving:
        motes = (falling(MOTES, time, eye, seed),) if low_sun and not white else ()
        return Moving(seen(graded, eye), (*weather_particles(place, time, eye, seed), *motes))

    main = bed.path(-20.0, 560.0)
    return Setting(
        surfaces=tuple(still),
        sky=sky,
        key_light=key,
        fog=woodland_air(place),
        paths={"main": main},
        marks=_marks(bed),
        ground=roadside.heights,
        moving=moving,
    )


def _marks(bed: Roadbed) -> dict[str, Mark]:
    def at(y: float, d: float, yaw: float = 0.0) -> Mark:
        x = float(bed.x(np.array(d), np.array(y)))
        return Mark((x, y, float(bed.height(np.array(x), np.array(y)))), yaw)

    return {"centre": at(0, 0), "left": at(0, -1.6), "right": at(0, 1.6), "far": at(90, 0)}


def _roadside(bed: Roadbed) -> Patch:
    """The strip of ground that things stand on, to 58 m on both sides."""
    y = np.arange(START, END + 0.1, 1.6)
    d = np.concatenate([-OFFSETS[:0:-1], OFFSETS])
    return Patch.over(bed.x(d[None, :], y[:, None]), y, bed.height)


def _ground(bed: Roadbed, seed: int, roadside: Patch, white: bool) -> list[tuple[Mesh, int]]:
    """The strip as meshes of a stretch each, and their columns: roadway in the middle, forest floor beside it."""
    places = roadside.positions
    d = bed.right(places[..., 0], places[..., 1])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places[:, places.shape[1] // 2, :2], axis=0).T))])
    driven = np.abs(d[0]) < ROAD_SPAN[0] / 2 - 0.05
    climb = np.cumsum(np.concatenate([np.zeros((len(d), 1)), np.linalg.norm(np.diff(places, axis=1), axis=2)], 1), 1)
    floor_uv = np.stack([climb / FLOOR_SPAN, np.broadcast_to(along[:, None], d.shape) / FLOOR_SPAN], -1)
    road_uv = np.stack([d / ROAD_SPAN[0] + 0.5, np.broadcast_to(along[:, None], d.shape) / ROAD_SPAN[1]], -1)
    noise = Noise.of(seed, "road", "tint")
    broad = noise.sum(places[..., 0] / 14, places[..., 1] / 14, 4)
    light = 1.0 + 0.30 * broad + 0.22 * noise.sum(places[..., 0] / 2.6 + 9, places[..., 1] / 3.4, 2)
    bare = _bare(roadside, d)
    green = (
        smooth(-0.42, 0.05, _lushness(seed, places[..., 0], places[..., 1])) * smooth(3.4, 5.0, np.abs(d)) * (1 - bare)
    )
    tint = light[..., None] * (1 + green[..., None] * np.array([-0.22, 0.85, -0.42]))
    wet = noise.sum(places[..., 1] / 3.3, d / 14, 2)  # streaks down the bank
    tint = tint * (1 + 0.45 * bare * wet)[..., None]
    beside = smooth(3.0, 4.0, np.abs(d))[..., None]
    tint = tint * (1 + bare[..., None] * beside * np.array([0.34, 0.34, 0.34]))
    if white:
        tint = _snowed(bare, broad)
    kinds = np.where(bare > 0.45, 2, np.where(green > 0.45, 1, 0))[:-1, :-1].astype(np.int32)
    quads = driven[1:] & driven[:-1]
    middle = np.flatnonzero(quads)
    first, last = int(middle[0]), int(middle[-1]) + 1
    meshes = []
    rows = np.arange(0, len(roadside.y) - 1, 40)
    for number, row in enumerate(rows):
        part = slice(row, min(row + 41, len(roadside.y)))
        columns = (slice(0, first + 1), slice(first, last + 1), slice(last, d.shape[1]))
        for name, column in zip(("left", "road", "right"), columns, strict=True):
            on_road = name == "road"
            piece = Patch(roadside.x[:, column], roadside.y, roadside.z[:, column])
            mesh = piece.mesh(
                f"mountain_road/{seed}/{bed.mountain}/{white}/{name}/{number}",
                _covers(white, on_road),
                (road_uv if on_road else floor_uv)[:, column],
                tint[:, column],
                None if on_road or white else kinds[:, column.start : column.stop - 1],
                rows=part,
            )
            meshes.append((mesh, piece.x.shape[1]))
    return meshes


def _covers(white: bool, on_road: bool) -> tuple[Material, ...]:
    """What the ground is made of, in the order of its kinds where it has several."""
    if on_road:
        return (snowed_road() if white else dirt_road(),)
    return (snow(),) if white else (forest_floor(), turf(), cut_bank())


def _snowed(bare: F64, broad: F32) -> F64:
    """Tints (R, C, 3) of snow, and of the soil of cut banks in it."""
    return np.asarray((1.0 + 0.08 * broad)[..., None] * (1.0 - 0.75 * bare[..., None] * np.array([0.80, 0.88, 0.95])))


def _lushness(seed: int, x: F64, y: F64) -> F64:
    """Where it is green: plants stand and the ground is grassy where this is high; about -1 to 1."""
    return np.asarray(Noise.of(seed, "road", "patches").sum(x / 8, y / 8, 3), float)


def _bare(roadside: Patch, d: F64) -> F64:
    """How far (R, C) the ground d metres from the road is cut bank that shows its soil: 0 to 1."""
    return np.asarray(smooth(0.80, 0.66, roadside.normals()[..., 2]) * smooth(12, 6, np.abs(d)), float)


def _beyond(bed: Roadbed, seed: int, place: Place, white: bool) -> list[Surface]:
    """Both flanks from 54 m to where the ranges take over, and the ranges."""
    y = np.arange(START - 240, END + 700, 14.0)
    surfaces = []
    noise = Noise.of(seed, "road", "flank")
    for side in (-1.0, 1.0):
        d = side * 54.0 * (900.0 / 54.0) ** np.linspace(0, 1, 30)
        patch = Patch.over(bed.x(np.sort(d)[None, :], y[:, None]), y, lambda px, py: _flank(bed, px, py))
        places = patch.positions
        tint = (1.0 + 0.3 * noise.sum(places[..., 0] / 40, places[..., 1] / 40, 3))[..., None] * np.array(
            [1.0, 1.0, 1.0] if white else [0.62, 0.84, 0.42]
        )
        mesh = patch.mesh(
            f"mountain_road/{seed}/{bed.mountain}/{white}/flank/{side}",
            (snow() if white else forest_floor(),),
            places[..., :2] / FLOOR_SPAN,
            tint,
        )
        surfaces.append(Surface(mesh, np.eye(4), casts_shadow=False))
    line = 90.0 if white else 300.0 if place.season == "winter" else 560.0
    ranges = Range(seed, (bed.mountain * -150.0, 300.0), -150.0, 620.0, 980.0, snow_line=line, trees=600)
    return [*surfaces, *ranges.surfaces(f"mountain_road/{seed}/{line}/{place.hour}/ranges", sun_direction(place))]


def _flank(bed: Roadbed, x: F64, y: F64) -> F64:
    """The roadbed's own height, a hand lower under the strip's border, falling away far out, and behind the road's
    foot, so that ranges show and no edge hangs in the air."""
    d = np.abs(bed.right(x, y))
    end = np.maximum(smooth(420, 900, d), smooth(START - 60, START - 240, y))
    return np.asarray(bed.height(x, y) - 0.8 * smooth(58.5, 55.0, d) - 260.0 * end)


def _cells(bed: Roadbed) -> Callable[[F64], NDArray[np.int64]]:
    """Numbers of stretches of road, left and right apart."""

    def cell(places: F64) -> NDArray[np.int64]:
        stretch = np.floor((places[:, 1] - START) / STRETCH).astype(np.int64)
        return np.asarray(stretch * 2 + (bed.right(places[:, 0], places[:, 1]) > 0), np.int64)

    return cell


def _rooted(roadside: Patch, x: F64, y: F64) -> F64:
    return np.stack([x, y, roadside.heights(np.stack([x, y], -1))], -1)


def _forest(bed: Roadbed, place: Place, seed: int, roadside: Patch) -> list[Stand]:
    """Trees on both sides of the road, thinner towards the valley so that light comes through."""
    draw = chance(seed, "road", "trees")
    kinds = next((TREES[f] for f in place.features if f in TREES), TREES["redwoods"])
    noise = Noise.of(seed, "road", "groves")
    plants: list[Plant] = []
    spots = strewn(draw, (-54.0, START + 4), (54.0, END - 4), 5.2)
    keep = draw.random(len(spots))
    kind = draw.integers(0, len(kinds), len(spots))
    look = draw.random((len(spots), 3))
    shades = tints(draw, len(spots))
    x = bed.x(spots[:, 0], spots[:, 1])
    places = _rooted(roadside, x, spots[:, 1])
    grove = noise.sum(places[:, 0] / 38, places[:, 1] / 38, 3)
    # Clumps with glades between; few on the valley's side, or no sunlight would reach the road.
    hill = spots[:, 0] * bed.mountain > 0
    dense = np.where(hill, 0.10 + 0.46 * smooth(-0.22, 0.30, grove), 0.03 + 0.36 * smooth(0.02, 0.40, grove))
    for n, d in enumerate(spots[:, 0]):
        away = abs(d)
        share = dense[n] * float(smooth(CLEAR, 9.0, np.array(away)))
        if away < CLEAR + 0.8 or keep[n] > share:
            continue
        name = "fir" if look[n, 2] > 0.86 else kinds[kind[n]]
        size = 0.62 + 0.45 * look[n, 1] if away > 8 else 0.8 + 0.25 * look[n, 1]
        tree = Plant(name, int(look[n, 0] * 3), places[n], look[n, 0] * 40, float(size), shades[n])
        if away - _low_reach(tree, float(bed.level(spots[n, 1]))) > CLEAR - 0.8:
            plants.append(tree)
    front = [p for p in plants if abs(float(bed.right(p.place[0], p.place[1]))) < 20]
    back = [p for p in plants if abs(float(bed.right(p.place[0], p.place[1]))) >= 20]
    key = f"mountain_road/{seed}/{bed.mountain}/{'-'.join(kinds)}"
    return stands(f"{key}/front", front, _cells(bed), (14, 50, 115)) + stands(
        f"{key}/back", back, _cells(bed), (4, 24, 92)
    )


def _low_reach(tree: Plant, road: float) -> float:
    """How far (m) its branches reach out below 7 m over a road of that height."""
    reach = 0.0
    for sheaf in pieces(tree.species, tree.variant, "near"):
        low = sheaf.positions[:, 2] * tree.size + tree.place[2] < road + 7.0
        if low.any():
            reach = max(reach, float(np.hypot(*sheaf.positions[low, :2].T).max()) * tree.size)
    return reach


def _far_forest(bed: Roadbed, seed: int) -> list[Stand]:
    """Trees on the flanks."""
    draw = chance(seed, "road", "far trees")
    spots = strewn(draw, (-430.0, START - 100), (430.0, END + 560), 13.0)
    keep, look = draw.random(len(spots)), draw.random((len(spots), 3))
    shades = tints(draw, len(spots), 0.2)
    away = np.abs(spots[:, 0])
    chosen = np.flatnonzero((away > 54) & (keep < 0.34 - 0.0006 * away))
    x, y = bed.x(spots[:, 0], spots[:, 1]), spots[:, 1]
    z = _flank(bed, x, y)
    names = ("redwood", "fir", "pine", "fir")
    plants = [
        Plant(
            names[int(look[n, 0] * 4)], int(look[n, 1] * 3), np.array([x[n], y[n], z[n]]), look[n, 2] * 40,
            0.6 + 0.5 * look[n, 1], shades[n] * 0.9,
        )
        for n in chosen
    ]  # fmt: skip
    return stands(f"mountain_road/{seed}/{bed.mountain}/flanks", plants, _squares, (0, 0, 70))


def _squares(places: F64) -> NDArray[np.int64]:
    """Which 90 m square of the map each place is in."""
    east, north = (np.floor((places[:, k] + 900) / 90).astype(np.int64) for k in (0, 1))
    return east * 64 + north


def _undergrowth(bed: Roadbed, seed: int, roadside: Patch, white: bool) -> list[Stand]:
    """Grass on the crown and the verges, ferns and shrubs in patches, stones on banks and berm."""
    draw = chance(seed, "road", "undergrowth")
    close, wide = (
        strewn(draw, (-9.0, START + 2), (9.0, END - 2), 0.62),
        strewn(draw, (-40.0, START + 2), (40.0, END - 2), 1.3),
    )
    spots = np.concatenate([close, wide[np.abs(wide[:, 0]) > 9.0]])
    keep, look = draw.random(len(spots)), draw.random((len(spots), 4))
    away = np.abs(spots[:, 0])
    x = bed.x(spots[:, 0], spots[:, 1])
    dry = smooth(-0.1, 0.5, Noise.of(seed, "road", "dry").sum(x / 11, spots[:, 1] / 11, 3))[:, None]
    shades = tints(draw, len(spots), 0.2) * (1 + dry * np.array([0.45, 0.12, -0.25]))
    patch = _lushness(seed, x, spots[:, 1])
    places = _rooted(roadside, x, spots[:, 1])
    plants: list[Plant] = []
    verge = np.exp(-(((away - 4.5) / 0.9) ** 2))
    hill = spots[:, 0] * bed.mountain > 0
    verge = verge * np.where(hill, 0.5 * smooth(0.0, 0.3, patch), 1.0)  # the cut bank is bare
    crown = (away < 0.30) & (patch > 0.02)
    grassy = (away > 4.0) * smooth(-0.26, 0.10, patch)
    fallen = np.exp(-(((away - 4.0) / 0.5) ** 2)) * hill  # gravel at the bank's foot
    edge = np.exp(-(((away - 6.9) / 0.8) ** 2)) * hill
    lip = 0.55 * smooth(-0.2, 0.2, patch) * edge  # what hangs over the bank's edge
    verge = (0.25 + 0.6 * smooth(-0.3, 0.2, patch)) * verge
    density = {
        "grass": np.where(crown, 0.5, np.clip(verge + 0.85 * grassy + lip, 0, 0.9)),
        "fern": 0.10 * (away > 4.9) * smooth(0.0, 0.25, patch) + 0.03 * (away > 6.0) + 0.12 * lip,
        "shrub": (0.035 * smooth(-0.05, -0.4, patch) + 0.012) * (away > 5.4),
        "stone": 0.016 * ((away > 3.3) & (away < 9)) + 0.16 * fallen,
    }
    if white:  # only what stands higher than the snow
        density |= {"grass": 0.12 * density["grass"], "fern": 0.0 * away}
    edges = np.cumsum(np.stack(list(density.values())), 0)
    for n in range(len(spots)):
        chosen = next((name for name, edge in zip(density, edges[:, n], strict=True) if keep[n] < edge), None)
        if chosen is None:
            continue
        far_off = 1.0 + 0.25 * float(away[n] > 9)
        size = {
            "grass": 0.40 if away[n] < 0.4 else far_off * (0.55 + 0.65 * look[n, 1]),
            "fern": 0.7 + 0.6 * look[n, 1],
        }
        stone = (0.10 if away[n] < 4.8 else 0.18) + 0.9 * look[n, 1] ** 4
        scale = stone if chosen == "stone" else size.get(chosen, 0.7 + 0.6 * look[n, 1])
        plants.append(Plant(chosen, int(look[n, 0] * 4), places[n], look[n, 2] * 40, float(scale), shades[n]))
    key, found = f"mountain_road/{seed}/{bed.mountain}/{white}", []
    for name, (limits, every) in UNDERGROWTH.items():
        kind = [plant for plant in plants if plant.species == name]
        found += stands(f"{key}/{name}", kind, _cells(bed), limits, every, low=True)
    return found
