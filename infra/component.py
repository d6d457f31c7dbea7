"""What the components of all capabilities have in common: the outputs that their contract promises are registered."""

from typing import ClassVar

import pulumi


class Component(pulumi.ComponentResource):
    """A Pulumi component whose contract names its outputs. A contract's class annotates them and lists them in
    PROMISED; a cloud's class inherits it, sets each, and ends its constructor with `promise`."""

    PROMISED: ClassVar[tuple[str, ...]]

    def promise(self) -> None:
        """Register the promised outputs. Raises AttributeError for one that was not set."""
        self.register_outputs({output: getattr(self, output) for output in self.PROMISED})
