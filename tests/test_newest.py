"""What a till keeps for its life stays as small as on its first day."""

from pos_app.newest import Newest


def test_what_was_set_longest_ago_is_forgotten() -> None:
    kept = Newest[str, int](2)
    kept["a"] = kept["b"] = 1
    kept["a"] = 2
    kept["c"] = 3
    assert dict(kept) == {"a": 2, "c": 3}
    assert kept.pop("a", 0) == 2
    kept["d"] = 4
    assert dict(kept) == {"c": 3, "d": 4}
