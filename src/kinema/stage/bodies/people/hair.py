"""Hair: a combed cap on the scalp, a curtain of it where it is long, and locks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np

from kinema.buffers.scene_frame import F64, Colour, Material
from kinema.schema.tables import parsed
from kinema.stage.bodies.people.body import Body, site
from kinema.stage.bodies.people.clumps import clumps
from kinema.stage.bodies.people.curtain import (
    evened,
    filling,
    fringe_roots,
    hair_weights,
    parted_roots,
    parting,
    parting_strip,
    ribbons,
    sheet,
)
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.scalp import ROOTS, cap, roots_near, scattered_roots
from kinema.stage.bodies.people.skinning import triangles
from kinema.stage.bodies.people.strands import (
    SHORT_RELIEF,
    cap_texture,
    hair_material,
    laid_texture,
    lock_texture,
    parting_material,
    sheet_texture,
    wisp_texture,
)
from kinema.stage.bodies.people.tresses import Combing, Tresses, cleared, grow, resampled, waved
from kinema.stage.bodies.people.wisps import LAID, LOOSE, strayed
from kinema.stage.chance import chance

BACK = (0.0, -0.075, 0.755)  # where hair is gathered, on the unmorphed base mesh
FRINGE = 0.098  # metres: a fringe ends above the eyes


@dataclass(frozen=True)
class Hairstyle:
    """One row of hairstyles.yaml, where the fields are explained."""

    kind: Literal["hanging", "cropped", "tied", "none"]
    length: float = 0.0
    locks: int = 0
    width: float = 0.012
    part: float = 0.0
    lift: float = 0.004
    wave: float = 0.0
    turns: float = 0.0
    back: float = 0.0
    fringe: bool = False
    bun: bool = False
    cap: float = 0.004
    pressed: bool = False


@cache
def hairstyles() -> dict[str, Hairstyle]:
    """The table of styles: name -> row."""
    text = files("kinema.stage.bodies.people").joinpath("hairstyles.yaml").read_text(encoding="utf-8")
    return {name: Hairstyle(**row) for name, row in parsed(text).items()}


@dataclass(frozen=True)
class Fineness:
    """How finely hair is made. columns: of a curtain · marks: where on the STEPS of a path it has points · locks: share
    of the style's that are laid on it; without any the cap is all of a cropped style · edge: see `cap`."""

    columns: int
    marks: tuple[float, ...]
    locks: float
    edge: float


STEPS = 16
LEVEL = 1.1  # metres longer that hair is cut for each that it grows higher on the head, so that it ends level
STIFF = 0.85  # how far short hair stays as it is combed
UPON = 0.002  # metres off the skin that hair lies at least: what is evened out on a dome sinks into it
INNER, FILLED, DEEP = 11, 0.024, 0.6  # points of a lock that lies within the curtain, metres across it, and its shade
TAIL = 14  # clumps of a tail
WISPS, FLYAWAYS = 44, 30  # locks laid on a curtain, and cards of single hairs that stand off it
SHADED = 0.5  # of a short lock that others shade
SPARSE = 0.60  # of its colour that a cap shows between short locks


def hair_pieces(
    body: Body, style: Hairstyle, colour: Colour, skin: Colour, seed: int, who: str, made: Fineness
) -> list[Piece]:
    """Everything of a style, bound to head, neck and chest; skin: of the scalp, which a parting shows."""
    if style.kind == "none":
        return []
    heaped = style.kind == "cropped" and not made.locks
    stands = 0.6 * style.lift if heaped else 0.0
    parted = roots_near(body, parting(style.part)).base if style.kind == "hanging" else None
    scalp = hair_material("cap", colour, cap_texture(style.kind == "cropped"))
    tone = SPARSE if style.kind == "cropped" and made.locks else ROOTS
    pieces = [cap(body, style.cap + stands, scalp, made.edge, parted, tone)]
    if parted is not None and made.locks and not style.pressed:
        pieces.append(parting_strip(body, style.part, parting_material(skin, colour)))
    if heaped and style.lift > 0.003:  # as much as lies under a hat
        pieces = [_heaped(pieces[0], chance(seed, who, "hair heap"))]
    match style.kind:
        case "hanging":
            pieces += _hanging(body, _gathered(style, made), colour, made, seed, who)
        case "cropped" if made.locks:
            pieces += _cropped(body, _fewer(style, made), colour, seed, who)
        case "tied":
            pieces += _tied(body, _fewer(style, made), colour, made, seed, who)
    return pieces


def _heaped(piece: Piece, lot: np.random.Generator) -> Piece:
    """A cap made as uneven as short hair is when no lock of it is laid: heaped on top, higher ahead or at one side."""
    normals = piece.normals if piece.normals is not None else np.zeros_like(piece.points)
    middle, high = piece.points.mean(0), float(lot.uniform(0.006, 0.024))
    lean = lot.normal(0.0, 0.5, 2)
    out = (piece.points - middle) / 0.09
    swell = np.clip(normals[:, 2], 0.0, 1.0) ** 0.7 * (1.0 + out[:, 1] * (0.5 + 0.5 * lean[1]) + out[:, 0] * lean[0])
    tufts = np.sin(out @ lot.normal(0.0, 5.5, (3, 4)) + lot.uniform(0.0, 6.3, 4)).mean(1)
    lift = high * np.clip(swell, 0.0, 2.0) * (1.0 + 0.55 * tufts)
    return replace(piece, points=(piece.points + normals * lift[:, None]).astype(np.float32), normals=None)


def _gathered(style: Hairstyle, made: Fineness) -> Hairstyle:
    """Fewer clumps."""
    return replace(style, locks=round(style.locks * made.locks**0.5))


def _fewer(style: Hairstyle, made: Fineness) -> Hairstyle:
    """Fewer and broader locks."""
    return replace(style, locks=round(style.locks * made.locks), width=style.width / max(made.locks, 0.1) ** 0.5)


def under_hat(style: Hairstyle) -> Hairstyle:
    """The same hair pressed flat, and a tail tied up."""
    return replace(
        style, lift=min(style.lift, 0.003), cap=min(style.cap, 0.003), bun=style.kind == "tied", pressed=True
    )


def _hanging(body: Body, style: Hairstyle, colour: Colour, made: Fineness, seed: int, who: str) -> list[Piece]:
    """A curtain from the parting, and one over the forehead if there is a fringe."""
    generator = chance(seed, who, "hair growth")
    roots, comb = parted_roots(body, style.part, style.back, made.columns)
    count = len(comb)
    height = roots.points[:, 2]
    lengths = style.length * (0.94 + 0.06 * np.cos(np.linspace(-np.pi, np.pi, count)))
    lengths += LEVEL * (height - height.mean())
    combing = Combing(comb, lengths, np.full(count, style.lift + style.cap), np.zeros(count))
    around = np.linspace(0, 1, count)
    phase = 2.3 * np.sin(around * 2 * np.pi * 2) + 1.7 * np.sin(around * 2 * np.pi * 5 + 1)
    grown = evened(grow(body, roots, combing, STEPS), count / 55)
    grown = replace(grown, paths=cleared(body, grown.paths, UPON))
    hung = [resampled(waved(grown, style.wave, style.turns, phase), np.array(made.marks))]
    if style.fringe:
        roots, comb = fringe_roots(body, made.columns // 3)
        count = len(comb)
        lengths = FRINGE * (1.0 - 0.28 * np.linspace(-1, 1, count) ** 2)
        combing = Combing(comb, lengths, np.full(count, style.lift * 0.6), np.ones(count))
        hung.append(grow(body, roots, combing, 6 if made.locks else 4))
    look = hair_material("sheet", colour, sheet_texture())
    if not made.locks:
        return [sheet(body, tresses, look) for tresses in hung]
    shares, columns = (0.74, 0.26) if style.fringe else (1.0,), 3
    pieces = [
        clumps(body, tresses, round(style.locks * share), columns, look, generator)
        for tresses, share in zip(hung, shares, strict=True)
    ]
    inner = filling(body, hung[0], round(INNER * made.locks**0.5))
    pieces.append(ribbons(body, inner, FILLED, _lock_look(colour), generator, DEEP))
    return pieces if style.pressed else [*pieces, *_strays(body, hung[0], colour, made, generator)]


def _strays(
    body: Body, curtain: Tresses, colour: Colour, made: Fineness, generator: np.random.Generator
) -> list[Piece]:
    """Locks laid on a curtain, and single hairs that fly from it."""
    ways = (("laid", LAID, WISPS, laid_texture()), ("wisp", LOOSE, FLYAWAYS, wisp_texture()))
    return [
        ribbons(
            body, strayed(curtain, round(count * made.locks**2), way, generator), way.width,
            hair_material(kind, colour, texture), generator,
        )
        for kind, way, count, texture in ways
    ]  # fmt: skip


def _lock_look(colour: Colour) -> Material:
    return hair_material("lock", colour, lock_texture())


def _cropped(body: Body, style: Hairstyle, colour: Colour, seed: int, who: str) -> list[Piece]:
    """Short locks all over, combed to one side and back."""
    generator = chance(seed, who, "hair growth")
    roots = scattered_roots(body, style.locks, generator)
    count = len(roots.points)
    x = roots.base[:, 0]
    side = np.where(x > style.part, 1.0, -1.0)
    front = np.clip((roots.base[:, 1] - 0.02) / 0.06, 0, 1)
    rise = (0.45 + 1.2 * style.back) * front - 0.45  # up and back over the forehead, else down
    comb = np.stack([side * (0.9 - 0.5 * style.back), 0.5 - (1.3 + front) * style.back, rise], 1)
    # neighbours lie together, tuft by tuft
    tufts = np.sin(roots.base @ generator.normal(0.0, 75.0, (3, 6)) + generator.uniform(0.0, 6.3, 6))
    comb = comb + 0.16 * tufts.reshape(count, 3, 2).sum(2) + generator.normal(0, 0.07, comb.shape)
    comb -= 0.9 * (comb * roots.normals).sum(1, keepdims=True) * roots.normals
    # shorter and flatter at the sides and the nape than on top
    top = np.clip((roots.base[:, 2] - 0.72) / 0.07, 0, 1)
    lengths = style.length * generator.uniform(0.75, 1.0, count) * (0.45 + 0.55 * top)
    lift = style.lift * generator.uniform(0.3, 1.0, count) * (0.3 + 0.7 * top) + style.cap
    tresses = grow(body, roots, Combing(comb, lengths, lift, np.ones(count), stiff=STIFF), 4)
    tresses = resampled(tresses, np.array([0.0, 1.2, 2.5, 4.0]))
    look = hair_material("short", colour, lock_texture(short=True), SHORT_RELIEF)
    return [ribbons(body, tresses, style.width, look, generator, rooted=SHADED)]


def _tied(body: Body, style: Hairstyle, colour: Colour, made: Fineness, seed: int, who: str) -> list[Piece]:
    """Hair drawn back to a tie: locks over the cap, then a tail or a bun."""
    generator = chance(seed, who, "hair growth")
    tie = site(body, BACK) + np.array([0.0, -0.025, 0.0])
    pieces = []
    if made.locks:
        roots = scattered_roots(body, style.locks, generator)
        count = len(roots.points)
        reach = np.linalg.norm(tie - roots.points, axis=1) * 1.15
        lift = style.lift * generator.uniform(0.45, 1.0, count) + style.cap
        drawn = grow(body, roots, Combing(tie - roots.points, reach, lift, np.zeros(count), tie), 9)
        pieces.append(ribbons(body, drawn, style.width, _lock_look(colour), generator))
    if style.bun:
        return [*pieces, _bun(body, hair_material("sheet", colour, sheet_texture()))]
    return [*pieces, *_tail(body, tie, style, colour, made, generator)]


def _tail(
    body: Body, tie: F64, style: Hairstyle, colour: Colour, made: Fineness, generator: np.random.Generator
) -> list[Piece]:
    """A tail that swells below the tie and tapers to its end."""
    around = np.linspace(0, 2 * np.pi, 19 if made.locks else 7)
    t = np.linspace(0, 1, 9 if made.locks else 5)
    swell = 0.012 + 0.020 * np.sin(np.pi * np.clip(t * 1.1, 0, 1)) ** 0.7 * (1 - 0.55 * t)
    drop = style.length * t
    spine = tie + np.stack([np.zeros_like(t), -0.030 * np.sin(np.pi * t * 0.6), 0.012 * np.sin(np.pi * t) - drop], 1)
    out = np.stack([np.sin(around), np.cos(around), np.zeros_like(around)], 1)
    paths = spine[None] + out[:, None] * swell[None, :, None]
    tresses = waved(Tresses(paths, np.repeat(out[:, None], len(t), 1)), style.wave, style.turns, np.zeros(len(around)))
    look = hair_material("sheet", colour, sheet_texture())
    if made.locks:
        return [clumps(body, tresses, round(TAIL * made.locks**0.5), 3, look, generator)]
    return [sheet(body, tresses, look)]


def _bun(body: Body, look: Material) -> Piece:
    """A coil of hair at the back of the head."""
    middle = site(body, BACK) + np.array([0.0, -0.022, 0.004])
    theta, phi = np.meshgrid(np.linspace(0, np.pi, 13), np.linspace(0, 2 * np.pi, 25), indexing="ij")
    swirl = 1 + 0.10 * np.sin(phi * 3 + theta * 5)
    ball = np.stack([np.sin(theta) * np.cos(phi), np.cos(theta) * 0.72, np.sin(theta) * np.sin(phi)], -1)
    ball *= swirl[..., None]
    points = (middle + ball.reshape(-1, 3) * 0.036).astype(np.float32)
    rows = np.arange(13 * 25).reshape(13, 25)
    quads = np.stack([rows[:-1, :-1], rows[:-1, 1:], rows[1:, 1:], rows[1:, :-1]], -1).reshape(-1, 4)
    # whole to their ends
    uv = np.stack([theta * 0.8 + phi * 0.35, 0.95 - 0.4 * phi / (2 * np.pi)], -1).reshape(-1, 2).astype(np.float32)
    faces = triangles(quads.astype(np.int32))
    outward = ball.reshape(-1, 3) / np.maximum(np.linalg.norm(ball.reshape(-1, 3), axis=1, keepdims=True), 1e-9)
    turn = np.stack([np.cos(phi), np.zeros_like(phi), -np.sin(phi)], -1).reshape(-1, 3)  # strands wind about the coil
    return Piece(
        "bun", points, faces, hair_weights(body, points), look, uv=uv, normals=outward.astype(np.float32),
        along=turn.astype(np.float32),
    )  # fmt: skip
