"""One instant for one camera: what raster, path tracer and exporters all read, so they cannot disagree.

Metres, seconds, right-handed, Z up, +Y into the picture at rest. Colours are linear Rec.709. Radiance is relative:
a white diffuse surface in the scene's nominal key light is about 1.0, so mid grey is about 0.18 with no exposure step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
Colour = tuple[float, float, float]
ParticleKind = Literal["puff", "streak", "spark", "flake"]


@dataclass(frozen=True, eq=False)
class Texture:
    """Image maps sharing one uv space, repeating; v runs up the image (row 0 is the top, v = 1).

    albedo: (H, W, 3) sRGB-encoded, multiplies the material's albedo and the vertex colour
    alpha: (H, W) coverage, cut out at one half
    height: (H, W) relief for bump, times Material.bump metres
    roughness: (H, W) replaces the material's roughness, 255 is 1.0
    emission: (H, W, 3) sRGB-encoded, multiplies the material's emission
    """

    key: str
    albedo: U8 | None = None
    alpha: U8 | None = None
    height: U8 | None = None
    roughness: U8 | None = None
    emission: U8 | None = None


@dataclass(frozen=True, eq=False)
class Material:
    """How a surface meets light. Emission is radiance; subsurface wraps light around skin, wax, leaves and cloth."""

    name: str
    albedo: Colour = (0.5, 0.5, 0.5)
    roughness: float = 0.7
    metallic: float = 0.0
    emission: Colour = (0.0, 0.0, 0.0)
    subsurface: float = 0.0
    sheen: float = 0.0
    opacity: float = 1.0
    bump: float = 0.0
    texture: Texture | None = None


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles at rest. The key names the content, so whatever is derived from it can be cached.

    faces (F, 3), counter-clockwise from outside · positions, normals (V, 3) metres · uv (V, 2) ·
    colours (V, 3) linear · material_index (F,) into materials · one_sided: nobody is to see its faces from behind, so
    that pictures may leave those out
    """

    key: str
    faces: I32
    positions: F32
    normals: F32
    materials: tuple[Material, ...]
    material_index: I32 | None = None
    uv: F32 | None = None
    colours: F32 | None = None
    one_sided: bool = False


@dataclass(frozen=True, eq=False)
class Surface:
    """A mesh standing in the world at one instant.

    transform (4, 4) local to world · positions, normals (V, 3) local, when the mesh is deformed ·
    materials replaces the mesh's own (an animated sign) · previous_* are filled in by the take.
    instance and concept are stable small numbers, 0 is nothing. shades_sky: soft light from above is held back by it,
    which low growth need not do.
    """

    mesh: Mesh
    transform: F64
    instance: int = 0
    concept: int = 0
    positions: F32 | None = None
    normals: F32 | None = None
    materials: tuple[Material, ...] | None = None
    previous_transform: F64 | None = None
    previous_positions: F32 | None = None
    casts_shadow: bool = True
    shades_sky: bool = True


@dataclass(frozen=True, eq=False)
class Particles:
    """Many small things that are not meshes, drawn as translucent layers.

    puff: soft lit ball (dust, smoke, mist) · streak: thin line along the velocity (rain) ·
    spark: glowing point with a short tail · flake: small lit two-sided square (confetti, snow, petal)
    positions, velocities (N, 3) m, m/s · radii (N,) m · colours (N, 3) albedo · opacity (N,) · emission (N, 3)
    """

    kind: ParticleKind
    positions: F32
    velocities: F32
    radii: F32
    colours: F32
    opacity: F32
    emission: F32
    concept: int = 0


@dataclass(frozen=True)
class KeyLight:
    """Sun or moon: unit vector towards it, irradiance at normal incidence divided by pi, angular radius (rad)."""

    direction: tuple[float, float, float]
    colour: Colour
    angular_radius: float = 0.0047


@dataclass(frozen=True)
class Lamp:
    """A local light: colour is radiant intensity (radiance of white at 1 m facing it), radius its size in metres.

    normal: when given, light leaves only to that side, by the cosine (a sign, a window).
    spot: cosine of the half angle around normal, or None.
    stands_for_surface: an emissive surface in the frame already gives this light to a path tracer.
    """

    position: tuple[float, float, float]
    colour: Colour
    radius: float = 0.1
    normal: tuple[float, float, float] | None = None
    spot: float | None = None
    stands_for_surface: bool = False


@dataclass(frozen=True)
class Fog:
    """Homogeneous in the plane, thinning with height: density (1/m) at z = 0, scale height (m), scattering colour."""

    density: float
    scale_height: float = 30.0
    colour: Colour = (0.5, 0.55, 0.6)


@dataclass(frozen=True, eq=False)
class Sky:
    """Radiance from infinity: image (H, W, 3) latitude-longitude, row 0 the zenith, column 0 looking along +Y,
    columns turning towards +X (clockwise from above). The sun's disc is not in it, KeyLight is; the moon's may be."""

    key: str
    image: F32


@dataclass(frozen=True, eq=False)
class Camera:
    """A pinhole with a lens. rotation (3, 3): rows are the camera's right, down and forward in the world.

    A world point p projects to (u, v) = focal * (x / z, y / z) + centre with (x, y, z) = rotation @ (p - position);
    pixel (row i, column j) covers u in [j, j + 1), v in [i, i + 1). focal and centre in pixels, the rest in metres.
    """

    width: int
    height: int
    focal: float
    position: F64
    rotation: F64
    aperture: float = 0.0
    focus: float = 10.0

    @property
    def centre(self) -> tuple[float, float]:
        """Principal point (u, v) in pixels."""
        return self.width / 2.0, self.height / 2.0


@dataclass(frozen=True, eq=False)
class SceneFrame:
    """Everything one picture needs. mirror_height: z of a horizontal wet or water plane, if there is one."""

    time: float
    interval: float
    camera: Camera
    previous_camera: Camera
    surfaces: tuple[Surface, ...]
    sky: Sky
    key_light: KeyLight | None = None
    lamps: tuple[Lamp, ...] = ()
    particles: tuple[Particles, ...] = ()
    fog: Fog | None = None
    mirror_height: float | None = None
    names: dict[int, str] = field(default_factory=dict)
