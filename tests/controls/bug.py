"""What a seeded bug is: a small change to one file of the program, and the tests that must notice it."""

from dataclasses import dataclass
from pathlib import Path


class BugMisplacedError(ValueError):
    """The text that a bug changes does not stand exactly once in its file: the bug must follow the code."""


@dataclass(frozen=True, slots=True)
class Bug:
    """A mistake that a hurried colleague could make, to be planted in a copy of the program.

    Attributes:
        name: short, unique; what `python -m tests.controls NAME` takes.
        breaks: in one sentence, what goes wrong.
        stands_for: the rules (0.x), invariants (I…) and rows of the fault matrix (F…) that it breaks.
        file: where, from the root of the tree.
        old: the text there, which stands exactly once.
        new: what the colleague made of it.
        found_by: the tests that must fail, as pytest takes them: few, and quick.
    """

    name: str
    breaks: str
    stands_for: str
    file: str
    old: str
    new: str
    found_by: tuple[str, ...]

    def planted(self, content: str) -> str:
        """The file with the bug in it.

        Raises:
            BugMisplacedError: the old text is not there, or more than once.
        """
        if (count := content.count(self.old)) != 1:
            raise BugMisplacedError(f"{self.name}: its text stands {count} times in {self.file}")
        return content.replace(self.old, self.new)

    def plant(self, root: Path) -> None:
        """Put the bug into the tree at `root`; the file is made anew, since it may be a link to a good one."""
        path = root / self.file
        broken = self.planted(path.read_text(encoding="utf-8"))
        path.unlink()
        path.write_text(broken, encoding="utf-8")
