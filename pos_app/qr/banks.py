"""The banks of VietQR by their BIN. Banks merge and take new names: the list has a date, and nothing depends on it.

From the bank table of the npm package vietnam-qr-pay 1.5.1 (MIT), which follows vietqr.io's list.
"""

from typing import NamedTuple

AS_OF = "2026-07"


class Bank(NamedTuple):
    """A bank.

    Attributes:
        bin: six digits, as in a VietQR.
        name: the short name that people know.
        pays: its app can pay by a VietQR; False where it only receives.
    """

    bin: str
    name: str
    pays: bool = True


_ALL = (
    Bank("422589", "CIMB", pays=False), Bank("458761", "HSBC", pays=False), Bank("546034", "Cake"),
    Bank("546035", "Ubank"), Bank("668888", "Kasikorn"), Bank("796500", "DBS", pays=False),
    Bank("801011", "Nonghyup", pays=False), Bank("963369", "Liobank"), Bank("963388", "Timo"),
    Bank("970400", "SaigonBank"), Bank("970403", "Sacombank"), Bank("970405", "Agribank"), Bank("970406", "Vikki"),
    Bank("970407", "Techcombank"), Bank("970408", "GPBank", pays=False), Bank("970409", "Bac A Bank"),
    Bank("970410", "Standard Chartered", pays=False), Bank("970412", "PVcomBank"), Bank("970414", "MBV"),
    Bank("970415", "VietinBank"), Bank("970416", "ACB"), Bank("970418", "BIDV"), Bank("970419", "NCB"),
    Bank("970421", "VRB", pays=False), Bank("970422", "MB"), Bank("970423", "TPBank"), Bank("970424", "Shinhan"),
    Bank("970425", "ABBank"), Bank("970426", "MSB"), Bank("970427", "VietABank"), Bank("970428", "Nam A Bank"),
    Bank("970429", "SCB"), Bank("970430", "PGBank"), Bank("970431", "Eximbank"), Bank("970432", "VPBank"),
    Bank("970433", "VietBank"), Bank("970434", "Indovina", pays=False), Bank("970436", "Vietcombank"),
    Bank("970437", "HDBank"), Bank("970438", "BaoViet Bank"), Bank("970439", "Public Bank", pays=False),
    Bank("970440", "SeABank"), Bank("970441", "VIB"), Bank("970442", "Hong Leong", pays=False), Bank("970443", "SHB"),
    Bank("970444", "CB", pays=False), Bank("970446", "Co-opBank"), Bank("970448", "OCB"), Bank("970449", "LPBank"),
    Bank("970452", "Kienlongbank"), Bank("970454", "BVBank"), Bank("970455", "IBK Hà Nội", pays=False),
    Bank("970456", "IBK TP. HCM", pays=False), Bank("970457", "Woori", pays=False), Bank("970458", "UOB", pays=False),
    Bank("970462", "Kookmin Hà Nội", pays=False), Bank("970463", "Kookmin TP. HCM", pays=False), Bank("971025", "MoMo"),
)  # fmt: skip

BANKS = {bank.bin: bank for bank in _ALL}
"""By BIN, in its order."""


def bank_name(bin_: str) -> str:
    """The bank's short name; the BIN itself where the list does not know it, which is no mistake."""
    bank = BANKS.get(bin_)
    return bin_ if bank is None else bank.name
