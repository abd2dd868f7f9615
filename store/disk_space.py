"""How much room there is where the service writes."""

import shutil
import tempfile
from pathlib import Path

from sqlalchemy import URL, make_url

from consultation.health import DiskSpace


def disk_spaces(url: str | URL) -> tuple[DiskSpace, ...]:
    """The folder of a SQLite store, and the one for temporary files; one of them where they share a disk."""
    address = make_url(url)
    folders = [Path(tempfile.gettempdir())]
    if address.get_backend_name() == "sqlite":
        folders.insert(0, Path(address.database or "").resolve().parent)
    by_disk = {folder.stat().st_dev: folder for folder in reversed(folders) if folder.is_dir()}
    return tuple(DiskSpace(str(folder), shutil.disk_usage(folder).free) for folder in reversed(by_disk.values()))
