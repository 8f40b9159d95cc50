#!/usr/bin/env python3
"""Checks cmake/recipes: recipes.py SOURCE-DIRECTORY CMAKE"""
import ast
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

source, cmake = pathlib.Path(sys.argv[1]), sys.argv[2]
recipes = source / "cmake" / "recipes"
problems = []


def libraries():
    """What CTestMatrixDependencies.cmake requires, by the names that Homebrew has for them."""
    text = (source / "cmake" / "CTestMatrixDependencies.cmake").read_text()
    return {name for name in re.findall(r"_ctest_matrix_require\(\w+ .* (\S+)\)", text) if name != "googletest"}


def expect_libraries(recipe, found):
    missing = {each.replace("_", "-") for each in libraries()} - {each.replace("_", "-") for each in found}
    if missing:
        problems.append(f"{recipe}: the build needs {', '.join(sorted(missing))}, which the recipe does not name")


def vcpkg_manifest(path):
    manifest = json.loads(path.read_text().replace("@VERSION@", "1.2.3"))
    known = {"name", "version-semver", "description", "license", "supports", "dependencies"}
    names = [each if isinstance(each, str) else each["name"] for each in manifest["dependencies"]]
    for name in [manifest["name"], *names]:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            problems.append(f"{path}: expected a name of lower-case words between hyphens, got {name}")
    if set(manifest) != known or names != sorted(names):
        problems.append(f"{path}: expected the keys {sorted(known)} and sorted dependencies, got {sorted(manifest)}, {names}")
    expect_libraries(path, names)


def vcpkg_portfile(path):
    """Run by CMake, where each function of vcpkg only notes that it was called."""
    functions = ["vcpkg_download_distfile", "vcpkg_extract_source_archive", "vcpkg_cmake_configure", "vcpkg_cmake_install",
                 "vcpkg_cmake_config_fixup", "vcpkg_copy_tools", "vcpkg_install_copyright"]
    with tempfile.TemporaryDirectory() as place:
        script = pathlib.Path(place) / "run.cmake"
        script.write_text("".join(f"function({name})\n  message(STATUS {name})\nendfunction()\n" for name in functions) +
                          f'set(CURRENT_PACKAGES_DIR "{place}/packages")\ninclude("{path}")\n')
        done = subprocess.run([cmake, "-P", script], capture_output=True, text=True)
    called = re.findall(r"^-- (\w+)$", done.stdout, re.M)
    if done.returncode != 0 or called != functions:
        problems.append(f"{path}: expected the calls {functions}, got {called}\n{done.stderr}")


def conanfile(path):
    tree = ast.parse(path.read_text(), str(path))
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and getattr(each.func, "attr", "") == "requires"]
    expect_libraries(path, [call.args[0].value.split("/")[0] for call in calls])


def formula(path):
    expect_libraries(path, re.findall(r'depends_on "([^"]+)"', path.read_text()))
    ruby = shutil.which("ruby")
    checked = ruby and subprocess.run([ruby, "-c", path], capture_output=True, text=True)
    if checked and checked.returncode != 0:
        problems.append(f"{path}: {checked.stderr}")


vcpkg_manifest(recipes / "vcpkg" / "vcpkg.json")
vcpkg_portfile(recipes / "vcpkg" / "portfile.cmake")
conanfile(recipes / "conan" / "conanfile.py")
formula(recipes / "homebrew" / "ctest-matrix.rb")
for path in sorted(recipes.rglob("*")):
    unknown = path.is_file() and set(re.findall(r"@(\w+)@", path.read_text())) - {"VERSION", "URL", "SHA256", "SHA512"}
    if unknown:
        problems.append(f"{path}: a release does not know {sorted(unknown)}")
print("\n".join(problems))
sys.exit(1 if problems else 0)
