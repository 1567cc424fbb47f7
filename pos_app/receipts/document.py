"""One piece of paper to hand out, whatever it says: payment slips, refund slips, shift reports, the test page.

What stands on it is said by `content` and its neighbours, where it stands by `layout`; printers know only this.
"""

import re
from dataclasses import dataclass

from pos_app.receipts.blocks import Block
from pos_app.words import Language


@dataclass(frozen=True, slots=True)
class Document:
    """A piece of paper.

    Attributes:
        name: what a file of it is called, without an ending; see `file_name`.
        title: its title where a reader of files shows one.
        blocks: what stands on it, from top to bottom.
        language: what it is written in.
        opens_drawer: whether the cash drawer opens with it. For cash only: no drawer opens for a scanned payment.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    language: Language = Language.VI
    opens_drawer: bool = False


def file_name(*parts: str) -> str:
    """The parts that are not empty as one name that every file system takes."""
    return "-".join(re.sub(r"[^A-Za-z0-9_-]", "_", part) for part in parts if part)
