"""Vietnamese text as people search for it: without marks, without capitals, one blank between words.

What is stored in this form is compared with what is typed: a change here wants a migration.
"""

import unicodedata

_NO_MARK = str.maketrans({"đ": "d", "Đ": "d"})


def plain(text: str) -> str:
    """`Bàn  5, Đỗ Hữu` → `ban 5, do huu`."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(bare.translate(_NO_MARK).casefold().replace("\0", " ").split())
