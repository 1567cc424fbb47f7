"""The table that the page, the command and the report are made of."""

from dataclasses import replace

import pytest

from pos_app.doctor.checks import (
    STOPS_SELLING,
    TABLE,
    VERDICT_WORDS,
    Cause,
    Check,
    Finding,
    Verdict,
    as_json,
    from_json,
    not_checked,
    summary,
    tally,
    well,
    worst_first,
    wrong,
)
from pos_app.words import NOTHING, Text

SEEN = Text("thấy", "seen")
FINE = tuple(well(check, SEEN) for check in Check)


def but(*others: Finding) -> tuple[Finding, ...]:
    instead = {one.check: one for one in others}
    return tuple(instead.get(one.check, one) for one in FINE)


def test_every_check_says_what_it_means_and_what_to_do() -> None:
    assert set(TABLE) == set(Check)
    assert all(text.vi and text.en for about in TABLE.values() for text in about)
    for check in Check:
        finding = wrong(check, Cause.TROUBLE, SEEN)
        assert (finding.meaning, finding.remedy) == (TABLE[check].matters, TABLE[check].remedy)
        assert (well(check, SEEN).meaning, well(check, SEEN).remedy) == (TABLE[check].well, NOTHING)


def test_what_is_not_there_yet_is_not_praised() -> None:
    assert well(Check.BACKUP, SEEN, Cause.NONE_YET).meaning == NOTHING


@pytest.mark.parametrize("check", list(Check))
def test_one_line_says_whether_the_till_can_sell(check: Check) -> None:
    assert summary(FINE).en == "Everything is fine"
    assert summary(but(not_checked(check, Cause.NOT_SEEN, SEEN))).en == "Everything is fine"
    assert summary(but(wrong(check, Cause.TROUBLE, SEEN, verdict=Verdict.WARN))).en == "Ready to sell, 1 to do"
    stops = "Not ready to sell: 1 to do" if check in STOPS_SELLING else "Ready to sell, 1 to do"
    assert summary(but(wrong(check, Cause.TROUBLE, SEEN))).en == stops


def test_what_is_to_be_done_comes_first() -> None:
    found = but(
        wrong(Check.CLOCK, Cause.WRONG_TIME, SEEN, verdict=Verdict.WARN),
        wrong(Check.PRINTER, Cause.TROUBLE, SEEN),
        not_checked(Check.GATEWAY, Cause.NO_ANSWER, SEEN),
    )
    order = [one.check for one in worst_first(reversed(found))]
    assert order[:4] == [Check.PRINTER, Check.CLOCK, Check.GATEWAY, Check.KEYS]
    assert tally(found) == Text("8 tốt, 1 chưa biết, 1 nên xem, 1 hỏng", "8 OK, 1 not checked, 1 to look at, 1 not OK")


def test_it_goes_through_json_unchanged() -> None:
    finding = wrong(Check.CLOCK, Cause.WRONG_TIME, SEEN, Text("làm", "do"), facts={"ms": -90_000})
    assert from_json(as_json(finding)) == finding
    with pytest.raises(ValueError, match="sundial"):
        from_json({**as_json(finding), "check": "sundial"})
    assert replace(finding, facts={}) != finding
    assert set(VERDICT_WORDS) == set(Verdict)
