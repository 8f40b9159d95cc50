#!/usr/bin/env python3
"""Makes a root that has nothing but Debian packages of this machine: what is essential, apt, those that are named, and
what they depend on; without their documentation. bare_root.py ROOT NAME..., where a name is a package or an absolute
path in one; exit status 77 where a name is in no package."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

STATUS = pathlib.Path("/var/lib/dpkg/status")
LEFT_OUT = ("/usr/share/doc/", "/usr/share/man/", "/usr/share/locale/", "/usr/share/info/", "/usr/share/bug/",
            "/usr/share/lintian/", "/usr/share/i18n/")


def installed():
    """The packages of this machine: name to the fields of its paragraph, as they stand there."""
    packages = {}
    for paragraph in STATUS.read_text().split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): ?(.*(?:\n[ \t].*)*)", paragraph, re.M))
        if fields.get("Status", "").endswith(" installed"):
            packages.setdefault(fields["Package"], {**fields, "": paragraph.strip("\n")})
    return packages


def names_in(field):
    """The names in a list of dependencies, each one with its alternatives."""
    for group in field.replace("\n", " ").split(","):
        names = [re.split(r"[ (:\[]", each.strip())[0] for each in group.split("|")]
        if names[0]:
            yield names


def closure(packages, wanted):
    provided = {}
    for name, fields in packages.items():
        for names in names_in(fields.get("Provides", "")):
            provided.setdefault(names[0], name)
    found, left = set(), list(wanted)
    while left:
        name = left.pop()
        if name in found:
            continue
        found.add(name)
        for key in ("Pre-Depends", "Depends"):
            for names in names_in(packages[name].get(key, "")):
                here = [each for each in names if each in packages] or [provided[each] for each in names if each in provided]
                left += here[:1]
    return found


def package_of(name, packages):
    if not name.startswith("/"):
        return name if name in packages else None
    told = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
    return re.split("[:,]", told.stdout)[0] if told.returncode == 0 else None


def list_of(name, fields):
    information = STATUS.parent / "info"
    plain, of_architecture = information / f"{name}.list", information / f"{name}:{fields['Architecture']}.list"
    return plain if plain.exists() else of_architecture


def copy(path, root):
    source, target = pathlib.Path(path), root / path.lstrip("/")
    if target.is_symlink() or target.exists() or not (source.is_symlink() or source.exists()):
        return
    if source.is_dir() and not source.is_symlink():
        target.mkdir(parents=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        target.symlink_to(os.readlink(source))
    elif source.is_file():
        shutil.copy2(source, target)


def main():
    root = pathlib.Path(sys.argv[1])
    packages = installed()
    wanted = [name for name, fields in packages.items() if fields.get("Essential") == "yes"] + ["apt"]
    for name in sys.argv[2:]:
        package = package_of(name, packages)
        if package is None:
            print(f"{name} is in no Debian package that is installed here", file=sys.stderr)
            sys.exit(77)
        wanted.append(package)
    chosen = sorted(closure(packages, wanted))
    for directory in ("bin", "sbin", "lib", "lib64", "lib32", "libx32"):
        if os.path.islink(f"/{directory}"):
            copy(f"/{directory}", root)
            (root / os.readlink(f"/{directory}")).mkdir(parents=True, exist_ok=True)
    own = root / "var" / "lib" / "dpkg"
    (own / "info").mkdir(parents=True)
    for name in chosen:
        files = list_of(name, packages[name])
        shutil.copy2(files, own / "info")
        for path in files.read_text().splitlines():
            if path != "/." and not (path + "/").startswith(LEFT_OUT):
                copy(path, root)
    for link in filter(os.path.islink, sorted(pathlib.Path("/etc/alternatives").iterdir())):
        target = os.readlink(link)
        if (root / target.lstrip("/")).exists():
            copy(str(link), root)
            for name in (f"/usr/bin/{link.name}", f"/usr/sbin/{link.name}"):
                if os.path.islink(name) and os.readlink(name) == str(link):
                    copy(name, root)
    for path in ("/etc/passwd", "/etc/group", "/etc/nsswitch.conf"):
        copy(path, root)
    for directory in ("tmp", "proc", "dev", "sys", "run", "root", "opt", "var/lib/dpkg/updates", "var/cache/apt/archives/partial",
                      "var/lib/apt/lists/partial", "etc/apt/sources.list.d", "var/log", "var/tmp"):
        (root / directory).mkdir(parents=True, exist_ok=True)
    (own / "status").write_text("\n\n".join(packages[name][""] for name in chosen) + "\n")
    (own / "arch").write_text(packages["dpkg"]["Architecture"] + "\n")
    (own / "available").touch()
    subprocess.run(["ldconfig", "-r", root], check=True)
    print(f"{len(chosen)} packages")


main()
