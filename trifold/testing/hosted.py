"""In the program's process: runs the file or the function that a test gave."""

import importlib
import importlib.util
import io
import runpy
import sys
from pathlib import Path
from typing import Any


def run(kind: str, argument: str) -> Any:
    """Run the program. kind: "file" or "function" (written down by trifold.testing.programs)."""
    if kind == "file":
        sys.path.insert(0, str(Path(argument).parent))
        return runpy.run_path(argument, run_name="__main__")
    import dill

    stream = io.BytesIO(Path(argument).read_bytes())
    about = dill.load(stream)
    sys.path[:] = about["path"]
    module = _module(about["module"], about["file"])
    function = dill.load(stream)
    if module is not None:
        _with_assertions(vars(module))
    return function()


def _module(name: str, file: str | None) -> Any:
    """The function's module, imported by name, or from its file where it has no importable name."""
    if not name or name == "__main__":
        return None
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name) or file is None:
            raise
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _with_assertions(names: dict[str, Any]) -> None:
    """pytest rewrites the assertions of test modules, also within functions; these names are what they then use."""
    rewrite = sys.modules.get("_pytest.assertion.rewrite")
    if rewrite is not None:
        import builtins

        names.setdefault("@py_builtins", builtins)
        names.setdefault("@pytest_ar", rewrite)
