"""From a subject of the storyboard to a dressed person: the way in to this package."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import Material
from kinema.stage.beforehand import Order
from kinema.stage.bodies.people.accessories import glasses, hat
from kinema.stage.bodies.people.appearance import Appearance, Worn
from kinema.stage.bodies.people.bags import bag
from kinema.stage.bodies.people.body import Body, Physique, build_body, raised
from kinema.stage.bodies.people.cuts import Cover, Cut, cover, level_height, trouser_cover
from kinema.stage.bodies.people.drape import Drape
from kinema.stage.bodies.people.eyes import eye_pieces
from kinema.stage.bodies.people.fabric import fabric, fabrics
from kinema.stage.bodies.people.face import mouth_pieces, skin_pieces
from kinema.stage.bodies.people.figure import Figure, Frame
from kinema.stage.bodies.people.footwear import ShoeCut, shoe_cover, shoes
from kinema.stage.bodies.people.garments import Fit, shell
from kinema.stage.bodies.people.hair import Hairstyle, hair_pieces, hairstyles, under_hat
from kinema.stage.bodies.people.lashes import lash_piece
from kinema.stage.bodies.people.levels import AWAY, FAR, FARTHEST, MID, NEAR, Level, all_at
from kinema.stage.bodies.people.model import PersonModel, join
from kinema.stage.bodies.people.piece import Piece, dense_weights
from kinema.stage.bodies.people.scalp import under_hair
from kinema.stage.bodies.people.seams import pockets, seams, straps
from kinema.stage.bodies.people.settled import settled
from kinema.stage.bodies.people.shade import shaded
from kinema.stage.bodies.people.skirts import Beneath, SkirtCut, skirt
from kinema.stage.bodies.people.tailoring import Cloth, belt, buttons, collar, lapels, scarf, zips
from kinema.stage.bodies.people.weathering import weathered
from kinema.stage.cache import is_kept, kept
from kinema.stage.chance import chance
from kinema.stage.colours import colour

Detail = Literal["hero", "extra"]
LEVELS: dict[Detail, tuple[Level, ...]] = {
    "hero": (NEAR, MID, FAR, AWAY, FARTHEST),
    "extra": (FAR, AWAY, FARTHEST),
}
STEEL = fabric("steel", (0.62, 0.62, 0.60))
SASH_OFF = 0.012  # metres from the inside of a tunic to its sash
SHOWN = 0.2  # of a level of the body: the last of a skirt, which may show what is under it
HIDDEN = 0.022  # metres inside a garment's edge from where the skin under it is left out


def dress(looks: Appearance, seed: int, who: str, detail: Detail) -> Figure:
    """A person of given looks, ready to pose, finest level first.

    A hero is known from close by (some 30,000 triangles) to far away (600), an extra from the middle distance on.
    """
    return Figure(Wardrobe(looks, seed, who, detail), LEVELS[detail])


class Wardrobe:
    """Dresses one person, level by level; each is kept on disk by itself. See figure.Dresser."""

    def __init__(self, looks: Appearance, seed: int, who: str, detail: Detail) -> None:
        self.looks, self.seed, self.who, self.detail = looks, seed, who, detail
        self._pieces: dict[bool, list[Piece]] = {}  # by fineness, until every level of it is there
        self._there: set[str] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent to another process as what it was told, not what it has made."""
        return Wardrobe, (self.looks, self.seed, self.who, self.detail)

    @cached_property
    def body(self) -> Body:
        """The bare body, on its soles."""
        shoes_ = [worn.row["shoe"] for worn in self.looks.outfit if worn.row["form"] == "footwear"]
        return raised(build_body(self.looks.physique), max((ShoeCut(**row).sole for row in shoes_), default=0.0))

    @cached_property
    def covers(self) -> dict[Worn, Cover]:
        """Where the garments that follow the body are cut."""
        return {worn: made for worn in self.looks.outfit if (made := _cover(self.body, worn)) is not None}

    def frame(self) -> Frame:
        """See Dresser."""
        inputs = (self.looks.physique, [worn.row.get("shoe") for worn in self.looks.outfit])
        return kept("frame", inputs, lambda: Frame(self.body.skeleton, self.body.height))

    def model(self, level: Level) -> PersonModel:
        """See Dresser."""
        found = kept("person", self._told(level), lambda: self._made(level))
        self._there.add(level.name)  # made or found on the disk
        if all(one.name in self._there for one in LEVELS[self.detail] if one.plain == level.plain):
            self._pieces.pop(not level.plain, None)
        return found

    def drapes(self, level: Level) -> tuple[Drape, ...]:
        """See Dresser."""
        inputs = (self.looks, self.who, level.name)
        return kept("drapes", inputs, lambda: tuple(_drapes(self.body, self.looks, self.covers, level, self.who)))

    def order(self, level: Level) -> Order:
        """See Dresser."""
        return partial(self.store, level)

    def store(self, level: Level) -> None:
        """Leave a level on the disk, unless it is there."""
        if not is_kept("person", self._told(level)):
            self.model(level)

    def _told(self, level: Level) -> tuple[Any, ...]:
        """All that a level depends on."""
        return self.looks, self.seed, self.who, level.name

    def _made(self, level: Level) -> PersonModel:
        """Everything but hair and skirts is thinned; those are made as fine as they are to be."""
        looks = self.looks
        hair = hair_pieces(self.body, _hair(looks), looks.hair, looks.paint.skin, self.seed, self.who, level.hair)
        whole = [*self._cut(not level.plain), *hair]
        whole = whole if level.plain else shaded(whole)
        light = all_at(whole, level)
        if level.plain:
            light = weathered(light, chance(self.seed, self.who, "folds"))
        return join(light, self.body, f"{level.name}-{self.who}", level.pixels, self.drapes(level), level.plain)

    def _cut(self, fine: bool) -> list[Piece]:
        """Body and clothes, before they are thinned."""
        if fine not in self._pieces:
            self._pieces[fine] = [
                *_body_pieces(self.body, self.looks, self.covers, self.who, fine),
                *_clothes(self.body, self.looks, self.covers, fine),
            ]
        return self._pieces[fine]


def _drapes(body: Body, looks: Appearance, covers: dict[Worn, Cover], level: Level, who: str) -> list[Drape]:
    """Skirts and what else hangs, made as a level shows it, from the innermost."""
    result = []
    for worn in looks.outfit:
        if "skirt" in worn.row:
            over = [
                made
                for other, made in covers.items()
                if other.row["form"] == "upper" and other.row["layer"] > worn.row["layer"]
            ]
            key, cloth, beneath = f"{who}-{worn.kind}-{level.name}", _cloth(worn, level), _beneath(looks)
            made = skirt(body, _skirt_cut(worn, level), cloth, key, over, beneath)
            if level.plain:
                fine = skirt(body, _skirt_cut(worn, NEAR), cloth, f"{who}-{worn.kind}-{NEAR.name}", over, beneath)
                made = settled(made, fine, body.skeleton)
            result.append(made)
    return result


def _beneath(looks: Appearance) -> Beneath:
    """The trousers under a skirt or a coat, if there are any."""
    fits = [Fit(**worn.row["fit"]) for worn in looks.outfit if worn.row["form"] == "trousers"]
    return Beneath(max((fit.ease for fit in fits), default=0.0), max((fit.straight for fit in fits), default=0.0))


def _skirt_cut(worn: Worn, level: Level) -> SkirtCut:
    columns, rings = level.skirt
    return SkirtCut(**worn.row["skirt"], columns=columns, rings=rings)


def _cloth(worn: Worn, level: Level) -> Material:
    cloth = fabric(worn.fabric, worn.colour)
    return replace(cloth, texture=None, bump=0.0) if level.plain else cloth


def _body_pieces(body: Body, looks: Appearance, covers: dict[Worn, Cover], who: str, fine: bool) -> list[Piece]:
    """Skin where it shows, face and eyes."""
    bare = _bare(body, covers)
    if hairstyles()[looks.hairstyle].kind != "none":
        bare = bare & ~under_hair()
    pieces = skin_pieces(body, looks.paint, bare, who, fine, _sharp(looks.physique)) + eye_pieces(
        body, looks.paint.iris
    )
    if not fine:
        return pieces
    lush = 1.0 if looks.physique.sex == "female" else 0.3
    return [*pieces, lash_piece(body, lush), *mouth_pieces(body)]


def _sharp(physique: Physique) -> float:
    """How far bones show: less on children and the stout, more on the lean."""
    child = physique.ages.get("child", 0.0)
    return round(float(np.clip(0.8 - 0.6 * physique.weight - 0.45 * child, 0.15, 1.0)), 1)


def _clothes(body: Body, looks: Appearance, covers: dict[Worn, Cover], fine: bool) -> list[Piece]:
    """Every garment's pieces, from the innermost."""
    pieces: list[Piece] = []
    top: Cloth | None = None
    for worn in looks.outfit:
        sewn = _sewn(body, worn, looks, covers, fine, top)
        if worn.row["form"] == "upper":
            top = Cloth.of(sewn[0], body)
        pieces += sewn
    return pieces


def _hair(looks: Appearance) -> Hairstyle:
    hatted = any(worn.row["form"] == "hat" for worn in looks.outfit)
    style = hairstyles()[looks.hairstyle]
    return under_hat(style) if hatted else style


def _cover(body: Body, worn: Worn) -> Cover | None:
    """What a garment covers, skirt and all, for leaving out what is under it."""
    row = worn.row
    if row["form"] == "footwear":
        return shoe_cover(body, ShoeCut(**row["shoe"]))
    if "skirt" not in row:
        return _cut(body, worn)
    skirted = SkirtCut(**row["skirt"])
    bottom = max(skirted.bottom + SHOWN, 1.4)
    if "cut" in row:
        return cover(body, replace(Cut(**row["cut"]), bottom=bottom))
    return trouser_cover(body, bottom, skirted.top)


def _cut(body: Body, worn: Worn) -> Cover | None:
    """Where a garment that follows the body is cut."""
    match worn.row["form"]:
        case "upper":
            return cover(body, Cut(**worn.row["cut"]))
        case "trousers":
            return trouser_cover(body, **worn.row["cut"])
    return None


def _bare(body: Body, covers: dict[Worn, Cover]) -> NDArray[np.bool_]:
    """(K,) of the archive's points: those no garment hides."""
    weights = dense_weights()
    bare = np.ones(len(body.points), bool)
    for made in covers.values():
        bare &= made(body.points, weights) < HIDDEN
    return bare


def _sewn(
    body: Body, worn: Worn, looks: Appearance, covers: dict[Worn, Cover], fine: bool, below: Cloth | None
) -> list[Piece]:
    """A garment's pieces; below is the last garment of the torso under it. Skirts are hung on later."""
    row, material = worn.row, fabric(worn.fabric, worn.colour)
    match row["form"]:
        case "upper" | "trousers":
            return _shell(body, worn, looks, covers, material, fine)
        case "footwear":
            sole = fabric("rubber", (0.02, 0.02, 0.02) if worn.kind != "trainers" else (0.6, 0.6, 0.58))
            return shoes(body, ShoeCut(**row["shoe"]), material, sole, worn.kind, fine)
        case "scarf":
            return scarf(body, below, material) if below else []
        case "hat":
            return hat(body, material, str(row.get("shape", "felt")))
        case "glasses":
            return glasses(body, worn.colour, bool(row.get("dark")))
        case "bag":
            return bag(body, material, row["how"], row["size"], bool(row.get("plain")))
    return []


def _shell(
    body: Body, worn: Worn, looks: Appearance, covers: dict[Worn, Cover], material: Material, fine: bool
) -> list[Piece]:
    row, layer = worn.row, worn.row["layer"]
    over = [
        made
        for other, made in covers.items()
        if other.row["form"] != "footwear"
        and (other.row["layer"] > layer or (row["form"] == "trousers" and "skirt" in other.row))
    ]
    plan = Fit(**row["fit"])
    fit = replace(plan, fold=plan.fold * fabrics()[worn.fabric]["fold"])
    own = _cut(body, worn)
    assert own is not None
    main = shell(body, own, fit, material, worn.kind, fine, over, round_=row["form"] == "upper")
    hidden = row["form"] == "trousers" and any(other.row["form"] == "upper" for other in looks.outfit)
    if hidden or not len(main.faces):
        return [main]
    return [main, *_trims(body, worn, main, material)]


def _trims(body: Body, worn: Worn, main: Piece, material: Material) -> list[Piece]:
    row, cloth = worn.row, Cloth.of(main, body)
    pieces: list[Piece] = []
    for trim in row["trims"]:
        match trim:
            case "lapels":
                pieces += lapels(body, cloth, Cut(**row["cut"]), material)
            case "collar":
                pieces.append(collar(body, cloth, Cut(**row["cut"]), material))
            case "zip":
                pieces += zips(body, cloth, Cut(**row["cut"]), STEEL)
            case "seams":
                pieces += seams(body, cloth, Cut(**row["cut"]), material)
            case "pockets":
                pieces += pockets(body, cloth, STEEL)
            case "straps":
                pieces += straps(body, cloth, material)
            case "buttons":
                low, high = (
                    level_height(body, row["cut"]["bottom"]) + 0.04,
                    level_height(body, 6.0) - row["cut"]["front"] - 0.05,
                )
                horn = Material("button", albedo=(0.10, 0.08, 0.06), roughness=0.3)
                pieces.append(buttons(cloth, low, high, 6, horn))
            case "belt":
                leather = fabric("leather", (0.05, 0.03, 0.02))
                off = Fit(**row["fit"]).ease + 0.002
                pieces.append(belt(body, cloth, level_height(body, row["cut"]["top"]) - 0.022, 0.034, off, leather))
            case "sash":
                off, silk = Fit(**row["fit"]).ease + SASH_OFF, fabric("silk", colour(row["sash"]))
                pieces.append(belt(body, cloth, level_height(body, row["skirt"]["top"]) + 0.03, 0.11, off, silk))
    return pieces
