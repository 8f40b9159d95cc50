"""The bill of materials of a program, as SPDX 2.3 says it in JSON."""
import datetime
import hashlib
import re
import uuid

from linked import licence_of


def spdx_id(name):
    return "SPDXRef-Package-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name, version, licence, references, **more):
    return {"SPDXID": spdx_id(name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": "NOASSERTION",
            "externalRefs": references, **more}


def debian_package(name, version, cpu):
    architecture = {"x64": "amd64", "arm64": "arm64"}[cpu]
    locator = f"pkg:deb/debian/{name.replace('+', '%2B')}@{version.replace('+', '%2B')}?arch={architecture}"
    return package(name, version, licence_of(name),
                   [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}])


def make_sbom(version, cpu, program, packages, epoch):
    """For the program in this file, with pairs of a Debian package and its version."""
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    name = f"ctest-matrix-{version}-linux-{cpu}"
    own = package("ctest-matrix", version, "Apache-2.0", [], primaryPackagePurpose="APPLICATION",
                  checksums=[{"algorithm": "SHA256", "checksumValue": digest}])
    parts = [debian_package(each, its_version, cpu) for each, its_version in packages]
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
            "documentNamespace": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
            "creationInfo": {"created": datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                             "creators": ["Tool: ctest-matrix-release"]},
            "packages": [own, *parts],
            "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                               "relatedSpdxElement": own["SPDXID"]}] +
                             [{"spdxElementId": own["SPDXID"], "relationshipType": "STATIC_LINK",
                               "relatedSpdxElement": part["SPDXID"]} for part in parts]}
