"""The table of what the broker answers: per API one version, its layout and its handler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiokafka.protocol import admin, commit, coordination, group, metadata, offset
from aiokafka.protocol.fetch import FetchRequest_v5
from aiokafka.protocol.produce import ProduceRequest_v7
from aiokafka.protocol.transaction import InitProducerIdRequest_v0

from labourwatch.embedded.broker import handlers_admin, handlers_data, handlers_groups
from labourwatch.embedded.broker.protocol import (
    ErrorCode,
    MalformedRequestError,
    decode,
    frame,
    read_head,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiokafka.protocol.api import RequestStruct

    from labourwatch.embedded.broker.state import Broker, Handler


@dataclass(frozen=True, slots=True)
class Api:
    """One kind of request. `nullable`: its fields that may be null."""

    layout: type[RequestStruct]
    handler: Handler
    nullable: frozenset[str] = frozenset()


_ALL: Final = (
    Api(ProduceRequest_v7, handlers_data.produce, frozenset({"transactional_id"})),
    Api(FetchRequest_v5, handlers_data.fetch),
    Api(offset.OffsetRequest_v2, handlers_data.list_offsets),
    Api(InitProducerIdRequest_v0, handlers_data.init_producer_id, frozenset({"transactional_id"})),
    Api(metadata.MetadataRequest_v4, handlers_admin.metadata, frozenset({"topics"})),
    Api(admin.CreateTopicsRequest_v2, handlers_admin.create_topics, frozenset({"config_value"})),
    Api(admin.DeleteTopicsRequest_v1, handlers_admin.delete_topics),
    Api(
        admin.DescribeConfigsRequest_v0,
        handlers_admin.describe_configs,
        frozenset({"config_names"}),
    ),
    Api(coordination.FindCoordinatorRequest_v1, handlers_groups.find_coordinator),
    Api(group.JoinGroupRequest_v2, handlers_groups.join_group),
    Api(group.SyncGroupRequest_v1, handlers_groups.sync_group),
    Api(group.HeartbeatRequest_v1, handlers_groups.heartbeat),
    Api(group.LeaveGroupRequest_v1, handlers_groups.leave_group),
    Api(commit.OffsetCommitRequest_v3, handlers_groups.commit_offsets, frozenset({"metadata"})),
    Api(commit.OffsetFetchRequest_v3, handlers_groups.fetch_offsets, frozenset({"topics"})),
    Api(admin.DescribeGroupsRequest_v1, handlers_groups.describe_groups),
    Api(admin.ListGroupsRequest_v1, handlers_groups.list_groups),
)
_BY_KEY: Final[Mapping[int, Api]] = {api.layout.API_KEY: api for api in _ALL}
_API_VERSIONS: Final = admin.ApiVersionRequest_v0


async def answer(broker: Broker, data: bytes) -> bytes | None:
    """Answer one request frame; None where the client wants no answer.

    Raises:
        MalformedRequestError: the frame is no request of a supported API and version.
    """
    head, body = read_head(data)
    if head.api_key == _API_VERSIONS.API_KEY:
        return frame(head.correlation_id, _list_versions(head.api_version))
    api = _BY_KEY.get(head.api_key)
    if api is None or head.api_version != api.layout.API_VERSION:
        raise MalformedRequestError(f"no API {head.api_key} in version {head.api_version}")
    request = decode(api.layout, body, api.nullable)
    fields = await api.handler(broker, request, head.client_id)
    if fields is None:
        return None
    return frame(head.correlation_id, api.layout.RESPONSE_TYPE(*fields).encode())


def _list_versions(asked: int) -> bytes:
    """Answered in version 0 whatever is asked: so a newer client learns what to speak."""
    is_spoken = asked == _API_VERSIONS.API_VERSION
    code = ErrorCode.NONE if is_spoken else ErrorCode.UNSUPPORTED_VERSION
    layouts = [_API_VERSIONS, *(api.layout for api in _ALL)]
    versions = [(a.API_KEY, a.API_VERSION, a.API_VERSION) for a in layouts]
    encoded: bytes = _API_VERSIONS.RESPONSE_TYPE(code, versions).encode()
    return encoded
