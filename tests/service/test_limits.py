"""Who may send how much."""

from pos_app.service.limits import Limits, Sources
from tests.sandbox.shop import FixedClock

LIMITS = Limits(burst=5, every_ms=200, sources=100)


def test_a_burst_and_then_one_at_a_time() -> None:
    clock = FixedClock(1_000_000)
    sources = Sources(LIMITS, clock)
    assert [sources.admit("192.0.2.1") for _ in range(7)] == [True] * 5 + [False] * 2
    clock.now_ms += 199
    assert not sources.admit("192.0.2.1")
    clock.now_ms += 1
    assert [sources.admit("192.0.2.1") for _ in range(2)] == [True, False]
    clock.now_ms += 400
    assert [sources.admit("192.0.2.1") for _ in range(3)] == [True, True, False]
    clock.now_ms += 10_000_000
    assert [sources.admit("192.0.2.1") for _ in range(6)] == [True] * 5 + [False]


def test_sources_do_not_share_and_one_network_is_one_source() -> None:
    sources = Sources(LIMITS, FixedClock())
    for _ in range(5):
        assert sources.admit("2001:db8:1:1::5")
    assert not sources.admit("2001:db8:1:1:ffff::9")
    assert sources.admit("2001:db8:1:2::5")
    for _ in range(5):
        assert sources.admit("192.0.2.1")
    assert not sources.admit("::ffff:192.0.2.1")
    assert sources.admit("192.0.2.2")
    for _ in range(5):
        assert sources.admit("nonsense")
    assert not sources.admit("x" * 9_000)


def test_the_memory_of_sources_is_bounded_and_keeps_who_is_sending() -> None:
    sources = Sources(LIMITS, FixedClock())
    for _ in range(5):
        sources.admit("192.0.2.1")
    for number in range(10_000):
        sources.admit(f"10.{number % 3}.{number // 256 % 256}.{number % 256}")
        if number % 50 == 0:
            assert not sources.admit("192.0.2.1")
    assert len(sources) == 100
