"""Runs scripts one after the other in one process, since importing the SDK takes longest: `run.py NAMES SCRIPT...`.

Prints one line of JSON: {script: "" or its traceback}.
"""

import contextlib
import importlib.util
import json
import pathlib
import sys
import traceback


def run(path, names):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
            module.main({**names, "bucket": f"{names['bucket']}-{path.stem.replace('_', '-')}"})
    except BaseException:
        return traceback.format_exc()
    return ""


if __name__ == "__main__":
    names = json.loads(sys.argv[1])
    print(json.dumps({path.stem: run(path, names) for path in map(pathlib.Path, sys.argv[2:])}))
