"""The bytes of objects, kept by gcp-storage-emulator in this process.

The emulator knows no generations and cannot hold "a" beside "a/b", so each generation is an object of its own there,
under a name that no caller sees. Its index is written to disk after every change, which costs more with every object;
ours is in memory and a restart is a fresh account, so the index is left unwritten.
"""

import hashlib
from pathlib import Path

from gcp_storage_emulator.storage import Storage


class _Emulator(Storage):
    def _write_config_to_file(self) -> None:
        """Not written: see the module's docstring."""


class Contents:
    def __init__(self, folder: Path) -> None:
        self._emulator = _Emulator(data_dir=str(folder.absolute()))

    def add_bucket(self, bucket: str) -> None:
        self._emulator.create_bucket(bucket, {"name": bucket, "softDeletePolicy": {"retentionDurationSeconds": "0"}})

    def remove_bucket(self, bucket: str) -> None:
        self._emulator.delete_bucket(bucket)

    def put(self, bucket: str, name: str, generation: int, content: bytes) -> None:
        self._emulator.create_file(bucket, _key(name, generation), content, {})

    def get(self, bucket: str, name: str, generation: int) -> bytes:
        return self._emulator.get_file(bucket, _key(name, generation))

    def remove(self, bucket: str, name: str, generation: int) -> None:
        self._emulator.delete_file(bucket, _key(name, generation))


def _key(name: str, generation: int) -> str:
    return f"{hashlib.sha256(name.encode()).hexdigest()}-{generation}"
