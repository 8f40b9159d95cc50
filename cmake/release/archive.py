"""Archives that have the same bytes whenever and wherever they are made of the same files."""
import gzip
import io
import os
import tarfile


def executable(path):
    return os.access(path, os.X_OK)


def tar_gz(target, files, epoch):
    """Writes `files`, pairs of a name in the archive and a path, sorted by name; times, owners and modes say nothing."""
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, path in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.mtime = epoch
            if os.path.islink(path):
                entry.type, entry.linkname = tarfile.SYMTYPE, os.readlink(path)
                tar.addfile(entry)
                continue
            entry.size = os.path.getsize(path)
            entry.mode = 0o755 if executable(path) else 0o644
            with open(path, "rb") as content:
                tar.addfile(entry, content)
    with open(target, "wb") as out, gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=9, mtime=0) as packed:
        packed.write(memory.getvalue())


def files_below(directory, prefix=""):
    """Each file below a directory, as `tar_gz` wants it."""
    for place, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(place, name)
            yield os.path.join(prefix, os.path.relpath(path, directory)), path
