"""Tresses: how hair runs from its roots, combed along the scalp, falling where that ends, off whatever it meets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.people.body import Body, body_count
from kinema.stage.bodies.people.scalp import Roots

NEAR = 0.05  # metres from the skin within which hair is led by it
STRAIGHT = 0.15  # share of its length from the root that hair lies too close to wave
CLOTHES = 0.036  # metres that collars and shoulders of garments stand off the skin


@dataclass(frozen=True, eq=False)
class Combing:
    """How N tresses are to run.

    comb (N, 3): the way each is combed while on the scalp · lengths (N,) m · lift (N,): metres off the skin ·
    fringe (N,): those that may hang over the forehead · tie (3,): where all are gathered, None if they hang ·
    stiff: how far hair keeps to its comb where it would fall, 0 to 1
    """

    comb: F64
    lengths: F64
    lift: F64
    fringe: F64
    tie: F64 | None = None
    stiff: float = 0.0


@dataclass(frozen=True, eq=False)
class Tresses:
    """paths (N, P, 3) from root to tip · outward (N, P, 3): unit directions that their broad side faces."""

    paths: F64
    outward: F64


@dataclass(frozen=True, eq=False)
class _Figure:
    """What hair lies on: skin (K, 3) from the chest up, its normals and tree · chin, neck: heights · nape (2,)."""

    body: Body
    skin: F64
    normals: F64
    tree: cKDTree
    chin: float
    neck: float
    nape: F64

    @classmethod
    def of(cls, body: Body) -> _Figure:
        around = np.flatnonzero(body.points[: body_count(), 2] > body.landmarks["chest"][2])
        skin = body.points[around].astype(np.float64)
        neck = body.landmarks["neck"]
        return cls(
            body, skin, body.normals[around].astype(np.float64), cKDTree(skin), float(body.landmarks["chin"][2]),
            float(neck[2]), neck[:2] + np.array([0.0, -0.01]),
        )  # fmt: skip

    def off(self, place: F64, lift: F64, clothes: float) -> F64:
        """Places pushed out until they are lift (N,) metres off the skin, and as many off it below the neck as clothes
        stand."""
        lift = lift + clothes * np.clip((self.neck + 0.065 - place[:, 2]) / 0.05, 0, 1)
        for _ in range(2):
            _, nearest = self.tree.query(place)
            depth = ((place - self.skin[nearest]) * self.normals[nearest]).sum(1)
            place = place + self.normals[nearest] * np.maximum(lift - depth, 0)[:, None]
        return place


def grow(body: Body, roots: Roots, combing: Combing, steps: int) -> Tresses:
    """Each tress's way in so many steps: short ones where the scalp curves, long ones where hair merely hangs."""
    figure = _Figure.of(body)
    place = roots.points + roots.normals * np.minimum(combing.lift, 0.002)[:, None]
    direction = roots.normals * 0.25 + combing.comb
    paces = np.linspace(0.45, 1.3, steps)
    paces /= paces.sum()
    path, clothes = [place], CLOTHES * (1.0 - combing.stiff)
    for k in range(steps):
        step = (combing.lengths * paces[k])[:, None]
        keep = 0.55 if k < 2 else 0.35
        direction = _unit(direction) * keep + _pull(figure, place, combing)
        direction = _along_skin(figure, place + direction * step * 0.5, direction)
        place = place + direction * step
        # roots lie flat, the hair rises over its first hand's breadth, slowly at first
        risen = min(1.0, (k + 1.0) / max(0.4 * steps, 3.0)) ** (1.0 + 0.3 * (1.0 - combing.stiff))
        place = figure.off(place, combing.lift * risen, clothes)
        if combing.tie is None:
            place = _off_the_face(figure, place, combing.fringe)
        path.append(place)
    paths = np.stack(path, 1)
    paths[:, 1:] = gaussian_filter1d(paths, 1.1, axis=1, mode="nearest")[:, 1:]
    return Tresses(paths, _outward(figure, paths))


def cleared(body: Body, paths: F64, lift: float) -> F64:
    """Paths (N, P, 3) pushed out of the skin, and out of what may be worn over it, until they are lift metres off."""
    flat = paths.reshape(-1, 3)
    return _Figure.of(body).off(flat, np.full(len(flat), lift), CLOTHES).reshape(paths.shape)


def _pull(figure: _Figure, place: F64, combing: Combing) -> F64:
    """Where hair at places (N, 3) wants to go: combed on the dome of the head, else down and onto what it hangs by."""
    distance, nearest = figure.tree.query(place)
    normal = figure.normals[nearest]
    if combing.tie is not None:
        return _unit(combing.tie - place)
    dome = np.maximum(np.clip((normal[:, 2:] + 0.05) / 0.5, 0, 1), combing.stiff) * (distance < NEAR)[:, None]
    pull = combing.comb * dome + np.array([0.0, 0.0, -1.0]) * (1.15 - 0.75 * dome)
    # below the chin it closes in on the neck
    below = np.clip((figure.chin + 0.07 - place[:, 2:]) / 0.09, 0, 1) * 0.40
    aside = place[:, :2] - figure.nape
    pull[:, :2] -= below * aside / np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 0.02)
    # tresses lie on those beneath: what strays from the head is drawn back to it
    stray = np.clip((distance - combing.lift - 0.008) / 0.02, 0, 1)[:, None] * (place[:, 2:] > figure.chin - 0.04)
    pull += stray * (figure.skin[nearest] - place) / np.maximum(distance, 1e-6)[:, None]
    # on a shoulder hair slides ahead or behind, not down the arm
    resting = np.clip(normal[:, 2:] - 0.25, 0, 1) * (place[:, 2:] < figure.chin) * (distance < 0.06)[:, None]
    pull[:, 1:2] += 2.2 * resting * np.where(place[:, 1:2] > figure.nape[1] + 0.018, 1.0, -1.0)
    return np.asarray(pull)


def _along_skin(figure: _Figure, ahead: F64, direction: F64) -> F64:
    """Directions (N, 3) that lead neither into the skin nor, while it is near, away from it."""
    distance, nearest = figure.tree.query(ahead)
    normal = figure.normals[nearest]
    through = (direction * normal).sum(1, keepdims=True) * (distance < 0.03)[:, None]
    return _unit(direction - normal * np.where(through < 0, through, 0.75 * through))


def _off_the_face(figure: _Figure, place: F64, fringe: F64) -> F64:
    """Pushes tresses that fall before the face out to its sides."""
    eye = figure.body.landmarks["eye_left"]
    ahead = float(eye[1]) - 0.045
    half = np.where(place[:, 2] > eye[2] + 0.055, 0.0, 0.061 + 0.25 * np.maximum(0, place[:, 1] - ahead))
    before = (place[:, 1] > ahead) & (place[:, 2] > figure.chin - 0.16) & ~fringe.astype(bool)
    short = np.maximum(half - np.abs(place[:, 0]), 0) * before * 0.6
    place = place.copy()
    place[:, 0] += np.where(place[:, 0] >= 0, 1, -1) * short
    return place


def _outward(figure: _Figure, paths: F64) -> F64:
    """The way (N, P, 3) hair faces: as part of the whole head of hair, a little as the skin beneath."""
    _, nearest = figure.tree.query(paths.reshape(-1, 3))
    skin = gaussian_filter1d(figure.normals[nearest].reshape(paths.shape), 2.0, axis=1, mode="nearest")
    middle = np.minimum(paths[..., 2:], figure.body.height - 0.11)
    axis = np.concatenate([np.zeros_like(middle), np.full_like(middle, figure.nape[1] + 0.02), middle], -1)
    return _unit(_unit(paths - axis) + 0.4 * skin)


def resampled(tresses: Tresses, at: F64) -> Tresses:
    """Tresses at so many places (Q,) or (N, Q) of their points, between them too, along smooth curves."""
    count, points = tresses.paths.shape[:2]
    places = np.broadcast_to(np.clip(at, 0, points - 1), (count, np.shape(at)[-1]))
    low = np.minimum(places.astype(np.int64), points - 2)
    share = (places - low)[..., None]
    rows = np.arange(count)[:, None]

    def knot(values: F64, step: int) -> F64:
        return np.asarray(values[rows, np.clip(low + step, 0, points - 1)])

    def curve(values: F64) -> F64:  # through all points (Catmull and Rom 1974)
        before, first, last, after = (knot(values, step) for step in (-1, 0, 1, 2))
        cubic = 3.0 * (first - last) + after - before
        square = 2.0 * before - 5.0 * first + 4.0 * last - after
        return np.asarray(first + 0.5 * share * (last - before + share * (square + share * cubic)))

    return Tresses(curve(tresses.paths), _unit(curve(tresses.outward)))


def waved(tresses: Tresses, swing: float, turns: float, phase: F64) -> Tresses:
    """Tresses that swing by so many metres to both sides, so many times; phase (N,): neighbours wave together."""
    if not swing:
        return tresses
    paths, outward = tresses.paths, tresses.outward
    t = np.linspace(0, 1, paths.shape[1])[None, :, None]
    across = _unit(np.cross(np.gradient(paths, axis=1), outward))
    turn = t * turns * 2 * np.pi + phase[:, None, None]
    grown = swing * np.clip((t - STRAIGHT) * 2.2, 0, 1)
    return Tresses(paths + grown * (np.sin(turn) * across + (1 + np.cos(turn)) * 0.25 * outward), outward)


def _unit(vectors: F64) -> F64:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
