"""Files: written whole or not at all, read only if they are what they must be, and folders that have one owner."""

from .cache import cache_folder
from .json_file import read_json, write_json
from .lock import FolderLock
from .npz_file import read_npz, write_npz
from .whole import check_room, check_writable, is_replaced, sweep, written_whole

__all__ = [
    "FolderLock",
    "cache_folder",
    "check_room",
    "check_writable",
    "is_replaced",
    "read_json",
    "read_npz",
    "sweep",
    "write_json",
    "write_npz",
    "written_whole",
]
