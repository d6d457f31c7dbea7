"""A server's output in CloudWatch Logs, where SageMaker puts it: /aws/sagemaker/Endpoints/NAME, VARIANT/INSTANCE.

SageMaker writes there as the model's role, so without the rights to it there is no log, and no error either. Which:
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms.
"""

import asyncio
from pathlib import Path

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.rights import permits
from trifold.local.aws.api.sagemaker.words import LOGS
from trifold.local.aws.cloud import ACCOUNT, REGION

AT_ONCE = 1 << 20


class LogStream:
    """Ships what was added to a log file since the last time. role: on whose behalf. last: the last line there was."""

    def __init__(self, emulator: Emulator, role: str, endpoint: str, stream: str) -> None:
        self.last = ""
        self._emulator, self._role = emulator, role
        self._group, self._stream = f"{LOGS}/{endpoint}", stream
        self._offset = 0

    async def ship(self, file: Path) -> None:
        await asyncio.to_thread(self._ship, file)

    def _ship(self, file: Path) -> None:
        try:
            with file.open("rb") as opened:
                if opened.seek(0, 2) < self._offset:
                    self._offset = 0
                opened.seek(self._offset)
                text = opened.read(AT_ONCE)
        except FileNotFoundError:
            return
        self._offset += len(text)
        lines = [line for line in text.decode(errors="replace").splitlines() if line.strip()]
        if lines:
            self.last = lines[-1]
        if lines and self._may_write():
            self._emulator.log(self._group, self._stream, lines)

    def _may_write(self) -> bool:
        role = self._emulator.role(self._role)
        group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{self._group}"
        needed = [(action, f"{group}:log-stream:{self._stream}") for action in ("CreateLogStream", "PutLogEvents")]
        needed.append(("DescribeLogStreams", f"{group}:log-stream:"))
        if not self._emulator.has_log_group(self._group):
            needed.append(("CreateLogGroup", f"{group}:log-stream:"))
        return role is not None and all(permits(role.policies, f"logs:{action}", on) for action, on in needed)
