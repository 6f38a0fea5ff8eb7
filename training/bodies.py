"""Draws a person from a seed: the shape, not yet a pose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from training.rotations import Array

if TYPE_CHECKING:
    from anny import Anny

Sex = Literal["female", "male"]

#: Shape changes worth varying for a pelvis estimator: they move the soft outline of hip,
#: waist and thigh, or the length of the legs, while the hip joints stay where they are.
LOCAL_CHANGES = (
    "hip-scale-horiz-incr",
    "hip-scale-depth-incr",
    "buttocks-volume-incr",
    "measure-waist-circ-incr",
    "measure-hips-circ-incr",
    "measure-thigh-circ-incr",
    "torso-scale-horiz-incr",
    "measure-shoulder-dist-incr",
    "stomach-tone-incr",
    "head-fat-incr",
    "head-scale-horiz-incr",
    "nose-scale-vert-incr",
    "mouth-scale-horiz-incr",
)


@dataclass(frozen=True)
class BodySpec:
    """What makes a person: anny phenotypes (0..1) and local changes (-1..1)."""

    seed: int
    sex: Sex
    phenotype: dict[str, float]
    local: dict[str, float]


@dataclass(frozen=True)
class Body:
    """A person at rest: metres, world axes of `training.rotations`.

    Attributes
    ----------
    spec : the draw it comes from.
    vertices : (V, 3) skin at rest, arms half lowered.
    faces : (F, 3) triangles.
    bone_names : B names.
    parents : (B,) index of each parent, -1 for the root; parents come first.
    heads : (B, 3) joint centres at rest.
    bone_index, bone_weight : (V, K) skinning.
    uv : (V, 2) place of each vertex on the unwrapped skin.
    """

    spec: BodySpec
    vertices: Array
    faces: NDArray[np.int64]
    bone_names: tuple[str, ...]
    parents: NDArray[np.int64]
    heads: Array
    bone_index: NDArray[np.int64]
    bone_weight: Array
    uv: Array

    @property
    def height_m(self) -> float:
        """Standing height, sole to crown."""
        return float(np.ptp(self.vertices[:, 2]))

    def head(self, bone: str) -> Array:
        """Joint centre (3,) at which `bone` starts."""
        return self.heads[self.bone_names.index(bone)]


def sample_spec(seed: int, sex: Sex | None = None) -> BodySpec:
    """Draw an adult from `seed`; `sex` fixes that one choice."""
    rng = np.random.default_rng(seed)
    drawn: Sex = "female" if rng.random() < 0.5 else "male"
    sex = sex or drawn
    origin = rng.dirichlet([0.6, 0.6, 0.6])
    phenotype = {
        # anny's scale runs from 0 male to 1 female; the ends are caricatures.
        "gender": float(rng.uniform(0.85, 1.0) if sex == "female" else rng.uniform(0.0, 0.15)),
        "age": float(rng.uniform(0.66, 0.9)),
        "muscle": float(rng.uniform(0.35, 0.75)),
        "weight": float(rng.uniform(0.3, 0.75)),
        "height": float(rng.uniform(0.35, 0.65)),
        "proportions": float(rng.uniform(0.4, 0.8)),
        "cupsize": float(rng.uniform(0.2, 0.6)),
        "firmness": float(rng.uniform(0.4, 0.8)),
        **dict(zip(("african", "asian", "caucasian"), map(float, origin), strict=True)),
    }
    local = {name: float(rng.normal(0.0, 0.25)) for name in LOCAL_CHANGES}
    return BodySpec(seed, sex, phenotype, {k: min(max(v, -0.6), 0.6) for k, v in local.items()})


@cache
def _model() -> Anny:
    """Load the parametric model once per process (about half a minute)."""
    import anny
    import torch

    torch.set_num_threads(1)
    return anny.Anny(phenotypes="all", local_changes=list(LOCAL_CHANGES)).to(dtype=torch.float32)


def _vertex_uv(model: Anny, count: int) -> Array:
    """One texture coordinate per vertex; on a seam any of them will do."""
    uv = np.zeros((count, 2))
    corners = model.face_texture_coordinate_indices.numpy()
    uv[model.faces.numpy()] = model.texture_coordinates.double().numpy()[corners]
    return uv


def texture_mask(name: str) -> Array:
    """One of the skin masks that come with the body (CC0), (H, W) in 0..1."""
    import anny
    import cv2

    folder = Path(anny.__file__).parent / "data" / "mpfb2" / "textures"
    image = cv2.imread(str(folder / f"mpfb_{name}.jpg"), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise FileNotFoundError(f"the installed anny has no skin mask {name!r} in {folder}")
    return image.astype(np.float64) / 255.0


def build(spec: BodySpec) -> Body:
    """Turn a draw into a mesh with a skeleton."""
    import torch

    model = _model()
    pose = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    with torch.no_grad():
        out = model(
            pose_parameters=pose,
            phenotype_kwargs=spec.phenotype,
            local_changes_kwargs=spec.local,
        )
    return Body(
        spec=spec,
        vertices=out["rest_vertices"][0].double().numpy(),
        faces=model.faces.long().numpy(),
        bone_names=tuple(model.bone_labels),
        parents=np.asarray(model.bone_parents, dtype=np.int64),
        heads=out["rest_bone_heads"][0].double().numpy(),
        bone_index=model.vertex_bone_indices.long().numpy(),
        bone_weight=model.vertex_bone_weights.double().numpy(),
        uv=_vertex_uv(model, model.vertex_bone_indices.shape[0]),
    )
