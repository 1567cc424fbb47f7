"""Reading an account as people paste it: each mistake in one sentence, and no key in any of them."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from pos_app.keys.account import (
    AccountError,
    AppotaPayKeys,
    Typed,
    account_from,
    account_json,
    account_of,
    find_mistakes,
)
from pos_app.payments.environment import Environment
from tests.keys.shop_keys import ACCOUNT, CANARIES, KEY1, PUBLIC_PEM, PUBLIC_TEXT, TYPED

_PRIVATE = rsa.generate_private_key(65537, 1024)
PRIVATE_PEM = _PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
CURVE_PEM = (
    ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
).decode()

SHORT = "MDwwDQYJKoZIhvcNAQEBBQADKwAwKAIhAKdLHWHnKq+0bTdXVLsnZSxQVZsR8nEbAwKmMYNvlYhDAgMBAAE="
"""256 bits."""


def test_what_is_right_is_read_however_it_was_pasted() -> None:
    assert account_of(TYPED) == ACCOUNT
    pasted = Typed(
        Environment.LIVE, " 98765\n", f"\ufeff{KEY1} \r\n", f"\t{TYPED.key2}\u200b",
        PUBLIC_TEXT[:70] + "\n " + PUBLIC_TEXT[70:],
    )  # fmt: skip
    assert account_of(pasted) == ACCOUNT


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("app_id", "", "digits only"),
        ("app_id", "12a4", "digits only"),
        ("app_id", "0", "digits only"),
        ("app_id", "٤٢", "digits only"),
        ("app_id", "2553", "public test account"),
        ("key1", "", "key1 is missing"),
        ("key1", KEY1[:11], "key1 has 11 characters"),
        ("key1", KEY1[:10] + " " + KEY1[10:], "key1 has odd characters"),
        ("key1", KEY1[:-1] + "ế", "key1 has odd characters"),
        ("key1", PUBLIC_TEXT, "a public key, not key1"),
        ("key2", PUBLIC_PEM, "a public key, not key2"),
        ("key2", f" {KEY1}", "the same as key1"),
        ("public_key", " ", "public key is missing"),
        ("public_key", PRIVATE_PEM, "a private key"),
        ("public_key", CURVE_PEM, "cannot be read"),
        ("public_key", PUBLIC_PEM[:200], "cannot be read"),
        ("public_key", KEY1, "cannot be read"),
        ("public_key", SHORT, "too short"),
        ("api_key", "two words", "AppotaPay api_key has odd characters"),
        ("terminal", "POS 01", "AppotaPay terminal has odd characters"),
        ("terminal", "x" * 129, "AppotaPay terminal has odd characters"),
    ],
)  # fmt: skip
def test_each_mistake_has_a_sentence(field: str, value: str, said: str) -> None:
    changed: dict[str, Any] = {field: value}
    typed = replace(TYPED, **changed)
    mistakes = find_mistakes(typed)
    assert field in mistakes
    told = " ".join(f"{one.vi} {one.en}" for one in mistakes.values())
    assert said in told
    with pytest.raises(AccountError) as caught:
        account_of(typed)
    assert caught.value.advice == next(iter(mistakes.values()))
    everything = f"{told} {caught.value!r} {caught.value} {typed!r}"
    assert not [canary for canary in CANARIES if canary[:11] in everything]


def test_the_test_account_is_one_of_the_sandbox() -> None:
    assert not find_mistakes(replace(TYPED, environment=Environment.SANDBOX, app_id="2553"))


def test_appotapay_is_all_or_nothing_and_comes_back_from_what_is_sealed() -> None:
    typed = replace(TYPED, partner_code="SHOP", api_key="api-key-1", secret="secret-1", terminal=" 7 ")
    account = account_of(typed)
    assert account.appotapay == AppotaPayKeys("SHOP", "api-key-1", "secret-1", "7")
    assert account_from(account_json(account)) == account
    assert set(find_mistakes(replace(typed, api_key=""))) == {"api_key"}


def test_no_key_is_in_a_repr() -> None:
    account = replace(ACCOUNT, appotapay=AppotaPayKeys("SHOP", KEY1, KEY1))
    assert not [canary for canary in (*CANARIES, PUBLIC_TEXT[:40]) if canary in f"{account!r} {account}"]


def test_a_terminal_may_be_missing_and_is_nothing_alone() -> None:
    with_partner = replace(TYPED, partner_code="TIEM", api_key="a" * 20, secret="s" * 20)
    assert find_mistakes(with_partner) == {}
    assert find_mistakes(replace(with_partner, terminal="POS01")) == {}
    assert list(find_mistakes(replace(TYPED, terminal="POS01"))) == ["partner_code", "api_key", "secret"]
