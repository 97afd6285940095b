"""Scene frames as Mitsuba 3 scenes: the same meshes, maps, lamps, sky and camera that the raster reads.

Glass and other translucent surfaces are left out: like the preview, the picture is what lies behind the chunk's layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mitsuba as mi
import numpy as np

from kinema.buffers.scene_frame import F32, F64, Camera, KeyLight, Lamp, Material, SceneFrame, Sky, Surface
from kinema.painter.mitsuba_maps import BRIGHTEST, Maps, shrunk

mi.set_variant("scalar_rgb")  # the LLVM variants need a system library that a bare machine lacks

DARKEST_ROUGHNESS = 0.03  # below this, speckles cost more samples than the sharpness is worth
DISC = 4  # points of the key light's disc, so that its shadows are soft
UNEVEN = 0.03  # deviation of vertex colours from which a map is blended between two tints
FAINTEST = 0.01  # least share of samples a light gets, against an equal share
# the cosine as trapezoids in angle, which is how a Mitsuba spot fades: begin of the fall (degrees), weight
COSINE = ((10.0, 0.607), (40.0, 0.324), (65.0, 0.077))
KEPT = 2  # frames a still mesh is kept unused
WINDOW = 0.5  # radius (m) from which a lamp with a face is a window, lit from several points
POINTS = 4
NEARBY = 0.6  # metres from a lamp within which a glowing surface may be the one it stands for
SHORT = 0.25  # share of a lamp's light that such a surface may fall short of it before the rest is given by a lamp
CUBE = 1.5  # light of a cube with six matt faces, in the mean over directions, against one face straight ahead
ROUND = 0.02  # metres between a glowing thing and the lamps round it that give the rest


@dataclass(eq=False)
class _Part:
    """A surface's Mitsuba meshes, and what of it glows. The source keeps its materials' ids from being given to
    others."""

    source: Surface
    meshes: list[Any]
    glowing: list[_Glowing]
    last_used: int


@dataclass(frozen=True, eq=False)
class _Glowing:
    """Faces that glow: their middles (F, 3) and how much light each sheds straight ahead (F, 3), as a Lamp's colour."""

    middles: F64
    light: F64

    def near(self, place: F64, reach: float) -> Any:
        """Which faces (F,) lie within a cube round a place."""
        return (np.abs(self.middles - place) <= reach).all(1)


class SceneMaker:
    """Turns frames into loaded scenes; keeps still meshes, maps and the sky between them.

    depth: bounces + 1
    """

    def __init__(self, depth: int = 5) -> None:
        self.depth = depth
        self._maps = Maps()
        self._parts: dict[tuple[object, ...], _Part] = {}
        self._sky: tuple[str, Any] | None = None
        self._count = 0

    def scene(self, frame: SceneFrame) -> Any:
        """The frame as a Mitsuba scene."""
        self._count += 1
        self._maps.fit(frame.camera.width)
        lights = _Lights(frame)
        parts: dict[str, Any] = {
            "type": "scene",
            "integrator": {"type": _integrator(frame), "max_depth": self.depth, "rr_depth": 3},
            "sensor": _sensor(frame.camera),
            "sky": self._sky_of(frame.sky, lights),
        }
        glowing: list[_Glowing] = []
        for number, surface in enumerate(frame.surfaces):
            part = self._part(surface, lights)
            glowing += part.glowing
            for k, mesh in enumerate(part.meshes):
                parts[f"surface_{number}_{k}"] = mesh
        for number, light in enumerate(lights.made(glowing)):
            parts[f"light_{number}"] = light
        self._parts = {key: part for key, part in self._parts.items() if self._count - part.last_used < KEPT}
        return mi.load_dict(parts)

    def _sky_of(self, sky: Sky, lights: _Lights) -> Any:
        if self._sky is None or self._sky[0] != sky.key:
            self._sky = sky.key, mi.load_dict(_sky(sky, self._maps.widest * 4, lights.share_of_sky()))
        return self._sky[1]

    def _part(self, surface: Surface, lights: _Lights) -> _Part:
        materials = surface.mesh.materials if surface.materials is None else surface.materials
        pose = surface.transform.tobytes() if surface.positions is None else id(surface.positions)
        key = (surface.mesh.key, pose, tuple(id(material) for material in materials))
        if key not in self._parts:
            patches = list(_patches(surface))
            glowing = [_glowing(p, self._maps) for p in patches if max(p.material.emission) > 0.0]
            meshes = [_mesh(patch, self._maps, lights) for patch in patches]
            self._parts[key] = _Part(surface, meshes, glowing, self._count)
        part = self._parts[key]
        part.last_used = self._count
        return part


def _integrator(frame: SceneFrame) -> str:
    """volpath where leaves or hair are cut out by a mask, for its shadow rays go through; else path, which is the same
    in the mean and faster by a quarter."""
    textures = (m.texture for s in frame.surfaces for m in (s.materials or s.mesh.materials))
    return "volpath" if any(t is not None and t.alpha is not None for t in textures) else "path"


class _Lights:
    """A frame's lights, and how the path tracer's samples are shared out among them: by what each sheds on a few
    places along the view. Any sharing is right in the mean; a good one has less noise."""

    def __init__(self, frame: SceneFrame) -> None:
        self.frame = frame
        eye, ahead = np.asarray(frame.camera.position, np.float64), np.asarray(frame.camera.rotation[2], np.float64)
        self.places = eye + np.outer(np.array([0.3, 1.0, 3.0]) * min(max(frame.camera.focus, 2.0), 25.0), ahead)

    def made(self, glowing: list[_Glowing]) -> list[dict[str, Any]]:
        """Key light, and the lamps whose light no glowing surface gives."""
        needed = [part for lamp in self.frame.lamps for part in _needed(lamp, glowing)]
        lamps = [light for lamp in needed for light in self._lamp(lamp)]
        return [*lamps, *(_key(self.frame.key_light) if self.frame.key_light else ())]

    def share_of_sky(self) -> float:
        """Weight of the sky."""
        return float(np.pi * self.frame.sky.image.mean())

    def share_of_surface(self, corners: F64, radiance: float) -> float:
        """Weight of a glowing surface: corners (F, 3, 3)."""
        a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
        area = 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)
        middle = (corners.mean(1) * area[:, None]).sum(0) / max(area.sum(), 1e-9)
        return self._share(middle, float(area.sum()) * radiance)

    def _share(self, place: F64, intensity: float) -> float:
        distance2 = ((self.places - place) ** 2).sum(1)
        return max(float((intensity / (distance2 + 1.0)).max()), FAINTEST * intensity / 100.0, 1e-4)

    def _lamp(self, lamp: Lamp) -> list[dict[str, Any]]:
        weight = self._share(np.asarray(lamp.position, np.float64), float(np.mean(lamp.colour)) * np.pi)
        return _lamp(lamp, weight)


def _needed(lamp: Lamp, glowing: list[_Glowing]) -> list[Lamp]:
    """The lamps to be made for one of the stage's. One that stands for what the path tracer finds itself (a glowing
    surface, light thrown back by the room) need not be; a window's, which stands for more sky than there is, must; and
    what a small lamp gives beyond its glowing surface comes from lamps round that."""
    if not lamp.stands_for_surface:
        return [lamp]
    place = np.asarray(lamp.position, np.float64)
    faces = [(part, part.near(place, lamp.radius + NEARBY)) for part in glowing]
    faces = [(part, near) for part, near in faces if near.any()]
    if lamp.radius >= WINDOW:
        return [lamp] if lamp.normal is not None and not faces else []
    return _rest(lamp, faces) if faces else []


def _rest(lamp: Lamp, faces: list[tuple[_Glowing, Any]]) -> list[Lamp]:
    """What glowing faces (which of each part's) lack of their lamp's light: a cube of lamps round them that look
    outwards, for inside its shade a lamp would light nothing."""
    middles = np.concatenate([part.middles[near] for part, near in faces])
    given = sum((part.light[near].sum(0) for part, near in faces), np.zeros(3))
    if lamp.normal is None:
        given = given / 4.0  # of a closed surface a quarter is seen from any side
    wanted = np.asarray(lamp.colour, np.float64)
    missing = 1.0 - float(given.mean() / max(wanted.mean(), 1e-9))
    if missing < SHORT:
        return []
    low, high = middles.min(0) - ROUND, middles.max(0) + ROUND
    centre, half = 0.5 * (low + high), 0.5 * (high - low)
    colour = [float(c) for c in wanted * missing / CUBE]
    ways = np.concatenate([np.eye(3), -np.eye(3)])
    return [
        Lamp(_three(centre + half * way), (colour[0], colour[1], colour[2]), lamp.radius, _three(way))
        for way in ways
        if lamp.normal is None or way @ np.asarray(lamp.normal) > 0.5
    ]  # fmt: skip


def _three(values: F64) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])


def _patches(surface: Surface) -> Iterator[_Patch]:
    """The part of a surface under each opaque material."""
    mesh = surface.mesh
    materials = mesh.materials if surface.materials is None else surface.materials
    index = mesh.material_index if mesh.material_index is not None else np.zeros(len(mesh.faces), np.int32)
    local = surface.positions if surface.positions is not None else mesh.positions
    turned = surface.normals if surface.normals is not None else mesh.normals
    world = (local @ surface.transform[:3, :3].T + surface.transform[:3, 3]).astype(np.float32)
    normals = turned @ np.linalg.inv(surface.transform[:3, :3])
    normals = (normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    for number, material in enumerate(materials):
        faces = mesh.faces[index == number]
        if len(faces) and material.opacity >= 1.0:
            used, packed = np.unique(faces, return_inverse=True)
            yield _Patch(
                material, world[used], normals[used], packed.reshape(-1, 3).astype(np.uint32),
                None if mesh.uv is None or material.texture is None else mesh.uv[used],
                None if mesh.colours is None else mesh.colours[used],
            )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Patch:
    """The part of a surface that has one material, in the world."""

    material: Material
    positions: F32
    normals: F32
    faces: Any
    uv: F32 | None
    colours: F32 | None

    @property
    def corners(self) -> F64:
        """Of its faces (F, 3, 3)."""
        return np.asarray(self.positions[self.faces], np.float64)


def _mesh(patch: _Patch, maps: Maps, lights: _Lights) -> Any:
    material, props = patch.material, mi.Properties()
    matter, attributes = _matter(patch, maps)
    props["bsdf"] = mi.load_dict(matter)
    if max(material.emission) > 0.0:
        props["emitter"] = mi.load_dict(_glow(patch, maps, lights))
    built = mi.Mesh(
        material.name, len(patch.positions), len(patch.faces), props=props, has_vertex_normals=True,
        has_vertex_texcoords=patch.uv is not None,
    )  # fmt: skip
    for name, values in attributes.items():
        built.add_attribute(name, values.shape[1], np.ascontiguousarray(values, np.float32).ravel())
    params = mi.traverse(built)
    params["vertex_positions"] = patch.positions.ravel()
    params["vertex_normals"] = patch.normals.ravel()
    params["faces"] = patch.faces.ravel()
    if patch.uv is not None:  # Mitsuba's v runs down the image
        params["vertex_texcoords"] = np.stack([patch.uv[:, 0], 1.0 - patch.uv[:, 1]], 1).astype(np.float32).ravel()
    params.update()
    return built


def _matter(patch: _Patch, maps: Maps) -> tuple[dict[str, Any], dict[str, F32]]:
    """The BSDF nearest to a material, and the vertex attributes it reads."""
    material, attributes = patch.material, {}
    texture = material.texture if patch.uv is not None else None
    tint = np.asarray(material.albedo, np.float32)
    if texture is None or texture.albedo is None:
        base: Any = {"type": "rgb", "value": [min(c, BRIGHTEST) for c in material.albedo]}
        if patch.colours is not None:
            attributes["vertex_base"] = np.minimum(patch.colours * tint, BRIGHTEST)
            base = {"type": "mesh_attribute", "name": "vertex_base"}
        matter = _principled(material, base, maps)
    elif patch.colours is None or patch.colours.std(0).max() < UNEVEN:
        even = 1.0 if patch.colours is None else patch.colours.mean(0)
        matter = _principled(material, maps.colour(texture, "albedo", tint * even), maps)
    else:
        low, high, attributes["vertex_blend"] = _ends(patch.colours)
        ends = [_principled(material, maps.colour(texture, "albedo", tint * end), maps) for end in (low, high)]
        weight = {"type": "mesh_attribute", "name": "vertex_blend"}
        matter = {"type": "blendbsdf", "weight": weight, "low": ends[0], "high": ends[1]}
    matter = {"type": "twosided", "bsdf": matter}
    if texture is not None and texture.alpha is not None:
        matter = {"type": "mask", "opacity": maps.cut_out(texture), "bsdf": matter}
    return matter, attributes


def _ends(colours: F32) -> tuple[F32, F32, F32]:
    """Two tints (3,), and how far (V, 1) each vertex lies from the first to the second: Mitsuba cannot multiply a map
    by vertex colours, but it can blend two materials along the colours' main axis."""
    mean = colours.mean(0)
    axis = np.linalg.svd(np.cov((colours - mean).T))[0][:, 0].astype(np.float32)
    along = (colours - mean) @ axis
    low, high = along.min(), max(along.max(), along.min() + 1e-6)
    weight = ((along - low) / (high - low))[:, None]
    return np.maximum(mean + low * axis, 0.0), np.maximum(mean + high * axis, 0.0), weight.astype(np.float32)


def _principled(material: Material, base: Any, maps: Maps) -> dict[str, Any]:
    texture = material.texture
    rough: Any = max(material.roughness, DARKEST_ROUGHNESS)
    if texture is not None and texture.roughness is not None:
        rough = maps.grey(texture, "roughness", DARKEST_ROUGHNESS)
    inner: dict[str, Any] = {
        "type": "principled", "base_color": base, "roughness": rough, "metallic": material.metallic,
        "sheen": min(material.sheen, 1.0), "flatness": min(material.subsurface, 1.0),
    }  # fmt: skip
    if texture is None or texture.height is None or material.bump <= 0.0:
        return inner
    return {"type": "bumpmap", "arbitrary": maps.grey(texture, "height"), "scale": material.bump, "bsdf": inner}


def _glow(patch: _Patch, maps: Maps, lights: _Lights) -> dict[str, Any]:
    material, texture = patch.material, patch.material.texture
    radiance: Any = {"type": "rgb", "value": list(material.emission)}
    if texture is not None and patch.uv is not None and texture.emission is not None:
        radiance = maps.colour(texture, "emission", np.asarray(material.emission, np.float32))
    weight = lights.share_of_surface(patch.corners, float(_radiance(patch, maps).mean()))
    return {"type": "area", "radiance": radiance, "sampling_weight": weight}


def _glowing(patch: _Patch, maps: Maps) -> _Glowing:
    a, b, c = patch.corners[:, 0], patch.corners[:, 1], patch.corners[:, 2]
    area = 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return _Glowing(patch.corners.mean(1), area[:, None] * _radiance(patch, maps) / np.pi)


def _radiance(patch: _Patch, maps: Maps) -> F64:
    """Mean (3,) over a glowing patch."""
    texture, mean = patch.material.texture, np.asarray(patch.material.emission, np.float64)
    if texture is None or patch.uv is None or texture.emission is None:
        return mean
    return mean * maps.mean(texture)


def _sky(sky: Sky, widest: int, weight: float) -> dict[str, Any]:
    """Mitsuba's envmap has Y up; turned upright its columns run as ours do (checked by probes in tests/training)."""
    turn = mi.ScalarTransform4f().rotate([1, 0, 0], 90)
    bitmap = mi.Bitmap(np.ascontiguousarray(shrunk(np.asarray(sky.image, np.float32), widest)))
    return {"type": "envmap", "bitmap": bitmap, "to_world": turn, "sampling_weight": max(weight, 1e-3)}


def _key(light: KeyLight) -> list[dict[str, Any]]:
    """The key light as several, spread over its disc."""
    share = np.pi / DISC
    axis = np.asarray(light.direction, np.float64)
    return [
        {
            "type": "directional", "direction": list(-towards), "sampling_weight": float(share * np.mean(light.colour)),
            "irradiance": {"type": "rgb", "value": [float(share * c) for c in light.colour]},
        }
        for towards in axis + _disc(axis, light.angular_radius, DISC)
    ]  # fmt: skip


def _disc(axis: F64, radius: float, count: int) -> F64:
    """Offsets (count, 3) spread evenly over a disc across an axis, by the golden angle (Vogel 1979)."""
    side = np.cross(axis, [0.0, 0.0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    k = np.arange(count) + 0.5
    reach, angle = radius * np.sqrt(k / count), k * np.pi * (3.0 - np.sqrt(5.0))
    return np.asarray((reach * np.cos(angle))[:, None] * side + (reach * np.sin(angle))[:, None] * other)


def _lamp(lamp: Lamp, weight: float) -> list[dict[str, Any]]:
    def rgb(share: float) -> dict[str, Any]:
        return {"type": "rgb", "value": [float(np.pi * share * c) for c in lamp.colour]}

    if lamp.normal is None:
        return [{"type": "point", "position": list(lamp.position), "intensity": rgb(1.0), "sampling_weight": weight}]
    cones = [(begin, 90.0, share) for begin, share in COSINE]
    if lamp.spot is not None:  # full from half way in, as the raster has it
        cones = [(float(np.degrees(np.arccos(0.5 + 0.5 * lamp.spot))), float(np.degrees(np.arccos(lamp.spot))), 1.0)]
    axis = np.asarray(lamp.normal, np.float64) / np.linalg.norm(lamp.normal)
    count = POINTS if lamp.radius >= WINDOW else 1
    up = [0.0, 0.0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0.0, 0.0]
    return [
        {
            "type": "spot", "intensity": rgb(share / count), "beam_width": begin, "cutoff_angle": end,
            "to_world": mi.ScalarTransform4f().look_at(origin=list(place), target=list(place + axis), up=up),
            "sampling_weight": weight * share / count,
        }
        for place in np.asarray(lamp.position) + _disc(axis, lamp.radius * (count > 1), count)
        for begin, end, share in cones
    ]  # fmt: skip


def _sensor(camera: Camera) -> dict[str, Any]:
    right, down, forward = (np.asarray(row, np.float64) for row in camera.rotation)
    to_world = np.eye(4)
    to_world[:3, :4] = np.stack([-right, -down, forward, camera.position], 1)  # Mitsuba: +X left, +Y up, +Z ahead
    return {
        "type": "perspective",
        "fov": float(np.degrees(2 * np.arctan(camera.width / (2 * camera.focal)))),
        "fov_axis": "x",
        "near_clip": 0.02,
        "far_clip": 20000.0,
        "to_world": mi.ScalarTransform4f(to_world),
        "film": {
            "type": "hdrfilm", "width": camera.width, "height": camera.height, "pixel_format": "rgb",
            "component_format": "float32", "rfilter": {"type": "box"},
        },
        "sampler": {"type": "independent"},
    }  # fmt: skip
