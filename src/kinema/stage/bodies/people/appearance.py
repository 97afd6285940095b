"""Who a subject looks like: body, skin, hair and clothes, by the storyboard's words and, where it is silent, by lot."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kinema.buffers.scene_frame import Colour
from kinema.schema.errors import UnknownConcept
from kinema.schema.storyboard import Garment, Subject
from kinema.schema.tables import parsed
from kinema.stage.bodies.people.body import Physique
from kinema.stage.bodies.people.complexion import Paint
from kinema.stage.bodies.people.fabric import fabrics
from kinema.stage.bodies.people.hair import hairstyles
from kinema.stage.chance import chance
from kinema.stage.colours import colour, from_hex

CHILDREN = {"girl": "female", "boy": "male", "child": "female"}
ADULTS = {"woman": "female", "man": "male", "lady": "female", "gentleman": "male"}
STRANGER = "pedestrian"  # somebody of a crowd, who may be of any age
OLD = ("old", "elderly", "aged")
HANDSOME = ("beautiful", "stylish", "pretty", "handsome", "elegant", "glamorous")
LOFTY = 0.4  # of how far somebody is taller than most: the archive's tallest are giants
STATURES = {"tall": 0.25, "short": -0.5}  # Physique.tall of who is called so: a man of 1.98 m, of 1.64 m
BUILDS = {"thin": -0.8, "fat": 0.95}  # Physique.weight
TUCKED = 0.12  # levels of the body (see cuts.Cut) that a tucked shirt goes below the trousers' waist
HAIRS = {"black": "#1a1412", "dark_brown": "#2a1a11", "brown": "#40281a", "blonde": "#a98152", "grey": "#7f7c78",
         "red": "#6b2a14", "silver": "#aaabae", "white": "#d3d0ca"}  # fmt: skip
IRISES = {"brown": "#4a2a15", "hazel": "#5d4322", "blue": "#43627d", "green": "#4a5c3a"}


@dataclass(frozen=True)
class Worn:
    """One row of the wardrobe on somebody: its kind, what the row says, its fabric and colour."""

    kind: str
    row: dict[str, Any]
    fabric: str
    colour: Colour

    def __hash__(self) -> int:
        return hash((self.kind, self.fabric, self.colour))


@dataclass(frozen=True)
class Appearance:
    """Everything that makes one person look like themself."""

    physique: Physique
    paint: Paint
    hairstyle: str
    hair: Colour
    outfit: tuple[Worn, ...]


@cache
def table(name: str) -> dict[str, Any]:
    """One of the package's YAML tables: wardrobe, outfits, complexions."""
    text = files("kinema.stage.bodies.people").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return dict(parsed(text))


def garment_row(kind: str) -> dict[str, Any]:
    """The wardrobe's row of a kind. Raises UnknownConcept, naming the nearest known kind, if there is none."""
    rows = table("wardrobe")
    if kind not in rows:
        near = difflib.get_close_matches(kind, rows, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(rows))}"
        raise UnknownConcept(f"no garment is called {kind!r}; {hint}")
    return dict(rows[kind])


def appearance(subject: Subject, seed: int, number: int = 0, burdened: bool = True) -> Appearance:
    """How one member of a subject looks: number counts through a crowd, 0 for a single person.

    burdened: may be given a bag to carry; one that the storyboard gives is carried anyway.
    """
    who = f"{subject.id}#{number}"
    named = subject.concept in ADULTS or subject.concept in CHILDREN
    sex = CHILDREN.get(subject.concept) or ADULTS.get(subject.concept)
    lot = chance(seed, who, "person")
    sex = sex or ("female" if lot.random() < 0.5 else "male")
    old = any(trait in OLD for trait in subject.traits) or (not named and lot.random() < 0.18)
    young = subject.concept in CHILDREN or (subject.concept == STRANGER and not old and lot.random() < 0.13)
    age = "child" if young else "old" if old else "young"
    handsome = any(trait in HANDSOME for trait in subject.traits)
    origins = _origins(lot)
    physique = _built(_physique(sex, age, handsome, origins, seed, who, varied=not named), subject.traits)
    hair_name, style = _hair(subject, sex, age, origins, seed, who)
    worn = outfit(subject, sex, age, seed, who)
    if not burdened:
        named_kinds = {garment.kind for garment in subject.garments}
        worn = [w for w in worn if w.row["form"] != "bag" or w.kind in named_kinds]
    hair = from_hex(HAIRS[hair_name])
    bald = hairstyles()[style].kind == "none"
    paint = _paint(sex, age, handsome, origins, hair, bald, worn, seed, who)
    return Appearance(physique, paint, style, hair, tuple(w for w in worn if w.row["form"] != "paint"))


def _origins(lot: np.random.Generator) -> dict[str, float]:
    """Mostly one origin, a little of another."""
    names = ("asian", "caucasian", "african")
    main, other = lot.choice(3, p=(0.45, 0.37, 0.18)), lot.choice(3)
    share = float(lot.uniform(0.0, 0.3))
    origins = {names[main]: 1.0 - share}
    origins[names[other]] = origins.get(names[other], 0.0) + share
    return origins


def _physique(
    sex: str, age: str, handsome: bool, origins: dict[str, float], seed: int, who: str, varied: bool
) -> Physique:
    lot = chance(seed, who, "physique")
    ages = {age: 1.0}
    if age == "young" and varied:
        older = float(lot.uniform(0, 0.45))
        ages = {"young": 1 - older, "old": older}
    spread = 1.0 if varied else 0.35
    weight = float(np.clip(lot.normal(-0.1, 0.45), -0.7, 0.9)) * spread
    tall = float(np.clip(lot.normal(0.0, 0.33), -0.7, 0.7)) * spread
    tall *= LOFTY if tall > 0.0 else 1.0
    details = {
        name: float(amount)
        for name, amount in zip(FEATURES, np.maximum(lot.normal(-0.15, 0.3, len(FEATURES)), 0) * spread, strict=True)
    }
    if handsome:
        details = dict(HANDSOME_DETAILS[sex])
        weight, tall = -0.35, 0.25
    muscle = float(lot.uniform(0.1, 0.5)) if sex == "male" else 0.0
    female: Any = sex
    return Physique(female, ages, origins, weight, muscle, 0.9 if handsome else 0.4, tall, details)


def _built(physique: Physique, traits: Sequence[str]) -> Physique:
    """The same body, as tall or stout as it is called."""
    tall = next((STATURES[trait] for trait in traits if trait in STATURES), physique.tall)
    weight = next((BUILDS[trait] for trait in traits if trait in BUILDS), physique.weight)
    return replace(physique, tall=tall, weight=weight)


# details of the archive that make faces differ
FEATURES = (
    *("head_oval", "head_round", "head_square", "chin_narrow", "chin_wide", "nose_narrow", "nose_wide", "nose_long"),
    *("nose_hump", "lips_thin", "mouth_wide", "cheekbones", "cheeks_full", "brows_high", "eyes_large"),
)
HANDSOME_DETAILS = {
    "female": {
        "head_oval": 0.55, "chin_narrow": 0.45, "nose_narrow": 0.45, "nose_small": 0.35, "nostrils_narrow": 0.4,
        "lips_upper_full": 0.15, "lips_lower_full": 0.15, "cupids_bow": 0.35, "mouth_corners_up": 0.5,
        "mouth_wide": 0.3,
        "cheekbones": 0.55, "cheeks_lean": 0.30, "eyes_large": 0.45, "eyes_tall": 0.25, "eyes_corner_up": 0.35,
        "head_lean": 0.15, "brows_high": 0.3,
    },
    "male": {
        "head_oval": 0.2, "head_square": 0.3, "nose_narrow": 0.3, "cheekbones": 0.5, "cheeks_lean": 0.3,
        "chin_wide": 0.2, "mouth_corners_up": 0.3, "eyes_large": 0.2,
    },
}  # fmt: skip


def _hair(subject: Subject, sex: str, age: str, origins: dict[str, float], seed: int, who: str) -> tuple[str, str]:
    """A colour of HAIRS and a row of hairstyles.yaml."""
    lot = chance(seed, who, "hair")
    styles = {
        "female": ("long_straight", "long_wavy", "shoulder", "bob", "bob_fringe", "ponytail", "bun"),
        "male": ("short", "short", "swept", "crop", "crop", "bald" if age == "old" else "short"),
    }[sex]
    style = str(styles[int(lot.integers(len(styles)))])
    pale = origins.get("caucasian", 0.0) > 0.6
    shades = ("black", "dark_brown", "brown", "blonde", "red") if pale else ("black", "black", "dark_brown")
    weights = (0.2, 0.3, 0.28, 0.16, 0.06) if pale else (0.5, 0.25, 0.25)
    shade = str(lot.choice(shades, p=weights))
    if age == "old":
        shade = "white" if lot.random() < 0.4 else "grey"
        style = style if sex == "male" else ("bob" if lot.random() < 0.5 else "bun")
    if any(trait in HANDSOME for trait in subject.traits) and sex == "female":
        style = "long_wavy"
        shade = "dark_brown" if shade == "red" else shade
    shade = subject.colours.get("hair", shade)
    return (shade if shade in HAIRS else "brown"), style


def _paint(
    sex: str, age: str, handsome: bool, origins: dict[str, float], hair: Colour,
    bald: bool, worn: Sequence[Worn], seed: int, who: str,
) -> Paint:  # fmt: skip
    lot = chance(seed, who, "skin")
    rows = table("complexions")
    main = max(origins, key=lambda name: origins[name])
    chances = np.array([float(row[main]) for row in rows.values()])
    row = rows[str(lot.choice(list(rows), p=chances / chances.sum()))]
    lipstick = next((w.colour for w in worn if w.kind == "lipstick"), None)
    female = sex == "female" and age != "child"
    iris = "brown" if main != "caucasian" or lot.random() < 0.45 else str(lot.choice(("hazel", "blue", "green")))
    made_up = 0.75 if lipstick or handsome else 0.3
    return Paint(
        skin=from_hex(row["skin"]),
        blood=from_hex(row["blood"]),
        lips=from_hex(row["lips"]),
        hair=hair,
        lipstick=lipstick,
        liner=made_up if female else 0.0,
        shadow=made_up * 0.6 if female else 0.0,
        stubble=float(lot.uniform(0.15, 0.7)) if sex == "male" and age != "child" else 0.0,
        brow=1.0 if sex == "female" else 1.3,
        age={"child": 0.0, "young": 0.2, "old": 1.0}[age],
        freckles=float(max(lot.normal(-0.3, 0.5), 0)) if main == "caucasian" else 0.0,
        scalp=0.0 if bald else 1.0,
        iris=from_hex(IRISES[iris]),
    )


def outfit(subject: Subject, sex: str, age: str, seed: int, who: str) -> list[Worn]:
    """The subject's garments, and whatever else a body needs to be dressed, sets taken apart, inner layers first."""
    lot = chance(seed, who, "outfit")
    given = list(subject.garments)
    palette = _palette(subject.traits, lot)
    if not [g for g in given if garment_row(g.kind)["wears"] or garment_row(g.kind)["form"] == "upper"]:
        given += _drawn(subject.traits, sex, age, palette, lot, [one.kind for one in given])
    for part, kind in table("outfits")["fill"].items():
        if not any(part in garment_row(g.kind)["wears"] for g in given):
            given.append(Garment(kind=kind, colour=palette[_part(kind)]))
    worn = [w for g in given for w in _worn(g)]
    return sorted(_tucked(worn), key=lambda w: w.row["layer"])


def _tucked(worn: Sequence[Worn]) -> list[Worn]:
    """Shirts that would show below a short jacket go into the trousers: a hem between two is a torn one."""
    waists = [float(w.row["cut"]["top"]) for w in worn if w.row["form"] == "trousers"]
    uppers = [w for w in worn if w.row["form"] == "upper"]

    def shows(w: Worn) -> bool:
        over = [other.row["cut"] for other in uppers if other.row["layer"] > w.row["layer"]]
        return "skirt" not in w.row and any(cut["bottom"] > w.row["cut"]["bottom"] for cut in over)

    def tucked(w: Worn) -> Worn:
        return replace(w, row=w.row | {"cut": w.row["cut"] | {"bottom": max(waists) - TUCKED}})

    return [tucked(w) if waists and w in uppers and shows(w) else w for w in worn]


def _occasion(traits: Sequence[str], rows: dict[str, Any]) -> Any:
    """The row of outfits.yaml for the first of the traits that is an occasion, else the everyday one."""
    return rows[next((trait for trait in traits if trait in rows), "everyday")]


def _palette(traits: Sequence[str], lot: np.random.Generator) -> dict[str, str]:
    """Colours that go together: the part of an outfit -> a colour's name."""
    rows = _occasion(traits, table("outfits")["palettes"])
    found: dict[str, str] = rows[int(lot.integers(len(rows)))]
    return found


def _part(kind: str) -> str:
    """What part of an outfit a garment plays, as far as its colour goes."""
    return next((part for part, kinds in table("outfits")["parts"].items() if kind in kinds), "extra")


def _drawn(
    traits: Sequence[str],
    sex: str,
    age: str,
    palette: dict[str, str],
    lot: np.random.Generator,
    given: Sequence[str],
) -> list[Garment]:
    """An outfit by lot, in a palette's colours; of what is worn on the head or carried, one thing of a kind, those
    given (kinds) included."""
    rows = _occasion(traits, table("outfits"))
    who = {("female", "child"): "girl", ("male", "child"): "boy"}.get((sex, age), "woman" if sex == "female" else "man")
    kinds = list(rows[who][int(lot.integers(len(rows[who])))])
    for kind, share in table("outfits")["add"].items():
        form = garment_row(kind)["form"]
        taken = any(garment_row(other)["form"] == form for other in (*given, *kinds))
        if lot.random() < share and age != "child" and not taken:
            kinds.append(kind)
    return [Garment(kind=kind, colour=palette[_part(kind)]) for kind in kinds]


def _worn(garment: Garment) -> list[Worn]:
    row = garment_row(garment.kind)
    if garment.length and garment.length in row:
        row = row | row[garment.length]
    if row["form"] == "set":
        return [
            w
            for kind in row["rows"]
            for w in _worn(garment.model_copy(update={"kind": kind, "colour": _in_set(kind, garment)}))
        ]
    fabric = garment.material if garment.material in fabrics() else row["fabric"]
    return [Worn(garment.kind, row, fabric, colour(garment.colour or row["colour"]))]


def _in_set(kind: str, garment: Garment) -> str:
    """A set's colour is its outer rows'; a shirt under a suit is white."""
    return "white" if kind == "shirt" and garment.kind == "suit" else garment.colour
