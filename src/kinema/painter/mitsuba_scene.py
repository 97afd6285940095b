"""Scene frames as Mitsuba 3 scenes: the same meshes, maps, lamps, sky and camera that the raster reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import mitsuba as mi
import numpy as np

from kinema.buffers.scene_frame import F32, F64, Camera, KeyLight, Lamp, Material, SceneFrame, Sky, Surface, Texture

mi.set_variant("scalar_rgb")  # the LLVM variants need a system library that a bare machine lacks

DARKEST_ROUGHNESS = 0.03  # below this, speckles cost more samples than the sharpness is worth


def scene_of(frame: SceneFrame, key_direction: Sequence[float] | F64 | None = None, depth: int = 5) -> Any:
    """A loaded Mitsuba scene. key_direction replaces the key light's, to sample its disc over several passes."""
    parts: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": depth, "rr_depth": 3},
        "sky": _sky(frame.sky),
        "sensor": _sensor(frame.camera),
    }
    maps = _Maps()
    for number, surface in enumerate(frame.surfaces):
        for part, mesh in enumerate(_meshes(surface, maps)):
            parts[f"surface_{number}_{part}"] = mesh
    if frame.key_light is not None:
        parts["key"] = _key(frame.key_light, key_direction)
    for number, lamp in enumerate(frame.lamps):
        if not lamp.stands_for_surface:
            parts[f"lamp_{number}"] = _lamp(lamp)
    return mi.load_dict(parts)


class _Maps:
    """Bitmaps made once a scene, by texture and channel."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str, tuple[float, ...]], Any] = {}

    def colour(self, texture: Texture, channel: str, scale: Sequence[float]) -> Any:
        """A colour map times a linear colour. channel: albedo or emission."""
        key = (texture.key, channel, tuple(scale))
        if key not in self.made:
            image: F32 = _linear(getattr(texture, channel)) * np.asarray(scale, np.float32)
            self.made[key] = self._bitmap(image)
        return self.made[key]

    def grey(self, texture: Texture, channel: str) -> Any:
        """A map of numbers 0 to 1. channel: roughness, alpha or height."""
        key = (texture.key, channel, ())
        if key not in self.made:
            values = getattr(texture, channel).astype(np.float32)[..., None] / 255.0
            self.made[key] = self._bitmap(np.maximum(values, DARKEST_ROUGHNESS) if channel == "roughness" else values)
        return self.made[key]

    @staticmethod
    def _bitmap(image: F32) -> Any:
        bitmap = mi.Bitmap(np.ascontiguousarray(image))
        return mi.load_dict({"type": "bitmap", "bitmap": bitmap, "raw": True, "wrap_mode": "repeat"})


def _linear(encoded: Any) -> F32:
    """sRGB bytes to linear light (IEC 61966-2-1)."""
    x = encoded.astype(np.float32) / 255.0
    linear: F32 = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return linear


def _meshes(surface: Surface, maps: _Maps) -> Iterator[Any]:
    """One Mitsuba mesh for each material of a surface."""
    mesh = surface.mesh
    materials = surface.materials or mesh.materials
    index = mesh.material_index if mesh.material_index is not None else np.zeros(len(mesh.faces), np.int32)
    local = surface.positions if surface.positions is not None else mesh.positions
    turned = surface.normals if surface.normals is not None else mesh.normals
    world = (local @ surface.transform[:3, :3].T + surface.transform[:3, 3]).astype(np.float32)
    normals = turned @ np.linalg.inv(surface.transform[:3, :3])
    normals = (normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    for number, material in enumerate(materials):
        faces = mesh.faces[index == number]
        if len(faces):
            used, packed = np.unique(faces, return_inverse=True)
            colours = None if mesh.colours is None else mesh.colours[used]
            uv = None if mesh.uv is None else mesh.uv[used]
            yield _mesh(material, world[used], normals[used], packed.reshape(-1, 3), uv, colours, maps)


def _mesh(
    material: Material, positions: F32, normals: F32, faces: Any, uv: F32 | None, colours: F32 | None, maps: _Maps
) -> Any:
    props = mi.Properties()
    mapped = material.texture is not None and uv is not None
    tint = np.ones(3) if colours is None else colours.mean(0)
    props["bsdf"] = mi.load_dict(_bsdf(material, maps, mapped, tint, colours is not None))
    if max(material.emission) > 0.0:
        props["emitter"] = mi.load_dict({"type": "area", "radiance": _radiance(material, maps, mapped)})
    built = mi.Mesh(
        material.name, len(positions), len(faces), props=props, has_vertex_normals=True, has_vertex_texcoords=mapped
    )
    if colours is not None:
        built.add_attribute("vertex_color", 3, np.ascontiguousarray(colours, np.float32).ravel())
    params = mi.traverse(built)
    params["vertex_positions"] = positions.ravel()
    params["vertex_normals"] = normals.ravel()
    params["faces"] = faces.astype(np.uint32).ravel()
    if mapped and uv is not None:
        params["vertex_texcoords"] = np.stack([uv[:, 0], uv[:, 1]], 1).astype(np.float32).ravel()
    params.update()
    return built


def _bsdf(material: Material, maps: _Maps, mapped: bool, tint: Any, coloured: bool) -> dict[str, Any]:
    """The principled BSDF nearest to a material. A map and vertex colours cannot be multiplied in Mitsuba, so a
    mapped mesh gets the mean of its vertex colours."""
    texture = material.texture if mapped else None
    if texture is not None and texture.albedo is not None:
        base: Any = maps.colour(texture, "albedo", np.asarray(material.albedo) * tint)
    elif coloured:
        base = {"type": "mesh_attribute", "name": "vertex_color", "scale": float(np.mean(material.albedo))}
    else:
        base = {"type": "rgb", "value": list(material.albedo)}
    rough: Any = max(material.roughness, DARKEST_ROUGHNESS)
    if texture is not None and texture.roughness is not None:
        rough = maps.grey(texture, "roughness")
    inner: dict[str, Any] = {
        "type": "principled", "base_color": base, "roughness": rough, "metallic": material.metallic,
        "sheen": material.sheen, "flatness": min(material.subsurface, 1.0),
    }  # fmt: skip
    if texture is not None and texture.height is not None and material.bump > 0.0:
        inner = {"type": "bumpmap", "arbitrary": maps.grey(texture, "height"), "scale": material.bump, "bsdf": inner}
    whole: dict[str, Any] = {"type": "twosided", "bsdf": inner}
    if texture is not None and texture.alpha is not None:
        return {"type": "mask", "opacity": maps.grey(texture, "alpha"), "bsdf": whole}
    if material.opacity < 1.0:
        return {"type": "mask", "opacity": material.opacity, "bsdf": whole}
    return whole


def _radiance(material: Material, maps: _Maps, mapped: bool) -> Any:
    texture = material.texture if mapped else None
    if texture is not None and texture.emission is not None:
        return maps.colour(texture, "emission", material.emission)
    return {"type": "rgb", "value": list(material.emission)}


def _sky(sky: Sky) -> dict[str, Any]:
    """Mitsuba's envmap has Y up; turned upright its columns run as ours do (checked by probes in tests/training)."""
    turn = mi.ScalarTransform4f().rotate([1, 0, 0], 90)
    return {"type": "envmap", "bitmap": mi.Bitmap(np.ascontiguousarray(sky.image, np.float32)), "to_world": turn}


def _key(light: KeyLight, direction: Sequence[float] | F64 | None) -> dict[str, Any]:
    towards = np.asarray(direction if direction is not None else light.direction, np.float64)
    return {
        "type": "directional",
        "direction": list(-towards),
        "irradiance": {"type": "rgb", "value": [float(np.pi * c) for c in light.colour]},
    }


def _lamp(lamp: Lamp) -> dict[str, Any]:
    intensity = {"type": "rgb", "value": [float(np.pi * c) for c in lamp.colour]}
    if lamp.normal is None:
        return {"type": "point", "position": list(lamp.position), "intensity": intensity}
    target = np.asarray(lamp.position) + np.asarray(lamp.normal)
    side = [1.0, 0.0, 0.0] if abs(lamp.normal[0]) < 0.9 else [0.0, 1.0, 0.0]
    cutoff = float(np.degrees(np.arccos(lamp.spot))) if lamp.spot is not None else 85.0
    to_world = mi.ScalarTransform4f().look_at(origin=list(lamp.position), target=list(target), up=side)
    return {"type": "spot", "to_world": to_world, "intensity": intensity, "cutoff_angle": cutoff}


def _sensor(camera: Camera) -> dict[str, Any]:
    right, down, forward = (np.asarray(row, np.float64) for row in camera.rotation)
    to_world = np.eye(4)
    to_world[:3, :4] = np.stack([-right, -down, forward, camera.position], 1)  # Mitsuba: +X left, +Y up, +Z ahead
    sensor: dict[str, Any] = {
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
    return sensor
