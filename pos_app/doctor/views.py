"""What the doctor tells the screens. Free of Qt."""

from dataclasses import dataclass
from pathlib import Path

from pos_app.doctor.checks import Finding
from pos_app.words import Text


class OfDoctor:
    """Something for the doctor's page."""


@dataclass(frozen=True, slots=True)
class Checked(OfDoctor):
    """One check is done."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class AllChecked(OfDoctor):
    """All of them are done.

    Attributes:
        at_ms: when it was begun, wall clock.
        took_ms: how long it took.
    """

    at_ms: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class SupportShown(OfDoctor):
    """The report for support: the very text that is saved."""

    text: str


@dataclass(frozen=True, slots=True)
class SupportSaved(OfDoctor):
    """It was saved."""

    path: Path


@dataclass(frozen=True, slots=True)
class BackedUp(OfDoctor):
    """The journal was backed up.

    Attributes:
        path: where to.
        entries: how many it holds.
        here: in the file system that the journal is in.
        checked: it is sound; else the journal is a damaged one, kept as it is for those who can mend it.
    """

    path: Path
    entries: int
    here: bool
    checked: bool = True


@dataclass(frozen=True, slots=True)
class BackupRefused(OfDoctor):
    """It was not; why, and what helps."""

    title: Text
    advice: Text


@dataclass(frozen=True, slots=True)
class SupportRefused(OfDoctor):
    """It was not saved; why, and what helps."""

    title: Text
    advice: Text
