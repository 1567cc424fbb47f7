"""One code held to the camera is one scan."""

from pos_app.scanning.seen import OUT_OF_VIEW_NS, SeenCodes

CODE = "281234567890123456"


def test_a_code_is_new_once_while_it_stays_in_view() -> None:
    seen = SeenCodes()

    assert [seen.is_new(CODE, now_ns=at * 1_000_000_000) for at in range(5)] == [True, False, False, False, False]


def test_a_code_that_was_away_is_new_again_and_others_are_their_own() -> None:
    seen = SeenCodes()

    assert seen.is_new(CODE, now_ns=0)
    assert seen.is_new("another", now_ns=1)
    assert not seen.is_new(CODE, now_ns=OUT_OF_VIEW_NS - 1)
    assert seen.is_new(CODE, now_ns=2 * OUT_OF_VIEW_NS - 1)


def test_forgetting_makes_it_new() -> None:
    seen = SeenCodes()
    seen.is_new(CODE, now_ns=0)
    seen.forget()

    assert seen.is_new(CODE, now_ns=1)


def test_a_time_without_looking_does_not_make_it_new() -> None:
    seen = SeenCodes()
    seen.is_new(CODE, now_ns=0)
    seen.still_in_view(now_ns=60 * OUT_OF_VIEW_NS)

    assert not seen.is_new(CODE, now_ns=60 * OUT_OF_VIEW_NS + 1)


def test_no_code_is_kept() -> None:
    seen = SeenCodes()
    seen.is_new(CODE, now_ns=0)

    assert CODE not in str(vars(seen))
    assert CODE.encode() not in b"".join(seen._last_seen)
    assert SeenCodes()._key != seen._key


def test_a_code_in_view_is_told_again_beside_one_that_comes() -> None:
    seen = SeenCodes()
    seen.is_new(CODE, now_ns=0)

    together = [seen.is_new(text, now_ns=1) for text in ("another", CODE)]
    later = [seen.is_new(text, now_ns=2) for text in ("another", CODE)]

    assert together == [True, True]
    assert later == [False, False]
