"""What is compiled and linked into the program, as Debian's packages: asked of Ninja, of the linker and of dpkg."""
import os
import re
import subprocess
import sys
import tempfile

# The licences of what may be in the program, as SPDX says them. Another package is an error, and to be looked at.
LICENCES = {
    "libc6-dev": "LGPL-2.1-or-later",
    "libcli11-dev": "BSD-3-Clause",
    "libfmt-dev": "MIT",
    "libgcc-*-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libpugixml-dev": "MIT",
    "libstdc++-*-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libyaml-cpp-dev": "MIT",
    "linux-libc-dev": "GPL-2.0-only WITH Linux-syscall-note",
    "nlohmann-json3-dev": "MIT",
    "zlib1g-dev": "Zlib",
}


def output_of(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"release.py: {' '.join(command[:4])[:200]} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def headers(build):
    """Every header outside of the project that an object of the program was compiled with."""
    inputs = set(re.findall(r"\S+\.(?:o|gch)\b", output_of("ninja", "-C", build, "-t", "inputs", "bin/ctest-matrix")))
    found, wanted = set(), False
    for line in output_of("ninja", "-C", build, "-t", "deps").splitlines():
        if not line.startswith(" "):
            wanted = line.split(":")[0] in inputs
        elif wanted and line.strip().startswith("/usr/"):
            found.add(os.path.normpath(line.strip()))
    return found


def archives(build):
    """Every archive and object outside of the project that the linker takes."""
    command = output_of("ninja", "-C", build, "-t", "commands", "-s", "bin/ctest-matrix").strip()
    with tempfile.TemporaryDirectory() as place:
        traced = command.replace(" -o bin/ctest-matrix ", f" -Wl,--trace -o {place}/program ")
        if traced == command:
            sys.exit(f"release.py: the link command names no bin/ctest-matrix: {command}")
        output = output_of("sh", "-c", traced, cwd=build)
    return {os.path.realpath(path) for path in re.findall(r"(?:^|\()(/[^\s()]+\.[ao])\b", output, re.M)
            if not path.startswith(build)}


def licence_of(package):
    generic = re.sub(r"-\d+-", "-*-", re.sub(r"-(arm64|amd64)-cross$", "", package))
    if generic not in LICENCES:
        sys.exit(f"release.py: the licence of {package}, which is in the program, is not known: see {__file__}")
    return LICENCES[generic]


def linked_packages(build):
    """Pairs of a package and its version, sorted."""
    files = sorted(headers(build) | archives(build))
    packages = set()
    for line in output_of("dpkg", "-S", *files).splitlines():
        packages.update(name.split(":")[0] for name in line.split(": ")[0].split(", "))
    versions = [(name, output_of("dpkg-query", "-W", "-f", "${Version}\n", name).splitlines()[0]) for name in packages]
    return sorted(versions)


def copyright_of(package):
    with open(f"/usr/share/doc/{package}/copyright", encoding="utf-8") as file:
        return file.read()
