"""A model server that does nothing but live, print its environment and, if asked to, ignore SIGTERM."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

print(json.dumps({"arguments": sys.argv[1:], "environment": dict(os.environ), "folder": str(Path.cwd())}), flush=True)
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "fails" in sys.argv:
    sys.exit("the model is broken")
print("ready", flush=True)
threading.Event().wait()
