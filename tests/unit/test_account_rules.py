"""Policy, passwords, lockout and the audit chain: pure rules of accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.accounts.chain import Deed, Entry, broken, following
from dashboard.accounts.lockout import (
    OF_NAME,
    OF_NETWORK,
    Failures,
    network_of,
    wait_after,
)
from dashboard.accounts.passwords import Fault, fault_of, hash_of, is_old, matches
from dashboard.accounts.policy import (
    Action,
    Ground,
    Resource,
    may,
    own_province,
    reads_everything,
)
from dashboard.accounts.records import NOBODY, Account, Role, Session, Viewer
from dashboard.accounts.sessions import Lifetime, is_over
from dashboard.accounts.store import AccountError, validated

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
CHAMPASAK = Viewer(name="ch-1", role=Role.PROVINCIAL, province="LA-CH")
VIEWERS = [NOBODY, CHAMPASAK] + [
    Viewer(name=f"a-{role}", role=role) for role in Role if role is not Role.PROVINCIAL
]


def viewer(role: Role | None) -> Viewer:
    return next(one for one in VIEWERS if one.role is role)


def test_a_province_sees_its_own_detail_and_no_other() -> None:
    asked = (Action.READ, Resource.DETAIL)
    assert may(CHAMPASAK, "LA-CH", *asked).ground is Ground.OWN_PROVINCE
    assert may(CHAMPASAK, "LA-XA", *asked).ground is Ground.OTHER_PROVINCE
    assert not may(CHAMPASAK, "", *asked).allowed
    assert own_province(CHAMPASAK) == "LA-CH"


@pytest.mark.parametrize("role", [Role.POLICYMAKER, Role.ANALYST])
def test_departments_see_every_cell(role: Role) -> None:
    assert reads_everything(viewer(role))
    assert own_province(viewer(role)) == ""


@pytest.mark.parametrize("role", [None, Role.CORRECTOR, Role.ADMIN])
def test_running_the_service_or_coding_opens_no_figures(role: Role | None) -> None:
    for province in ("", "LA-CH"):
        assert not may(viewer(role), province, Action.READ, Resource.DETAIL).allowed
    assert own_province(viewer(role)) == ""


def test_a_viewer_without_a_province_of_its_own_sees_none() -> None:
    stray = Viewer(name="x", role=Role.PROVINCIAL)
    assert not may(stray, "", Action.READ, Resource.DETAIL).allowed
    assert own_province(stray) == ""


def test_each_resource_has_exactly_its_roles() -> None:
    granted = {
        (action, resource): {
            one.role for one in VIEWERS if may(one, one.province, action, resource).allowed
        }
        for action in Action
        for resource in Resource
    }
    known = set(Role)
    assert granted == {
        (Action.READ, Resource.PUBLIC): known | {None},
        (Action.ACT, Resource.PUBLIC): set(),
        (Action.READ, Resource.DETAIL): {Role.POLICYMAKER, Role.ANALYST, Role.PROVINCIAL},
        (Action.ACT, Resource.DETAIL): set(),
        (Action.READ, Resource.ALERTS): set(),
        (Action.ACT, Resource.ALERTS): {Role.POLICYMAKER, Role.PROVINCIAL},
        (Action.READ, Resource.CORRECTIONS): {Role.CORRECTOR},
        (Action.ACT, Resource.CORRECTIONS): {Role.CORRECTOR},
        (Action.READ, Resource.WHAT_IF): set(),
        (Action.ACT, Resource.WHAT_IF): {Role.POLICYMAKER, Role.ANALYST, Role.ADMIN},
        (Action.READ, Resource.OPERATIONS): {Role.ADMIN},
        (Action.ACT, Resource.OPERATIONS): {Role.ADMIN},
        (Action.READ, Resource.ACCOUNTS): {Role.ADMIN},
        (Action.ACT, Resource.ACCOUNTS): {Role.ADMIN},
        (Action.READ, Resource.OWN): known,
        (Action.ACT, Resource.OWN): known,
    }


def test_a_password_is_known_by_its_hash_and_nothing_matches_an_empty_one() -> None:
    stored = hash_of("ນ້ຳຂອງໄຫຼລົງໃຕ້ 2026")
    assert stored.startswith("$argon2id$")
    assert matches(stored, "ນ້ຳຂອງໄຫຼລົງໃຕ້ 2026")
    assert not matches(stored, "ນ້ຳຂອງໄຫຼລົງໃຕ້ 2027")
    assert not matches("", "nobody knows this")
    assert not matches("no hash", "anything")
    assert not is_old(stored)
    assert is_old(
        "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$GpZ3sK/oH9p7VIiV56G/64Zo/8GaUw434IimaPqxwCo"
    )


@pytest.mark.parametrize(
    ("password", "again", "fault"),
    [
        ("eleven char", "eleven char", Fault.SHORT),
        ("x" * 201, "x" * 201, Fault.LONG),
        ("twelve chars1", "twelve chars2", Fault.DIFFERENT),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", Fault.PLAIN),
        ("Password12345!", "Password12345!", Fault.PLAIN),
        ("i am champasak-1", "i am champasak-1", Fault.PLAIN),
        ("rice grows by the river", "rice grows by the river", None),
    ],
)
def test_what_may_be_chosen_as_a_password(password: str, again: str, fault: Fault | None) -> None:
    assert fault_of(password, again, "champasak-1") is fault


def test_waits_grow_from_thirty_seconds_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(Failures(count=n, last_at=NOW), OF_NAME, NOW) for n in range(4, 12)]
    seconds = [int(wait.total_seconds()) for wait in waits]
    assert seconds == [0, 30, 60, 120, 240, 480, 900, 900]
    held = Failures(count=9, last_at=NOW)
    assert wait_after(held, OF_NAME, NOW + timedelta(minutes=9)) == timedelta(0)
    assert wait_after(Failures(count=29, last_at=NOW), OF_NETWORK, NOW) == timedelta(0)


@given(st.integers(0, 10_000), st.integers(0, 200_000))
def test_a_wait_is_never_longer_than_the_longest_and_ends(count: int, passed: int) -> None:
    failures = Failures(count=count, last_at=NOW)
    for patience in (OF_NAME, OF_NETWORK):
        left = wait_after(failures, patience, NOW + timedelta(seconds=passed))
        assert timedelta(0) <= left <= patience.longest
        if passed >= patience.longest.total_seconds() or count < patience.free:
            assert left == timedelta(0)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("testclient", ""),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert network_of(address) == network


def entries(count: int) -> list[Entry]:
    made: list[Entry] = []
    for at in range(count):
        entry = Entry(number=0, at=NOW + timedelta(seconds=at), actor="x", deed=Deed.LOGGED_IN)
        made.append(following(made[-1] if made else None, entry))
    return made


@given(st.integers(1, 8), st.data())
def test_any_change_of_the_audit_log_is_found(count: int, data: st.DataObject) -> None:
    chain = entries(count + 1)
    assert broken(chain) is None
    at = data.draw(st.integers(0, count - 1))
    kind = data.draw(st.sampled_from(["changed", "removed", "swapped", "rewritten"]))
    if kind == "changed":
        chain[at] = replace(chain[at], actor="somebody else")
    elif kind == "removed":
        del chain[at]
    elif kind == "swapped":
        chain[at], chain[at + 1] = chain[at + 1], chain[at]
    else:
        chain[at] = following(chain[at - 1] if at else None, replace(chain[at], actor="y"))
    assert broken(chain) is not None


def account(**changes: object) -> Account:
    facts: dict[str, object] = {"name": "ch-1", "role": Role.ANALYST, "created_at": NOW}
    return Account(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Ch 1"},
        {"name": "x"},
        {"role": Role.PROVINCIAL},
        {"role": Role.PROVINCIAL, "province": "LA-ZZ"},
        {"province": "LA-CH"},
    ],
)
def test_an_account_that_is_not_as_expected_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(AccountError):
        validated(account(**changes))


def test_a_session_ends_by_idleness_age_epoch_and_disabling() -> None:
    lifetime = Lifetime(idle=timedelta(hours=2), whole=timedelta(hours=12))
    session = Session(account="ch-1", epoch=0, began_at=NOW, seen_at=NOW)
    held = account()
    assert not is_over(session, held, lifetime, NOW + timedelta(minutes=119))
    assert is_over(session, held, lifetime, NOW + timedelta(minutes=120))
    used = replace(session, seen_at=NOW + timedelta(hours=11, minutes=30))
    assert not is_over(used, held, lifetime, NOW + timedelta(hours=11, minutes=59))
    assert is_over(used, held, lifetime, NOW + timedelta(hours=12))
    assert is_over(session, account(epoch=1), lifetime, NOW)
    assert is_over(session, account(disabled_at=NOW), lifetime, NOW)
    assert is_over(session, None, lifetime, NOW)
