"""The vendors' sample repositories, run from a folder that has them: each sample is a function that takes the names."""

import importlib.util
import inspect
import re
from pathlib import Path


class Samples:
    """folder: where the sample files are; pattern: a sample's file by its name."""

    def __init__(self, folder, pattern):
        self._folder, self._pattern = Path(folder), pattern

    def run(self, name, *arguments, **named):
        """What the sample gives back. Its function is the first that its file defines."""
        path = self._folder / self._pattern.format(name)
        spec = importlib.util.spec_from_file_location(re.sub(r"\W", "_", path.stem), path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        first = next(one for one in vars(module).values() if inspect.isfunction(one) and one.__module__ == spec.name)
        return first(*arguments, **named)

    def refused(self, what, name, *arguments, **named):
        """The sample fails, saying what."""
        try:
            self.run(name, *arguments, **named)
        except Exception as error:
            assert what in str(error), error
        else:
            raise AssertionError(f"{name} is to be refused: {what}")
