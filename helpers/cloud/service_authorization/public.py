"""Operations that need no signature: the caller is identified by a token, a code or not at all.

botocore's service models say which. IAM policies do not apply to them.
Source: Amazon Cognito Developer Guide, "Unauthenticated API operations and token-authorized API
operations".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from moto.core.utils import get_service_model


@cache
def _unsigned_operations(service: str) -> frozenset[str]:
    model = get_service_model(service)
    return frozenset(
        name for name in model.operation_names if model.operation_model(name).auth_type == "none"
    )


class _PublicOperations(Mapping[str, frozenset[str]]):
    """The unsigned operations of every service, read from its model when it is first asked for."""

    def __getitem__(self, service: str) -> frozenset[str]:
        try:
            return _unsigned_operations(service)
        except UnknownServiceError as unknown:
            raise KeyError(service) from unknown

    def __iter__(self) -> Iterator[str]:
        return iter(Loader().list_available_services("service-2"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


PUBLIC_OPERATIONS: Mapping[str, frozenset[str]] = _PublicOperations()


def is_public(service: str, operation: str) -> bool:
    """Whether AWS takes this operation without a signature, and decides nothing by IAM policy.

    An unknown service has no public operation.
    """
    return operation in PUBLIC_OPERATIONS.get(service, frozenset())
