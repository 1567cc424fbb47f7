"""The QR picture: readable, error correction M, with its quiet zone."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pos_app.qr.picture import QUIET_ZONE, Modules, modules


def read(rows: Modules) -> list[zxingcpp.Barcode]:
    picture = Image.new("L", (len(rows), len(rows)))
    picture.putdata([0 if module else 255 for row in rows for module in row])
    return zxingcpp.read_barcodes(picture.resize((len(rows) * 4, len(rows) * 4), Image.Resampling.NEAREST))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1, max_size=300))
def test_any_text_is_read_back(text: str) -> None:
    [code] = read(modules(text))
    assert code.text == text
    assert code.ec_level == "M"


def test_it_is_a_square_with_a_light_quiet_zone() -> None:
    rows = modules("PHIEU:261121_02-000148")
    assert len(rows) == 25 + 2 * QUIET_ZONE
    assert {len(row) for row in rows} == {len(rows)}
    border = [*rows[:QUIET_ZONE], *rows[-QUIET_ZONE:]]
    border += [row[:QUIET_ZONE] + row[-QUIET_ZONE:] for row in rows]
    assert not any(module for row in border for module in row)


@pytest.mark.parametrize("text", ["", "x" * 2332])
def test_what_no_code_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"needs a text|too large|version"):
        modules(text)
