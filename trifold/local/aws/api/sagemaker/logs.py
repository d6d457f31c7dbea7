"""A server's output in CloudWatch Logs, where SageMaker puts it: /aws/sagemaker/Endpoints/NAME, VARIANT/INSTANCE."""

import asyncio
from pathlib import Path

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.sagemaker.words import LOGS

AT_ONCE = 1 << 20


class LogStream:
    """Ships what was added to a log file since the last time. last: the last line there was."""

    def __init__(self, emulator: Emulator, endpoint: str, stream: str) -> None:
        self.last = ""
        self._emulator, self._group, self._stream = emulator, f"{LOGS}/{endpoint}", stream
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
            self._emulator.log(self._group, self._stream, lines)
