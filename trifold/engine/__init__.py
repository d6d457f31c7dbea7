"""Pulumi's engine, embedded: the same program, providers, flags and state files, without Pulumi's CLI."""

import os

# Where connections end with a run, gRPC's C core says so amid what the user reads. It asks once, when it is loaded.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
