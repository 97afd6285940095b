"""A frame's materials as tables: what the kernels read of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, I32, Material
from kinema.stage.raster.textures import MAPS, Atlas, TextureCache

FIELDS = 14  # albedo 3, roughness, metallic, emission 3, subsurface, sheen, opacity, bump, class, spare
OPAQUE, CUT_OUT, TRANSLUCENT = 0, 1, 2
NO_MAPS = (-1,) * len(MAPS)
Kind = tuple[Material, ...]  # the materials of one surface


@dataclass(frozen=True, eq=False)
class Matter:
    """table (M, FIELDS), maps (M, 5) into the atlas: every surface's materials in turn · opaque (S,): surfaces of
    which nothing is cut out or seen through · clear (S,): of which something is seen through."""

    table: F32
    maps: I32
    atlas: Atlas
    opaque: NDArray[np.bool_]
    clear: NDArray[np.bool_]


class Palette:
    """Makes the tables; what one frame's surfaces are made of is remembered for the next."""

    def __init__(self) -> None:
        self._textures = TextureCache()
        self._rows: dict[Kind, F32] = {}
        self._last: tuple[tuple[Kind, ...], Matter] | None = None

    def of(self, kinds: tuple[Kind, ...]) -> Matter:
        """The tables of surfaces made of these."""
        if self._last is None or self._last[0] != kinds:  # materials are equal when they are the same object
            self._rows = {kind: self._rows[kind] if kind in self._rows else _rows(kind) for kind in kinds}
            self._last = kinds, self._joined(kinds)
        return self._last[1]

    def _joined(self, kinds: tuple[Kind, ...]) -> Matter:
        atlas = self._textures.atlas(m.texture for kind in self._rows for m in kind if m.texture is not None)
        maps = {kind: [_maps(material, atlas) for material in kind] for kind in self._rows}
        opaque = {kind: bool((rows[:, 12] == OPAQUE).all()) for kind, rows in self._rows.items()}
        clear = {kind: bool((rows[:, 12] == TRANSLUCENT).any()) for kind, rows in self._rows.items()}
        return Matter(
            np.concatenate([self._rows[kind] for kind in kinds] or [np.zeros((1, FIELDS), np.float32)]),
            np.array([row for kind in kinds for row in maps[kind]] or [NO_MAPS], np.int32),
            atlas,
            np.array([opaque[kind] for kind in kinds], np.bool_),
            np.array([clear[kind] for kind in kinds], np.bool_),
        )


def _rows(kind: Kind) -> F32:
    rows = [
        (*m.albedo, m.roughness, m.metallic, *m.emission, m.subsurface, m.sheen, m.opacity, m.bump, _class_of(m), 0.0)
        for m in kind
    ]
    return np.array(rows, np.float32).reshape(-1, FIELDS)


def _class_of(material: Material) -> int:
    cut = material.texture is not None and material.texture.alpha is not None
    return TRANSLUCENT if material.opacity < 1.0 else CUT_OUT if cut else OPAQUE


def _maps(material: Material, atlas: Atlas) -> tuple[int, ...]:
    return NO_MAPS if material.texture is None else atlas.rows[material.texture.key]
