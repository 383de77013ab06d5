"""One running program per SQLite file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from bot.errors import AlreadyRunning

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Held by the process as long as it lives: a killed one lets go by itself."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises `AlreadyRunning` at once when another process has it."""
        file = self.path.open("a+", encoding="ascii")
        try:
            _lock(file)
        except OSError:
            file.seek(0)
            who = file.read().strip() or "unknown"
            file.close()
            problem = f"Afterword already runs on {self.path.name.removesuffix('.lock')} (process {who})."
            raise AlreadyRunning(problem, "Stop it first, or give this one another DATABASE_URL.") from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go."""
        if self._file:
            self._file.close()
            self._file = None
