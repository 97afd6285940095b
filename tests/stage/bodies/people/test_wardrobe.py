"""The tables of garments, outfits, fabrics, hair and skins."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kinema.schema.errors import UnknownConcept
from kinema.schema.storyboard import Garment, Subject
from kinema.stage.bodies.people.accessories import hat
from kinema.stage.bodies.people.appearance import appearance, garment_row, outfit, table
from kinema.stage.bodies.people.bags import bag
from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.cuts import Cut
from kinema.stage.bodies.people.fabric import WEAVES, fabric, fabrics
from kinema.stage.bodies.people.footwear import ShoeCut
from kinema.stage.bodies.people.garments import Fit
from kinema.stage.bodies.people.hair import hairstyles
from kinema.stage.bodies.people.skirts import SkirtCut
from kinema.stage.colours import colour, palette
from kinema.stage.motion.actions.handling import carrying_table

FORMS = {"upper", "trousers", "skirt", "footwear", "set", "scarf", "hat", "glasses", "bag", "held", "paint"}
VOCABULARY = (
    *("jacket", "dress", "boots", "purse", "sunglasses", "lipstick", "shirt", "trousers", "skirt"),
    *("coat", "shoes", "hat", "pyjamas", "scarf", "bag", "glasses"),
)


def variants(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield row
    for length in ("short", "long"):
        if length in row:
            yield row | row[length]


@pytest.mark.parametrize("kind", table("wardrobe"))
def test_every_garment_can_be_cut(kind: str) -> None:
    row = table("wardrobe")[kind]
    assert row["form"] in FORMS
    assert row["fabric"] in fabrics()
    assert set(row["wears"]) <= {"torso", "legs", "feet"}
    assert set(row["trims"]) <= {"lapels", "collar", "zip", "buttons", "belt", "sash", "seams", "pockets", "straps"}
    assert ("sash" in row["trims"]) == (row.get("sash") in palette())
    colour(row["colour"])
    for variant in variants(row):
        if row["form"] == "upper":
            assert Cut(**variant["cut"]).bottom < Cut(**variant["cut"]).top
        if row["form"] in ("upper", "trousers"):
            assert Fit(**variant["fit"]).ease > 0
        if "skirt" in variant:
            assert SkirtCut(**variant["skirt"]).bottom < SkirtCut(**variant["skirt"]).top
        if row["form"] == "footwear":
            assert ShoeCut(**variant["shoe"]).sole > 0
        if row["form"] == "bag":
            assert row["how"] in {*carrying_table(), "back"}
            assert all(0.05 < size < 0.5 for size in row["size"])
        if row["form"] == "held":
            assert carrying_table()[row["how"]].side == "right"
        if row["form"] == "set":
            assert set(row["rows"]) <= set(table("wardrobe"))


@pytest.mark.parametrize("kind", [kind for kind, row in table("wardrobe").items() if row["form"] in ("bag", "hat")])
def test_bags_and_hats_hang_on_the_body(kind: str) -> None:
    body, row = build_body(Physique("female", {"young": 1.0}, {"asian": 1.0})), table("wardrobe")[kind]
    made = fabric("cotton", (0.2, 0.2, 0.2))
    if row["form"] == "hat":
        pieces = hat(body, made, row.get("shape", "felt"))
        low = 0.85 * body.height
    else:
        pieces = bag(body, made, row["how"], row["size"], row.get("plain", False))
        low = 0.2 * body.height
    points = np.concatenate([piece.points for piece in pieces])
    assert (points[:, 2] > low).all()
    assert (points[:, 2] < body.height + 0.05).all()
    if row.get("how") == "back":
        assert np.median(points[:, 1]) < body.landmarks["chest"][1] - 0.05


@pytest.mark.parametrize("kind", VOCABULARY)
def test_the_storyboards_words_are_in_the_wardrobe(kind: str) -> None:
    assert garment_row(kind)["layer"] >= 0


def test_an_unknown_garment_suggests_the_nearest() -> None:
    with pytest.raises(UnknownConcept, match="did you mean 'trousers'"):
        garment_row("trouser")


OCCASIONS = ("everyday", "rain", "cold", "festive")


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_outfits_name_rows(occasion: str) -> None:
    for who in ("woman", "man", "girl", "boy"):
        for kinds in table("outfits")[occasion][who]:
            for kind in kinds:
                garment_row(kind)


def test_palettes_have_a_colour_for_every_part_of_an_outfit() -> None:
    parts = {*table("outfits")["parts"]}
    for rows in table("outfits")["palettes"].values():
        for row in rows:
            assert {*row} == parts
            for name in row.values():
                colour(name)


def test_what_may_be_worn_by_lot_has_its_part() -> None:
    rows = table("outfits")
    parts = {kind for kinds in rows["parts"].values() for kind in kinds}
    drawn = {kind for name in OCCASIONS for outfits in rows[name].values() for kinds in outfits for kind in kinds}
    assert drawn | {*rows["add"]} | {*rows["fill"].values()} <= parts


def test_rain_and_feasts_dress_people_otherwise() -> None:
    def kinds(*traits: str) -> set[str]:
        people = [Subject(id=f"p{k}", concept="pedestrian", traits=traits) for k in range(40)]
        return {worn.kind for one in people for worn in outfit(one, "female", "young", 1, f"{one.id}#0")}

    assert "raincoat" in kinds("rain") - kinds()
    assert "tang_jacket" in kinds("festive") - kinds("rain")


def test_a_crowd_has_children_and_old_people_in_it_and_one_person_is_grown() -> None:
    ages = [appearance(Subject(id="crowd", concept="pedestrian"), 5, k).physique.ages for k in range(60)]
    assert 2 <= sum("child" in age for age in ages) <= 18
    assert any(age == {"old": 1.0} for age in ages)
    grown = [appearance(Subject(id="one", concept="person"), 5, k).physique.ages for k in range(60)]
    assert not any("child" in age for age in grown)


def test_fabrics_have_weaves_and_styles_have_locks() -> None:
    assert {row["weave"] for row in fabrics().values()} <= set(WEAVES)
    assert hairstyles()["bald"].locks == 0
    assert {style.kind for style in hairstyles().values()} == {"hanging", "cropped", "tied", "none"}


def test_whoever_is_half_dressed_is_given_the_rest() -> None:
    subject = Subject(id="ann", concept="woman", garments=(Garment(kind="dress", colour="red"),))
    kinds = [worn.kind for worn in outfit(subject, "female", "young", 1, "ann#0")]
    assert kinds == ["dress", "shoes"]


def test_pyjamas_come_apart_in_one_colour_and_leave_feet_bare() -> None:
    subject = Subject(id="bob", concept="man", garments=(Garment(kind="pyjamas", colour="green"),))
    worn = outfit(subject, "male", "young", 1, "bob#0")
    assert {w.kind for w in worn} == {"pyjama_top", "pyjama_trousers"}
    assert {w.colour for w in worn} == {colour("green")}


def test_long_and_short_change_the_cut() -> None:
    def hem(length: str) -> float:
        subject = Subject(id="c", concept="woman", garments=(Garment(kind="dress", length=length),))  # type: ignore[arg-type]
        return float(outfit(subject, "female", "young", 1, "c#0")[0].row["skirt"]["bottom"])

    assert hem("long") < hem("") < hem("short")


def test_a_crowd_differs_and_stays_the_same_when_asked_again() -> None:
    crowd = Subject(id="crowd", concept="pedestrian", count=8)
    looks = [appearance(crowd, 5, k) for k in range(8)]
    assert looks == [appearance(crowd, 5, k) for k in range(8)]
    assert len({(look.hair, look.hairstyle, look.physique.sex, look.outfit[0].colour) for look in looks}) >= 6


def test_words_decide_sex_age_and_paint() -> None:
    stylish = Subject(id="w", concept="woman", traits=("stylish",), garments=(Garment(kind="lipstick", colour="red"),))
    looks = appearance(stylish, 2)
    assert looks.physique.sex == "female"
    assert looks.paint.lipstick == colour("red")
    old = appearance(Subject(id="m", concept="man", traits=("old",)), 2)
    assert old.physique.ages == {"old": 1.0}
    assert appearance(Subject(id="g", concept="girl"), 2).physique.ages == {"child": 1.0}


def test_who_needs_both_hands_is_given_no_bag_by_lot_but_keeps_one_that_is_named() -> None:
    crowd = Subject(id="crowd", concept="pedestrian")

    def bags(subject: Subject, burdened: bool) -> int:
        looks = [appearance(subject, 5, number, burdened) for number in range(40)]
        return sum(worn.row["form"] == "bag" for look in looks for worn in look.outfit)

    assert bags(crowd, True) > 3
    assert bags(crowd, False) == 0
    assert bags(Subject(id="eve", concept="woman", garments=(Garment(kind="purse"),)), False) == 40


def worn_by(*kinds: str) -> dict[str, float]:
    """The level at which each upper garment of a man in these ends."""
    subject = Subject(id="him", concept="man", garments=tuple(Garment(kind=kind) for kind in kinds))
    dressed = outfit(subject, "male", "young", 3, "him")
    return {w.kind: w.row["cut"]["bottom"] for w in dressed if w.row["form"] == "upper"}


def test_what_a_short_jacket_would_show_is_tucked_in() -> None:
    waist = garment_row("jeans")["cut"]["top"]
    assert worn_by("jacket", "t_shirt", "jeans")["t_shirt"] == pytest.approx(waist - 0.12)
    assert worn_by("t_shirt", "jeans")["t_shirt"] == garment_row("t_shirt")["cut"]["bottom"]
    assert worn_by("blazer", "t_shirt", "jeans")["t_shirt"] == garment_row("t_shirt")["cut"]["bottom"]


def called(*traits: str) -> Physique:
    return appearance(Subject(id="tom", concept="man", traits=traits), 3).physique


def test_people_are_as_tall_and_as_stout_as_they_are_called() -> None:
    tall, plain, short = (build_body(called(*traits)).height for traits in (("tall",), (), ("short",)))
    assert tall > plain + 0.1 > short + 0.15
    assert called("fat").weight > called().weight > called("thin").weight
    assert called("tall", "thin") == replace(called(), tall=called("tall").tall, weight=called("thin").weight)
