"""What can go wrong, as facts. Each edge turns them into words in one place."""

from __future__ import annotations


class AfterwordError(Exception):
    """Base of every error that this program raises on purpose."""


class Refused(AfterwordError):
    """A command can't be done; `advice` says what to do about it. Exit code 1."""

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(f"{problem}\n{advice}" if advice else problem)
        self.problem = problem
        self.advice = advice


class SettingsInvalid(Refused):
    """The environment or `.env` holds a value that can't be used."""


class ProgramInvalid(Refused):
    """The program file has a mistake; the problem names file, key and what is allowed."""


class SchemaTooNew(Refused):
    """The database was written by a newer version of this program."""


class SchemaTooOld(Refused):
    """The database needs `afterword migrate` first."""


class AlreadyRunning(Refused):
    """Another process already runs on this SQLite database."""


class CustomerUnknown(Refused):
    """No customer answers to this id."""


class LeaseLost(AfterwordError):
    """Another worker took the lanes over while this one was scoring; nothing was written."""


class LaneBusy(AfterwordError):
    """A second lane that the turn needs is in another worker's hands; try again in a moment."""


class FileUnavailable(AfterwordError):
    """An attachment can't be fetched (deleted, expired, over the platform's download limit)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class EventUnreadable(AfterwordError):
    """The journal holds something that this version can't read; kept as a dead letter until one can."""
