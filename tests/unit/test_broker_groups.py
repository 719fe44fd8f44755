"""The state machine of a consumer group, on a clock that the test turns."""

from __future__ import annotations

import asyncio

import pytest

from labourwatch.embedded.broker.groups import Group, GroupState, Member
from labourwatch.embedded.broker.protocol import ErrorCode, RefusedError

ROUND_ROBIN = {"roundrobin": b"topics"}


def admit(group: Group, now: float, member_id: str = "", **protocols: bytes) -> Member:
    return group.admit(
        member_id=member_id,
        client_id="client",
        timeouts=(10.0, 60.0),
        protocols=protocols or ROUND_ROBIN,
        now=now,
    )


def join(group: Group, now: float, member_id: str = "") -> tuple[Member, asyncio.Future[ErrorCode]]:
    member = admit(group, now, member_id)
    answer = member.wait()
    group.advance(now)
    return member, answer


def stable_group(size: int, now: float = 0.0) -> tuple[Group, list[Member]]:
    group = Group(group_id="g")
    members = [join(group, now)[0] for _ in range(size)]
    group.advance(now + 1)
    group.assign({member.member_id: b"share" for member in members}, now + 1)
    return group, members


async def test_consumers_started_together_make_one_generation() -> None:
    group = Group(group_id="g")
    (first, answer), (second, other) = join(group, 0.0), join(group, 0.05)
    group.advance(0.1)
    assert not answer.done()
    group.advance(0.3)
    assert (answer.result(), other.result()) == (ErrorCode.NONE, ErrorCode.NONE)
    assert (group.state, group.generation) == (GroupState.SYNCING, 1)
    assert group.leader == first.member_id
    assert set(group.members) == {first.member_id, second.member_id}


async def test_the_assignment_reaches_everyone() -> None:
    group = Group(group_id="g")
    (first, _), (second, _) = join(group, 0.0), join(group, 0.0)
    group.advance(1.0)
    waiting = second.wait()
    group.assign({first.member_id: b"a", second.member_id: b"b"}, 1.0)
    assert waiting.result() is ErrorCode.NONE
    assert (first.assignment, second.assignment, group.state) == (b"a", b"b", GroupState.STABLE)


async def test_a_newcomer_makes_the_others_join_again() -> None:
    group, [old] = stable_group(1)
    _, newcomer = join(group, 5.0)
    with pytest.raises(RefusedError) as refused:
        group.refuse_while_joining()
    assert refused.value.code is ErrorCode.REBALANCE_IN_PROGRESS
    assert not newcomer.done()
    _, again = join(group, 5.1, old.member_id)
    assert (newcomer.result(), again.result()) == (ErrorCode.NONE, ErrorCode.NONE)
    assert (group.generation, group.leader) == (2, old.member_id)


async def test_who_does_not_join_again_in_time_is_out() -> None:
    group, [old] = stable_group(1)
    old.last_seen = 1000.0  # its heartbeats go on, but it never joins again
    _, newcomer = join(group, 5.0)
    group.advance(64.9)
    assert not newcomer.done()
    group.advance(65.0)
    assert newcomer.result() is ErrorCode.NONE
    assert old.member_id not in group.members


def state_at(group: Group, now: float) -> GroupState:
    """What the group has come to by then."""
    group.advance(now)
    return group.state


async def test_a_silent_member_is_expired_and_the_rest_rebalances() -> None:
    group, [silent, alive] = stable_group(2)
    alive.last_seen = 20.0
    assert state_at(group, 11.0) is GroupState.STABLE
    assert state_at(group, 11.1) is GroupState.JOINING
    assert list(group.members) == [alive.member_id]
    with pytest.raises(RefusedError) as refused:
        group.member(silent.member_id)
    assert refused.value.code is ErrorCode.UNKNOWN_MEMBER_ID


async def test_all_members_silent_at_once_leave_an_empty_group() -> None:
    group, _ = stable_group(3)
    group.advance(500.0)
    assert (group.state, group.members, group.leader) == (GroupState.EMPTY, {}, "")


async def test_followers_waiting_for_a_dead_leader_are_freed() -> None:
    group = Group(group_id="g")
    (leader, _), (follower, _) = join(group, 0.0), join(group, 0.0)
    group.advance(1.0)
    waiting = follower.wait()
    group.advance(11.5)
    assert waiting.result() is ErrorCode.REBALANCE_IN_PROGRESS
    assert leader.member_id not in group.members
    join(group, 11.6, follower.member_id)
    assert group.leader == follower.member_id


async def test_who_leaves_is_gone_at_once() -> None:
    group, [first, second] = stable_group(2)
    states = []
    for member in (first, second):
        group.remove(member.member_id, 2.0)
        states.append(group.state)
    assert states == [GroupState.JOINING, GroupState.EMPTY]


async def test_the_protocol_is_one_that_all_share() -> None:
    group = Group(group_id="g")
    admit(group, 0.0, range=b"", roundrobin=b"").wait()
    admit(group, 0.0, sticky=b"", roundrobin=b"").wait()
    with pytest.raises(RefusedError) as refused:
        admit(group, 0.0, sticky=b"")
    assert refused.value.code is ErrorCode.INCONSISTENT_GROUP_PROTOCOL
    group.advance(1.0)
    assert group.protocol == "roundrobin"


async def test_a_repeated_join_takes_the_place_of_the_first() -> None:
    group = Group(group_id="g")
    member, lost = join(group, 0.0)
    _, again = join(group, 0.1, member.member_id)
    assert lost.result() is ErrorCode.REBALANCE_IN_PROGRESS
    group.advance(1.0)
    assert again.result() is ErrorCode.NONE


@pytest.mark.parametrize(
    ("generation", "code"), [(1, None), (0, ErrorCode.ILLEGAL_GENERATION), (None, None)]
)
async def test_only_the_current_generation_counts(
    generation: int | None, code: ErrorCode | None
) -> None:
    group, [member] = stable_group(1)
    if code is None:
        assert group.member(member.member_id, generation) is member
        return
    with pytest.raises(RefusedError) as refused:
        group.member(member.member_id, generation)
    assert refused.value.code is code


async def test_nameless_groups_strangers_and_odd_timeouts_are_refused() -> None:
    with pytest.raises(RefusedError, match="needs a name"):
        admit(Group(group_id=""), 0.0)
    with pytest.raises(RefusedError, match="not in the group"):
        admit(Group(group_id="g"), 0.0, "stranger")
    with pytest.raises(RefusedError) as refused:
        Group(group_id="g").admit(
            member_id="", client_id="", timeouts=(0.0, 1.0), protocols=ROUND_ROBIN, now=0.0
        )
    assert refused.value.code is ErrorCode.INVALID_SESSION_TIMEOUT
