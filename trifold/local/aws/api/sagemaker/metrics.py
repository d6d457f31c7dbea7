"""What an instance uses, in CloudWatch, where SageMaker puts it: /aws/sagemaker/Endpoints, by endpoint and variant.

As the model's role, like the log: without the right to it there are no metrics, and no error either. Of SageMaker's
metrics of instances there is DiskUtilization; those of processor and memory mean little of processes of one machine.
https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
"""

import asyncio
import shutil
from pathlib import Path

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.rights import CONTEXT, permits
from trifold.local.aws.api.sagemaker.words import LOGS

RIGHT, NAMESPACE = "cloudwatch:PutMetricData", "cloudwatch:namespace"


class Metrics:
    """role: on whose behalf. folder: what the instance fills."""

    def __init__(self, emulator: Emulator, role: str, endpoint: str, variant: str, folder: Path) -> None:
        self._emulator, self._role, self._folder = emulator, role, folder
        self._dimensions = {"EndpointName": endpoint, "VariantName": variant}

    async def ship(self) -> None:
        await asyncio.to_thread(self._ship)

    def _ship(self) -> None:
        role = self._emulator.role(self._role)
        if role is not None and permits(role.policies, RIGHT, "*", {**CONTEXT, NAMESPACE: LOGS}):
            self._emulator.put_metric(LOGS, "DiskUtilization", self._used(), "Percent", self._dimensions)

    def _used(self) -> float:
        files = (one for one in self._folder.rglob("*") if one.is_file())
        return 100.0 * sum(one.stat().st_size for one in files) / shutil.disk_usage(self._folder).total
