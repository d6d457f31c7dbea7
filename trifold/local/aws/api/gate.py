"""The one way in: identify, authenticate, refuse what is not declared, validate, authorize, then act.

What acts is either moto (see emulator.py) or our own handlers (see sagemaker/), by the table in operations.py.
"""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from trifold.local.aws.api import authorization, documents, log_streams, public_access, schema, signing, wire
from trifold.local.aws.api.budgets import Budgets
from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.errors import AwsError, refused
from trifold.local.aws.api.hostile.rules import Rules
from trifold.local.aws.api.identity import Identities, Principal
from trifold.local.aws.api.operations import OPERATIONS
from trifold.local.aws.api.sagemaker.service import SageMaker
from trifold.local.aws.api.scaling import Scaling
from trifold.local.aws.api.standing import Standing
from trifold.local.aws.api.tagging import Tagging
from trifold.local.aws.api.wire import Call, Raw, Reply
from trifold.local.contract import Context

Handler = Callable[[Call], Awaitable[Mapping[str, Any] | Reply | None]]
log = logging.getLogger("trifold.local.aws")


class Gate:
    def __init__(self, context: Context) -> None:
        self._emulator = Emulator(context.hostile)
        self._identities = Identities(self._emulator)
        self._hostile = Rules(context.hostile)
        self._sagemaker = SageMaker(context, self._emulator)
        self._own: dict[tuple[str, str], Handler] = {
            **Standing(self._emulator).handlers(),
            **self._sagemaker.handlers(),
            **Scaling(self._sagemaker.has_variant).handlers(),
            **Budgets().handlers(),
            **Tagging(self._emulator.tagged, self._sagemaker.tagged).handlers(),
        }

    async def handle(self, raw: Raw) -> Reply:
        """The answer to one request; never raises."""
        service, call = "s3", None
        try:
            service = wire.service_of(raw.host)
            key = signing.verify(service, raw, self._identities.key)
            call = wire.read(service, raw)
            if key is None:
                public_access.check_anonymous(call, self._emulator)
            reply = await self._act(call, self._identities.principal(key) if key else None)
        except AwsError as error:
            reply = wire.failure(service, call.operation if call else None, error)
        except Exception:
            log.exception("%s %s%s failed", raw.method, raw.host, raw.path)
            reply = wire.failure(service, None, AwsError("InternalFailure", "The local AWS failed; see its log.", 500))
        request_id = str(uuid.uuid4())
        return Reply(reply.status, {"x-amzn-requestid": request_id, **reply.headers}, reply.body)

    async def close(self) -> None:
        await self._sagemaker.close()

    async def _act(self, call: Call, caller: Principal | None) -> Reply:
        operation = OPERATIONS.get((call.service, call.name))
        if operation is None:
            raise refused(f"the operation {call.service}:{call.name}")
        schema.check(call, (*operation.fields_acting, *operation.fields_stored))
        documents.check(call)
        if caller is not None:
            self._hostile.admit(call)
            authorization.check(call, caller, self._emulator)
            public_access.check(call, caller, self._emulator)
        log_streams.check(call, self._emulator)
        result = await self._hostile.around(call, lambda: self._done(call, caller))
        return result if isinstance(result, Reply) else wire.answer(call, result)

    async def _done(self, call: Call, caller: Principal | None) -> Mapping[str, Any] | Reply | None:
        """What its owner makes of it: ours, or moto."""
        which = (call.service, call.name)
        if caller is not None and which in self._identities.handlers():
            return await self._identities.handlers()[which](call, caller)
        if which in self._own:
            return await self._own[which](call)
        reply = await asyncio.to_thread(self._emulator.call, call)
        return authorization.hidden(call, caller, self._emulator, reply)
