"""A typing tool with VNI's rules, as the window sees it: digits after a vowel become Backspaces and letters anew.

Built from the rules alone and apart from `pos_app.scanning.typing_tool`, which has to undo it.
"""

import unicodedata

TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
SHAPES = {"6": ("\u0302", "aeo"), "7": ("\u031b", "ou"), "8": ("\u0306", "a")}
VOWELS = "aeiouy"


class Vni:
    """Plays keys: `type` gives what reaches the window for one key, with Backspace as "\\b"."""

    def __init__(self, word: str = "") -> None:
        self.word = word

    def type(self, key: str) -> str:
        changed = self._changed(key)
        if changed is None:
            self.word += key
            return key
        keep = next(place for place in range(len(self.word)) if self.word[place] != changed[place])
        out = "\b" * (len(self.word) - keep) + changed[keep:]
        self.word = changed
        if self._gone:
            self.word += key
            out += key
        return out

    def _changed(self, key: str) -> str | None:
        """The word after the key; None where the key stays what it is."""
        self._gone = False
        if not self.word.isalpha():
            return None
        if key == "9" and self.word[0] in "dD":
            return ("đ" if self.word[0] == "d" else "Đ") + self.word[1:]
        places = [place for place, letter in enumerate(self.word) if base(letter) in VOWELS]
        if key in SHAPES:
            mark, letters = SHAPES[key]
            places = [place for place in places if base(self.word[place]) in letters]
            return self._marked(places, mark, "\u0302\u031b\u0306")
        if key in TONES:
            return self._marked(places, TONES[key], "".join(TONES.values()))
        if key == "0":
            return self._marked(places, "", "".join(TONES.values()))
        return None

    def _marked(self, places: list[int], mark: str, kind: str) -> str | None:
        if not places:
            return None
        place = places[-1]
        parts = unicodedata.normalize("NFD", self.word[place])
        without = "".join(one for one in parts if one not in kind)
        self._gone = bool(mark) and mark in parts  # the same again takes it off, and the digit stands
        marks = without[1:] + ("" if self._gone else mark)
        in_order = sorted(marks, key=lambda one: one in TONES.values())  # ằ is ă with a tone, and never à with a shape
        letter = unicodedata.normalize("NFC", without[0] + "".join(in_order))
        changed = self.word[:place] + letter + self.word[place + 1 :]
        return None if changed == self.word else changed


def base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()
