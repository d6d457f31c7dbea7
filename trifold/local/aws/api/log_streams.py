"""What CloudWatch Logs says of a stream that is not there; moto says it of its group."""

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.wire import Call


def check(call: Call, emulator: Emulator) -> None:
    """Raises AwsError where the events of a missing stream are asked for."""
    given = call.parameters
    if (call.service, call.name) != ("logs", "GetLogEvents") or not emulator.has_log_group(
        given.get("logGroupName", "")
    ):
        return
    if not emulator.has_log_stream(given["logGroupName"], given["logStreamName"]):
        raise AwsError("ResourceNotFoundException", "The specified log stream does not exist.")
