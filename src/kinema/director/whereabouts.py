"""Whereabouts: which set a scene is played in, when, in what weather, and how it is dressed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kinema.director.lexicon import lexicon
from kinema.director.reading import Entity, Reading, SetWord
from kinema.director.rows import Concept, Feature, Row, Weather
from kinema.schema.storyboard import Note, Place

BRIGHT = ("morning", "day")
STRAY = "cat"  # met where no people and no cars are
STYLES = ("tokyo", "european", "neon", "signs")  # features of streets that no festival is held in
LOW_SUN = {"warm", "sunlit"}  # said together they mean the hour before sunset


def sets_of(word: SetWord, reading: Reading) -> str:
    """The set a noun speaks for: a plain road is a mountain road when something drives on it, and a street is
    dressed for the dragon that dances there, unless it is of another style."""
    families = {entity.family for entity in reading.entities}
    own = word.row.set or word.row.id
    if word.row.vehicle_set and "vehicle" in families:
        return word.row.vehicle_set
    styled = any(feature.set == own and feature.id in STYLES for feature in reading.features)
    return word.row.dragon_set if word.row.dragon_set and "dragon" in families and not styled else own


def place_of(
    reading: Reading,
    words: list[SetWord],
    lead: Entity | None,
    alone: bool = True,
    said: Mapping[str, Row] = MappingProxyType({}),
) -> tuple[Place, list[Note]]:
    """The place that these set words, the features, occasions and last of all the lead's home add up to.

    In a film of several scenes (not `alone`) each takes only the features that suit its set and its hour.
    said: the hour and the weather of the scene, by table.
    """
    notes: list[Note] = []
    chosen = _set(reading, words, lead, notes)
    occasions = reading.occasions
    weather = said.get("weathers")
    hour = _hour(reading, chosen, said.get("hours"))
    features = [f.id for f in reading.features if f.mark and (alone or _suits(f, chosen, hour))]
    for word in words:
        features += word.row.features
    for occasion in occasions:
        features += occasion.features
    if isinstance(weather, Weather):
        features += weather.features
    season = said.get("seasons") or reading.first("seasons")
    place = {
        "set": chosen,
        "hour": hour,
        "weather": weather.id if weather else "clear",
        "season": season.id if season else (getattr(weather, "season", None) or "summer"),
        "features": tuple(row.id for row in lexicon().tables["features"] if row.id in features),  # in the table's order
    }
    return Place.model_validate(place), notes


def _set(reading: Reading, words: list[SetWord], lead: Entity | None, notes: list[Note]) -> str:
    weights: dict[str, int] = {}
    for word in words:
        name = sets_of(word, reading)
        weights[name] = max(weights.get(name, 0), word.row.weight)
    for occasion in reading.occasions:
        weights[occasion.set] = max(weights.get(occasion.set, 0), 5)
    if weights:
        chosen = max(weights, key=lambda name: weights[name])
        notes += [
            Note(kind="assumed", text=f"staged in a {chosen}", words=word.row.en[0])
            for word in words
            if word.row.assumed and sets_of(word, reading) == chosen
        ]
        return chosen
    voted = [feature.set for feature in reading.features if feature.set]
    if voted:
        return max(dict.fromkeys(voted), key=voted.count)
    weather = reading.first("weathers")
    acted = next((event.row.home for event in reading.events if event.row.home), None)
    home = acted or (lead.row.home if lead is not None else "city_street")
    if home == "bedroom" and isinstance(weather, Weather) and weather.set:
        home = weather.set
    notes.append(Note(kind="assumed", text=f"no place is named; it is staged in a {home}", words=""))
    return home


def populate(reading: Reading) -> None:
    """Cast whoever is met in a place that was named with nobody in it. Does nothing when no place was named either."""
    if reading.occasions or not (reading.sets or any(feature.set for feature in reading.features)):
        return
    place, _ = place_of(reading, reading.sets, None)
    dweller = next(row.dweller for row in lexicon().defaults if row.set == place.set)
    row: Concept = lexicon().row("concepts", dweller)
    if "empty" in place.features and (row.crowd or row.family == "vehicle"):
        row = lexicon().row("concepts", STRAY)
    reading.entities.append(Entity(row, row.count, plural=row.crowd))
    reading.notes.append(Note(kind="assumed", text=f"nobody is named who can be shown; {row.en[0]} added", words=""))


def _suits(feature: Feature, chosen: str, hour: str) -> bool:
    """A street's lamps stay out of a forest, and the moon out of noon."""
    return feature.set in (None, chosen) and not (feature.hour == "night" and hour in BRIGHT)


def _hour(reading: Reading, chosen: str, said: Row | None) -> str:
    if said is not None:
        return said.id
    for occasion in reading.occasions:
        if occasion.hour:
            return occasion.hour
    for feature in reading.features:
        if feature.hour:
            return feature.hour
    usual = next((row.hour for row in lexicon().defaults if row.set == chosen), "day")
    cast = {fact.row.id for fact in reading.facts if fact.table == "grades"}
    return "evening" if usual == "day" and cast >= LOW_SUN else usual
