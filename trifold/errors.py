"""The one kind of error that is meant for the user: what happened, where, and the next command."""

from enum import IntEnum


class Status(IntEnum):
    """What a command ends with, as Pulumi's own do (its cmd.ExitCodeFor)."""

    FAILED = 1
    WRONG_USE = 2
    NO_SUCH_STACK = 6
    CHANGES = 7


class UserError(Exception):
    """Shown without a traceback; the command exits with `status`.

    what: one sentence; where: a file, resource or address; next: a command or a change that mends it.
    """

    def __init__(self, what: str, where: str = "", next: str = "", status: Status = Status.FAILED) -> None:
        super().__init__(what)
        self.what, self.where, self.next, self.status = what, where, next, status

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.next:
            lines.append(f"  next:  {self.next}")
        return "\n".join(lines)
