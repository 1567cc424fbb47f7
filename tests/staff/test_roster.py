"""Who works here: the roster is folded from changes, names are for one each, and the owner cannot be taken away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.payments.acts import Act
from pos_app.staff.permissions import NEEDS, OF_ACT, SIGNED_EACH_TIME, UNATTENDED, Right
from pos_app.staff.roles import ROLE_WORDS, Role
from pos_app.staff.roster import NAME_LENGTH_MAX, OWNER_ID, Person, Roster, UnlawfulChangeError

OWNER = Person(OWNER_ID, "Minh Anh", Role.OWNER)
LAN = Person("p1", "Ngọc Lan", Role.MANAGER)
HA = Person("p2", "Thu Hà", Role.CASHIER)
STAFFED = Roster((OWNER, LAN, HA))


def test_out_of_the_box_there_is_an_owner_without_a_name_and_nobody_signs_in() -> None:
    roster = Roster()
    assert [(one.id, one.name, one.role, one.active) for one in roster.people] == [(OWNER_ID, "", Role.OWNER, True)]
    assert not roster.signs_in
    assert roster.people[0].printed == "Chủ tiệm"
    assert roster.named("") is None


def test_somebody_beside_the_owner_makes_everybody_sign_in() -> None:
    assert STAFFED.signs_in
    alone = STAFFED.changed(Person("p1", "Ngọc Lan", Role.MANAGER, active=False))
    alone = alone.changed(Person("p2", "Thu Hà", Role.CASHIER, active=False))
    assert not alone.signs_in


def test_the_last_word_on_each_person_holds() -> None:
    roster = Roster((OWNER, LAN, HA, Person("p1", "Lan Nguyễn", Role.CASHIER), Person("p2", "Thu Hà", Role.MANAGER)))
    assert [one.name for one in roster.people] == ["Minh Anh", "Lan Nguyễn", "Thu Hà"]
    assert [one.id for one in roster.who_may(Right.REFUND)] == [OWNER_ID, "p2"]


def test_ids_are_never_given_twice() -> None:
    gone = STAFFED.changed(Person("p2", "Thu Hà", Role.CASHIER, active=False))
    new = gone.new("Thu Hà", Role.CASHIER)  # the name is free again, the id is not
    assert new.id == "p3"
    assert gone.changed(new).new("Bảo", Role.CASHIER).id == "p4"
    assert gone.known("thu hà") == gone.person("p2")
    assert gone.changed(new).known("thu hà") == new


@pytest.mark.parametrize("typed", ["ngọc lan", "  NGỌC LAN ", "p1", "P1", "Ngọc Lan"])
def test_a_name_is_found_however_it_is_written(typed: str) -> None:
    assert STAFFED.named(typed) == LAN


@pytest.mark.parametrize(
    "name", ["", "   ", "NGỌC LAN", "p1", "owner", "Ngọc\u200bLan\u0000", "x" * (NAME_LENGTH_MAX + 1)]
)
def test_such_names_cannot_be(name: str) -> None:
    with pytest.raises(UnlawfulChangeError) as error:
        STAFFED.new(name, Role.CASHIER)
    assert error.value.why.vi
    assert error.value.why.en


def test_a_name_is_tidied() -> None:
    assert STAFFED.new("  Lê   Thị  Mai ", Role.CASHIER).name == "Lê Thị Mai"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("active", [True, False])
def test_the_owner_who_keeps_the_code_stays(role: Role, *, active: bool) -> None:
    change = Person(OWNER_ID, "Someone", role, active)
    if role is Role.OWNER and active:
        assert STAFFED.lawful(change).name == "Someone"
    else:
        with pytest.raises(UnlawfulChangeError):
            STAFFED.lawful(change)


def test_who_gives_whom_another_pin() -> None:
    other_owner = Person("p3", "Chị Hai", Role.OWNER)
    people = (OWNER, LAN, HA, other_owner)
    may = {(by.id, to.id) for by in people for to in people if by.may_give_pin_to(to)}
    assert may == {
        (OWNER_ID, "p1"), (OWNER_ID, "p2"), (OWNER_ID, "p3"), ("p1", "p2"), ("p3", "p1"), ("p3", "p2"),
    }  # fmt: skip
    assert not Person("p1", "Lan", Role.MANAGER, active=False).may_give_pin_to(HA)
    assert STAFFED.below(LAN) == ("p2",)


def test_roles_stand_one_above_the_other() -> None:
    ranks = [[above.covers(below) for below in Role] for above in Role]
    assert ranks == [[True, False, False], [True, True, False], [True, True, True]]
    assert set(ROLE_WORDS) == set(Role)


def test_who_is_gone_may_nothing() -> None:
    gone = Person("p1", "Lan", Role.OWNER, active=False)
    assert not any(gone.may(right) for right in Right)


def test_the_table_is_whole() -> None:
    assert set(NEEDS) == set(Right)
    assert set(OF_ACT) == set(Act)
    money_out = {Right.REFUND, Right.RELEASE, Right.DECIDE, Right.KEEP, Right.SIGN_OFF}
    assert all(NEEDS[right] is Role.MANAGER for right in money_out)
    assert money_out <= SIGNED_EACH_TIME
    assert NEEDS[Right.STAFF] is Role.OWNER
    assert not UNATTENDED & SIGNED_EACH_TIME


@given(st.lists(st.tuples(st.integers(0, 4), st.text(max_size=4), st.sampled_from(Role), st.booleans()), max_size=30))
def test_whatever_is_changed_there_is_an_owner_and_names_are_for_one_each(
    changes: list[tuple[int, str, Role, bool]],
) -> None:
    roster = Roster()
    for number, name, role, active in changes:
        person_id = OWNER_ID if number == 0 else f"p{number}"
        known = roster.person(person_id)
        try:
            person = roster.new(name, role) if known is None else roster.lawful(Person(person_id, name, role, active))
        except UnlawfulChangeError:
            continue
        roster = roster.changed(person)
        assert any(one.role is Role.OWNER and one.id == OWNER_ID for one in roster.active)
        names = [one.name.casefold() for one in roster.active if one.name]
        assert len(names) == len(set(names))
