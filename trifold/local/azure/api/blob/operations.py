"""What the Blob service accepts: an operation's own query parameters and headers."""

from collections.abc import Mapping

NOTE = "Checked here (key, SAS or token), kept by Azurite."
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "List Containers": ("prefix", "marker", "maxresults", "include=metadata"),
    "Get Blob Service Properties": (),
    "Get Account Information": (),
    "Create Container": ("x-ms-meta-*", "x-ms-blob-public-access"),
    "Get Container Properties": (),
    "Set Container Metadata": ("x-ms-meta-*",),
    "Delete Container": (),
    "Get Container ACL": (),
    "Lease Container": ("x-ms-lease-*",),
    "List Blobs": ("prefix", "delimiter", "marker", "maxresults", "include"),
    "Put Blob": ("block and append blobs", "x-ms-meta-*", "x-ms-blob-*", "conditions"),
    "Get Blob": ("range", "snapshot", "versionid", "conditions"),
    "Get Blob Properties": ("snapshot", "versionid", "conditions"),
    "Set Blob Properties": ("x-ms-blob-*",),
    "Set Blob Metadata": ("x-ms-meta-*",),
    "Delete Blob": ("snapshot", "versionid", "x-ms-delete-snapshots", "conditions"),
    "Put Block": (),
    "Put Block List": ("x-ms-meta-*", "x-ms-blob-*", "conditions"),
    "Get Block List": (),
    "Append Block": ("conditions",),
    "Copy Blob": ("x-ms-copy-source within the account", "x-ms-meta-*"),
    "Snapshot Blob": (),
    "Lease Blob": ("x-ms-lease-*",),
    "Set Blob Tier": ("x-ms-access-tier",),
}
