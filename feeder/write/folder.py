"""Files below one folder, by descriptors: no link below it is ever followed, so nothing is read or written outside."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
STAGED = ".feeder-new"
# What the system says where there is no such file, or a folder, a link or a socket of that name.
_NO_FILE = frozenset((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG))
# What it says of a folder that is not empty, is none, or is not to be removed.
_STAYS = frozenset((errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM, errno.EBUSY))


def staged_name(name: str) -> str:
    """Return the name under which the file `name` is staged in its own folder."""
    return f".{name}{STAGED}"


@contextlib.contextmanager
def _opened(root: int, parts: list[str]) -> Iterator[int]:
    """Open the folder `parts` below `root`, one part after the other; a link in between is an OSError."""
    descriptor = os.dup(root)
    try:
        for part in parts:
            inner = os.open(part, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def read_file(root: int, path: str) -> bytes | None:
    """Return the bytes of the regular file at `path` below `root`; None where there is none (or a link).

    Raises OSError where there is one that cannot be read.
    """
    *folders, name = path.split("/")
    try:
        with _opened(root, folders) as folder:
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            with open(descriptor, "rb", closefd=False) as stream:
                return stream.read()
        finally:
            os.close(descriptor)
    except OSError as problem:
        if problem.errno in _NO_FILE:
            return None
        raise


def looks(root: int, paths: Iterable[str]) -> dict[str, str]:
    """Return how each of the regular files at `paths` below `root` looks from outside: what changes when it does.

    What is not there, or is no regular file, is not in it; a link on the way is not followed.
    """
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        by_folder.setdefault(folder, []).append(name)
    found: dict[str, str] = {}
    for folder, names in by_folder.items():
        with _missing_allowed(), _opened(root, [part for part in folder.split("/") if part]) as descriptor:
            for name in names:
                with _missing_allowed():
                    status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        look = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
                        found[f"{folder}/{name}" if folder else name] = look
    return found


@contextlib.contextmanager
def _missing_allowed() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno not in _NO_FILE:
            raise


def make_folders(root: int, path: str) -> Iterator[str]:
    """Make the folders that the file `path` needs below `root`; yield each that was not there, once it is.

    A link where a folder belongs is replaced; raises NotADirectoryError where a file is in the way.
    """
    folders = path.split("/")[:-1]
    for depth, part in enumerate(folders):
        whole = "/".join(folders[: depth + 1])
        with _opened(root, folders[:depth]) as folder:
            mode = _mode(folder, part)
            if stat.S_ISDIR(mode):
                continue
            if mode and not stat.S_ISLNK(mode):
                raise NotADirectoryError(errno.ENOTDIR, "a file stands where a folder belongs", whole)
            if mode:
                os.unlink(part, dir_fd=folder)
            os.mkdir(part, dir_fd=folder)
        yield whole


def refuse_folder(root: int, path: str) -> None:
    """Raise IsADirectoryError where a folder stands at `path` below `root`, where a file belongs."""
    *folders, name = path.split("/")
    with _opened(root, folders) as folder:
        if stat.S_ISDIR(_mode(folder, name)):
            raise IsADirectoryError(errno.EISDIR, "a folder stands where the file belongs", path)


def stage_file(root: int, path: str, data: bytes) -> None:
    """Write `data` beside the file `path` below `root`, under its staged name; whatever stood there is replaced."""
    *folders, name = path.split("/")
    with _opened(root, folders) as folder:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(staged_name(name), dir_fd=folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(staged_name(name), flags, 0o666, dir_fd=folder)
        with open(descriptor, "wb", buffering=0) as stream:
            view = memoryview(data)
            while view:
                view = view[stream.write(view) :]


def publish_file(root: int, path: str) -> None:
    """Rename the staged file into its place: readers see the old one or the new one, whole."""
    *folders, name = path.split("/")
    with _opened(root, folders) as folder:
        os.rename(staged_name(name), name, src_dir_fd=folder, dst_dir_fd=folder)


def discard_file(root: int, path: str) -> None:
    """Remove what is staged for `path`, if anything is."""
    *folders, name = path.split("/")
    with contextlib.suppress(OSError), _opened(root, folders) as folder:
        os.unlink(staged_name(name), dir_fd=folder)


def remove_file(root: int, path: str) -> None:
    """Remove the file at `path` below `root`."""
    *folders, name = path.split("/")
    with _opened(root, folders) as folder:
        os.unlink(name, dir_fd=folder)


def remove_empty(root: int, path: str) -> str:
    """Remove the folder `path` below `root` and its parents as far as they are empty; return the one that stays."""
    folders = [part for part in path.split("/") if part]
    while folders:
        try:
            with _opened(root, folders[:-1]) as folder:
                os.rmdir(folders[-1], dir_fd=folder)
        except FileNotFoundError:
            pass
        except OSError as problem:
            if problem.errno in _STAYS:
                break
            raise
        folders.pop()
    return "/".join(folders)


def sync_folder(root: int, path: str) -> None:
    """Make the renames in the folder `path` below `root` survive a power cut."""
    with _opened(root, [part for part in path.split("/") if part]) as folder:
        os.fsync(folder)


def sync_staged(root: int, path: str) -> None:
    """Make the staged file for `path` survive a power cut."""
    *folders, name = path.split("/")
    with _opened(root, folders) as folder:
        descriptor = os.open(staged_name(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_file_system(root: int) -> bool:
    """Sync the whole file system that `root` is on, with one call; False where this system has no such call."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # noqa: PLC0415 - 10 ms that only large builds need

    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):
        return False
    if library.syncfs(root) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return True


def sweep(root: int) -> None:
    """Remove every staged file that a killed build left below `root`, and the folders that only held such files."""
    for path, _, files, descriptor in os.fwalk(".", topdown=False, dir_fd=root):
        staged = [name for name in files if name.startswith(".") and name.endswith(STAGED)]
        for name in staged:
            with contextlib.suppress(OSError):
                os.unlink(name, dir_fd=descriptor)
        if staged:
            remove_empty(root, path.removeprefix(".").removeprefix("/"))


def is_there(root: int, name: str) -> bool:
    """Say whether anything called `name` is in the folder `root`."""
    return _mode(root, name) != 0


def exists(root: int, path: str) -> bool:
    """Say whether anything stands at `path` below `root`, a link too."""
    *folders, name = path.split("/")
    try:
        with _opened(root, folders) as folder:
            return _mode(folder, name) != 0
    except OSError as problem:
        if problem.errno in _NO_FILE:
            return False
        raise


def _mode(folder: int, name: str) -> int:
    """Return the mode of `name` in `folder`, a link's own; 0 where there is nothing."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return 0
