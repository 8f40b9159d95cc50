#!/usr/bin/env python3
"""Makes what stands on a release page, in a directory: archives, packages, their checksums, what is linked in and its licences.

release.py --source DIRECTORY --version 1.2.3 --output DIRECTORY --url URL BUILD...

BUILD is a build directory of the preset `default` or `linux-arm64` whose program is built. Of the same sources, tools and
libraries come the same bytes, wherever and whenever: times are those of the commit (or SOURCE_DATE_EPOCH).
"""
import argparse
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from archive import files_below, tar_gz
from linked import copyright_of, linked_packages
from sbom import make_sbom

CPUS = {"x86_64": "x64", "aarch64": "arm64"}


def git(source, *words):
    done = subprocess.run(["git", "-c", f"safe.directory={os.path.realpath(source)}", "-C", source, *words], capture_output=True)
    if done.returncode != 0:
        sys.exit(f"release.py: the source is taken from git: {source}: {done.stderr.decode().strip()}")
    return done.stdout


def program_of(directory):
    return os.path.join(directory, "bin", "ctest-matrix")


class Build:
    """A build directory, and what it says of itself. Its program, stripped, is put into a directory of ours."""

    def __init__(self, directory, place):
        self.directory = os.path.abspath(directory)
        with open(os.path.join(self.directory, "CPackConfig.cmake"), encoding="utf-8") as file:
            self.cpu = CPUS[re.search(r'CPACK_CTEST_MATRIX_PROCESSOR "(.*)"', file.read())[1]]
        with open(os.path.join(self.directory, "CMakeCache.txt"), encoding="utf-8") as file:
            strip = re.search(r"^CMAKE_STRIP:FILEPATH=(.*)", file.read(), re.M)[1]
        self.program = os.path.join(place, self.cpu, "ctest-matrix")
        os.makedirs(os.path.dirname(self.program))
        subprocess.run([strip, "-o", self.program, program_of(self.directory)], check=True)

    def pack(self, generator, output):
        """What cpack makes."""
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["cpack", "-G", generator, "--config", f"{self.directory}/CPackConfig.cmake", "-B", place],
                           check=True, stdout=subprocess.DEVNULL)
            made = [path for path in glob.glob(f"{place}/*") if os.path.isfile(path)]
            assert len(made) == 1, made
            return shutil.move(made[0], output)


def installed_archive(build, target, top, epoch):
    """An installation as an archive that can be unpacked anywhere."""
    with tempfile.TemporaryDirectory() as prefix:
        subprocess.run(["cmake", "--install", build.directory, "--prefix", prefix, "--component", "ctest-matrix",
                        "--strip"], check=True, stdout=subprocess.DEVNULL)
        tar_gz(target, files_below(prefix, top), epoch)


def source_archives(source, top, programs, output, epoch):
    """The source of the commit; and the same with programs, for CMake's FetchContent."""
    with tempfile.TemporaryDirectory() as place:
        tar = git(source, "archive", "HEAD")
        subprocess.run(["tar", "-x", "-C", place], input=tar, check=True)
        files = list(files_below(place, top))
        tar_gz(f"{output}/{top}-source.tar.gz", files, epoch)
        wanted = [(name, path) for name, path in files if not name.startswith(f"{top}/tests/")]
        tar_gz(f"{output}/{top}-cmake.tar.gz", wanted + programs, epoch)


def npm_tarballs(source, build, version, output):
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["cmake", f"-DPROGRAM={build.program}", f"-DCPU={build.cpu}", f"-DVERSION={version}",
                        "-DLICENSE=Apache-2.0", f"-DDIRECTORY={place}", "-P", f"{source}/cmake/PackNpm.cmake"], check=True,
                       stdout=subprocess.DEVNULL)
        for path in glob.glob(f"{place}/*.tgz"):
            shutil.move(path, os.path.join(output, "npm-" + os.path.basename(path)))


def linked_in(build, name, version, output, epoch):
    """The licences of what is linked in, and the bill of materials."""
    packages = linked_packages(build.directory)
    with open(f"{output}/{name}-licences.txt", "w", encoding="utf-8") as file:
        file.write("What is compiled and linked into the program, and its licences as Debian tells them.\n")
        for package, its_version in packages:
            file.write(f"\n{'=' * 100}\n{package} {its_version}\n{'=' * 100}\n\n{copyright_of(package)}")
    with open(f"{output}/{name}.spdx.json", "w", encoding="utf-8") as file:
        json.dump(make_sbom(version, build.cpu, build.program, packages, epoch), file, indent=1)
        file.write("\n")


def changes(source):
    """The newest section of the changelog."""
    with open(f"{source}/CHANGELOG.md", encoding="utf-8") as file:
        return re.split(r"^## .*\n", file.read(), flags=re.M)[1].strip() + "\n"


def digest(path, algorithm="sha256"):
    with open(path, "rb") as file:
        return hashlib.new(algorithm, file.read()).hexdigest()


def recipes(source, output, top, version, url):
    """The recipes of vcpkg, Conan and Homebrew for this release's source."""
    archive = f"{output}/{top}-source.tar.gz"
    values = {"VERSION": version, "URL": f"{url}/{top}-source.tar.gz", "SHA256": digest(archive),
              "SHA512": digest(archive, "sha512")}
    for name, path in files_below(f"{source}/cmake/recipes"):
        target = f"{output}/recipes/{name}"
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(path, encoding="utf-8") as file, open(target, "w", encoding="utf-8") as made:
            made.write(re.sub(r"@(VERSION|URL|SHA256|SHA512)@", lambda found: values[found[1]], file.read()))


def checksums(output):
    names = sorted(name for name, _ in files_below(output))
    with open(f"{output}/SHA256SUMS", "w", encoding="utf-8") as file:
        file.writelines(f"{digest(f'{output}/{name}')}  {name}\n" for name in names)


def main():
    parser = argparse.ArgumentParser()
    for option in ("--source", "--version", "--output", "--url"):
        parser.add_argument(option, required=True)
    parser.add_argument("builds", nargs="+")
    asked = parser.parse_args()
    os.umask(0o022) # modes are in packages
    output = os.path.abspath(asked.output)
    shutil.rmtree(output, ignore_errors=True)
    os.makedirs(output)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or git(asked.source, "log", "-1", "--format=%ct"))
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    if git(asked.source, "status", "--porcelain"):
        print("release.py: the source has changes that are not committed: the source archives are without them", file=sys.stderr)
    top = f"ctest-matrix-{asked.version}"
    with tempfile.TemporaryDirectory() as place:
        builds = [Build(each, place) for each in asked.builds if os.path.exists(program_of(each))]
        if not builds:
            sys.exit(f"release.py: expected a program in one of {', '.join(asked.builds)}")
        for build in builds:
            name = f"{top}-linux-{build.cpu}"
            installed_archive(build, f"{output}/{name}.tar.gz", name, epoch)
            build.pack("DEB", output)
            npm_tarballs(asked.source, build, asked.version, output)
            linked_in(build, name, asked.version, output, epoch)
        programs = [(f"{top}/programs/linux-{build.cpu}/ctest-matrix", build.program) for build in builds]
        source_archives(asked.source, top, programs, output, epoch)
    with open(f"{output}/CHANGES.md", "w", encoding="utf-8") as file:
        file.write(changes(asked.source))
    recipes(asked.source, output, top, asked.version, asked.url)
    checksums(output)
    print(f"{output}:")
    for name, path in sorted(files_below(output)):
        print(f"  {os.path.getsize(path):>10} {name}")


main()
