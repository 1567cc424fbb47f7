"""The bank list: well formed, and no rule hangs on it."""

from pos_app.qr.banks import AS_OF, BANKS, bank_name
from pos_app.qr.vietqr import Receiver, read_vietqr, write_vietqr


def test_the_list_is_well_formed() -> None:
    assert len(BANKS) == 58
    assert all(len(bin_) == 6 and bin_.isdigit() and bank.bin == bin_ for bin_, bank in BANKS.items())
    assert list(BANKS) == sorted(BANKS)
    assert len({bank.name for bank in BANKS.values()}) == len(BANKS)
    assert AS_OF.startswith("20")


def test_the_banks_that_sources_disagree_on() -> None:
    assert BANKS["970418"].name == "BIDV", "970488 in an old package is wrong"
    assert "970488" not in BANKS
    assert bank_name("970454") == "BVBank"
    assert not BANKS["458761"].pays


def test_an_unknown_bank_is_shown_as_its_number_and_stops_nothing() -> None:
    code = read_vietqr(write_vietqr(Receiver("999999", "1")))
    assert bank_name(code.receiver.bin) == "999999"
