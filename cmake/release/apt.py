#!/usr/bin/env python3
"""Makes an apt repository, a directory that any web server or file:// can serve, of the Debian packages that there are.

apt.py --output DIRECTORY --from DIRECTORY-WITH-PACKAGES

Whoever publishes it signs it: gpg --clearsign -o InRelease Release
"""
import argparse
import email.utils
import glob
import gzip
import hashlib
import os
import shutil
import subprocess
import sys


def index_of(packages):
    """The stanzas of the packages in this directory."""
    found = subprocess.run(["dpkg-scanpackages", "--multiversion", "."], check=True, capture_output=True, text=True)
    if found.stdout.count("Package: ") != len(packages):
        sys.exit(f"apt.py: expected {len(packages)} packages in the index, got:\n{found.stdout}{found.stderr}")
    return found.stdout.encode()


def release_of(files, architectures, epoch):
    lines = ["Origin: ctest-matrix", "Label: ctest-matrix", "Suite: stable", "Codename: stable",
             f"Date: {email.utils.formatdate(epoch, usegmt=True).replace('GMT', 'UTC')}",
             f"Architectures: {' '.join(sorted(architectures))}", "Components: ./", "SHA256:"]
    for name in files:
        with open(name, "rb") as content:
            text = content.read()
        lines.append(f" {hashlib.sha256(text).hexdigest()} {len(text)} {name}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True)
    parser.add_argument("--from", dest="place", required=True)
    asked = parser.parse_args()
    debs = sorted(glob.glob(f"{asked.place}/*.deb"))
    if not debs:
        sys.exit(f"apt.py: expected Debian packages in {asked.place}, got none")
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", max(os.path.getmtime(each) for each in debs)))
    shutil.rmtree(asked.output, ignore_errors=True)
    os.makedirs(asked.output)
    for package in debs:
        shutil.copy(package, asked.output)
    os.chdir(asked.output)
    packages = sorted(os.listdir("."))
    index = index_of(packages)
    with open("Packages", "wb") as file:
        file.write(index)
    with open("Packages.gz", "wb") as file:
        file.write(gzip.compress(index, mtime=0))
    architectures = {line.split()[1] for line in index.decode().splitlines() if line.startswith("Architecture: ")}
    with open("Release", "w", encoding="utf-8") as file:
        file.write(release_of(["Packages", "Packages.gz"], architectures, epoch))
    print(f"{asked.output}: {', '.join(packages)}")


main()
