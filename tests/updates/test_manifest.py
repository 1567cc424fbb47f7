"""What of a release is believed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.resources import resource
from pos_app.updates.manifest import (
    MANIFEST_BYTES_MAX,
    UpdateError,
    cannot_go_back,
    keys_from,
    read,
    refuse_old,
    spelled,
    version_of,
    wanted,
)
from tests.updates.releases import Maker, told

MAKER, SOMEBODY = Maker(), Maker()
NOT_SIGNED, BROKEN = "The update is not signed by the maker", "The update is damaged"


def refusal(content: bytes, signature: bytes, *keys: bytes) -> str:
    with pytest.raises(UpdateError) as refused:
        read(content, signature, keys)
    return refused.value.title.en


def test_a_release_is_read() -> None:
    manifest = read(told("0.12.3"), MAKER.signs(told("0.12.3")), (SOMEBODY.public, MAKER.public))
    assert (manifest.version, manifest.schema, spelled(manifest.version)) == ((0, 12, 3), "0001", "0.12.3")
    assert wanted(manifest, "linux-portable").name == "pos-app.run"
    with pytest.raises(UpdateError, match="not for this computer"):
        wanted(manifest, "windows")


def test_whoever_else_signed_it() -> None:
    assert refusal(told(), SOMEBODY.signs(told()), MAKER.public) == NOT_SIGNED
    assert refusal(told(), b"", MAKER.public) == NOT_SIGNED
    assert refusal(told(), MAKER.signs(told())) == "This build takes no updates"


@given(st.integers(0, len(told()) * 8 - 1))
def test_any_bit_that_differs(bit: int) -> None:
    content = bytearray(told())
    content[bit // 8] ^= 1 << bit % 8
    assert refusal(bytes(content), MAKER.signs(told()), MAKER.public) == NOT_SIGNED


@given(st.integers(0, len(told()) - 1), st.integers(0, 63))
def test_truncated(length: int, signed: int) -> None:
    assert refusal(told()[:length], MAKER.signs(told()), MAKER.public) == NOT_SIGNED
    assert refusal(told(), MAKER.signs(told())[:signed], MAKER.public) == NOT_SIGNED


@pytest.mark.parametrize(
    "wrong",
    [
        {"program": "other"}, {"version": "1.2"}, {"version": "1.02.3"}, {"version": 1}, {"version": "1.2.3\n"},
        {"version": "1.2.٣"}, {"released_ms": 1.5}, {"released_ms": -1}, {"released_ms": True}, {"schema": "5"},
        {"packages": [{}]}, {"packages": {}}, {"packages": 2 * json.loads(told())["packages"]},
        {"packages": [json.loads(told())["packages"][0] | {"name": "../../pos-app"}]},
        {"packages": [json.loads(told())["packages"][0] | {"name": "a/b"}]},
        {"packages": [json.loads(told())["packages"][0] | {"size": 0}]},
        {"packages": [json.loads(told())["packages"][0] | {"sha256": "0" * 63}]},
    ],
    ids=str,
)  # fmt: skip
def test_signed_nonsense(wrong: dict[str, Any]) -> None:
    content = told(**wrong)
    assert refusal(content, MAKER.signs(content), MAKER.public) == BROKEN


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff", b"null", b"[" * 30_000, b" " * (MANIFEST_BYTES_MAX + 1)]
)
def test_signed_and_no_manifest(content: bytes) -> None:
    assert refusal(content, MAKER.signs(content), MAKER.public) in {BROKEN, NOT_SIGNED}


@pytest.mark.parametrize(
    ("offered", "installed", "seen", "taken"),
    [
        ("0.2.0", "0.1.0", "0.0.0", True),
        ("0.10.0", "0.9.9", "0.10.0", True),
        ("0.1.0", "0.1.0", "0.0.0", False),
        ("0.9.9", "0.10.0", "0.0.0", False),
        ("0.2.0", "0.1.0", "0.3.0", False),
    ],
)
def test_only_what_is_newer_than_all_before(offered: str, installed: str, seen: str, taken: bool) -> None:
    manifest = read(told(offered), MAKER.signs(told(offered)), (MAKER.public,))
    if taken:
        refuse_old(manifest, installed=version_of(installed), seen=version_of(seen))
    else:
        with pytest.raises(UpdateError, match="newer"):
            refuse_old(manifest, installed=version_of(installed), seen=version_of(seen))


def test_a_journal_of_a_new_form_is_no_way_back() -> None:
    manifest = read(told(schema="0009"), MAKER.signs(told(schema="0009")), (MAKER.public,))
    assert cannot_go_back(manifest, ("0001", "0008"))
    assert not cannot_go_back(manifest, ("0008", "0009"))


def test_release_keys_are_a_line_each() -> None:
    assert keys_from(f"# a remark\n\n{MAKER.public.hex()}  # of 2026\n") == (MAKER.public,)
    assert keys_from(resource("release", "keys.txt").read_text("utf-8")) == ()
    for wrong in ("abc", MAKER.public.hex() + "00", MAKER.public.hex()[:-1] + "g"):
        with pytest.raises(ValueError, match="64 hex digits"):
            keys_from(wrong)
