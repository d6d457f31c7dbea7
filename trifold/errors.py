"""The one kind of error that is meant for the user: what happened, where, and the next command."""


class UserError(Exception):
    """Shown without a traceback; the command exits with status 1.

    what: one sentence; where: a file, resource or address; next: a command or a change that mends it.
    """

    def __init__(self, what: str, where: str = "", next: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.next = what, where, next

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.next:
            lines.append(f"  next:  {self.next}")
        return "\n".join(lines)
