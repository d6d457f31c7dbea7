"""What is wrong with a package: which file, and why."""

from trifold.errors import UserError


class PackageError(UserError):
    """A package, or an archive of one, that must not be used.

    file: the first wrong file, relative to the package (or the archive's own name); reason: one clause.
    """

    def __init__(self, file: str, reason: str, where: str = "", next: str = "") -> None:
        super().__init__(f"{file}: {reason}", where=where, next=next or "build it anew: trifold model build NAME")
        self.file, self.reason = file, reason


class BuildError(UserError):
    """A model that cannot be packaged: a bad entry point, or one that does not beat its baselines."""
