"""The software bill of materials: what calfeed needs to run, as CycloneDX 1.6, made of `requirements/main.txt`.

It is made of the list and not of what is installed here, so it holds for every platform, and equal lists give
equal bytes: no clock, no chance, no name of a machine stands in it.
"""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterable

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement

from release.lock import PROJECT, ROOT, Locked


def bill_of_materials(version: str, locked: Iterable[Locked]) -> bytes:
    """The bill of this version of calfeed; raises ValueError where CycloneDX's own schema refuses it."""
    everything = sorted(locked, key=lambda one: (one.name, one.version))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {Requirement(line).name for line in project["optional-dependencies"]["objects"]}
    root = Component(
        name=project["name"],
        version=version,
        type=ComponentType.APPLICATION,
        description=project["description"],
        licenses=[LicenseExpression(project["license"])],
        purl=PackageURL("pypi", None, project["name"], version),
        bom_ref=f"pkg:pypi/{project['name']}@{version}",
    )
    parts = [_component(one, optional=one.name in extras) for one in everything]
    bom = Bom(components=parts, serial_number=_serial(version, everything))
    bom.metadata.component = root
    bom.metadata.timestamp = None  # type: ignore[assignment]  # it may be left out, and is no fact of the list
    for who, ref in ((PROJECT, root), *zip((one.name for one in everything), parts, strict=True)):
        bom.register_dependency(ref, [p for one, p in zip(everything, parts, strict=True) if who in one.via])
    return _checked(JsonV1Dot6(bom).output_as_string(indent=1))


def _component(one: Locked, *, optional: bool) -> Component:
    """A package: where it is installed, and the hashes of its files, of which each platform takes one."""
    purl = PackageURL("pypi", None, one.name, one.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(purl.to_string()),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in one.hashes],
    )
    return Component(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.OPTIONAL if optional or one.marker else ComponentScope.REQUIRED,
        description=f"only where {one.marker}" if one.marker else None,
        purl=purl,
        bom_ref=purl.to_string(),
        external_references=[files],
    )


def _serial(version: str, locked: list[Locked]) -> uuid.UUID:
    """The same for the same list and version (RFC 9562 §5.5)."""
    told = "\n".join([version, *(f"{one.name}=={one.version} {' '.join(one.hashes)}" for one in locked)])
    return uuid.uuid5(uuid.NAMESPACE_URL, told)


def _checked(text: str) -> bytes:
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error:
        raise ValueError(f"not a CycloneDX document: {error}")
    return text.encode() + b"\n"
