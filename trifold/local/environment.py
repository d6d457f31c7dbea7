"""What a client exports, what it must not keep, and how a shell is told. Pure: data in, text out."""

import os
import shlex
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from trifold.local.contract import Cloud
from trifold.local.layout import Layout
from trifold.local.ports import LOOPBACK
from trifold.local.record import Running

PASSPHRASE = "local-stacks-hold-no-secret"
DIRECT = f"localhost,{LOOPBACK},::1"
CERTIFICATE_VARIABLES = (
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "AWS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "HTTPLIB2_CA_CERTS",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "NODE_EXTRA_CA_CERTS",
)
# A variable of these families that the local clouds don't set would lead a client to a real account or around the door.
FOREIGN_PREFIXES = ("AWS_", "AZURE_", "ARM_", "GOOGLE_", "GCLOUD_", "GCE_", "CLOUDSDK_", "IDENTITY_", "MSI_")
FOREIGN = frozenset(
    {"PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "SSL_CERT_DIR", "STORAGE_EMULATOR_HOST"}
    | {"grpc_proxy", "no_grpc_proxy", "ftp_proxy", "FTP_PROXY", "BOTO_CONFIG", "APPSETTING_WEBSITE_SITE_NAME"}
)
MARK = "TRIFOLD_LOCAL"
COVERED = "TRIFOLD_LOCAL_COVERED"
SAVED = "_trifold_saved_"


def variables(layout: Layout, running: Running, clouds: Iterable[Cloud]) -> dict[str, str]:
    """All that is exported. A cloud's own variables come last, and an empty one of them only takes a real one away."""
    ours = {
        **_proxy(running.door),
        **{name: str(layout.certificate) for name in CERTIFICATE_VARIABLES},
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_GCE_CHECK": "true",  # google-auth asks the metadata server past every proxy
        **_pulumi(layout, running),
        MARK: "1",
    }
    for cloud in clouds:
        ours |= {name: value for name, value in cloud.environment(layout.state).items() if value}
    return ours


def _proxy(port: int) -> dict[str, str]:
    address = f"http://{LOOPBACK}:{port}"
    names = ("http_proxy", "https_proxy", "all_proxy")
    both = {spelling: address for name in names for spelling in (name, name.upper())}
    return both | {"no_proxy": DIRECT, "NO_PROXY": DIRECT}


def _pulumi(layout: Layout, running: Running) -> dict[str, str]:
    return {
        "PULUMI_BACKEND_URL": f"file://{quote(str(layout.backend))}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{plugin}:{port}" for plugin, port in sorted(running.plugins.items())),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def is_foreign(name: str) -> bool:
    """Whether a variable could lead a client to a real account."""
    return name.startswith(FOREIGN_PREFIXES) or name in FOREIGN


def merged(base: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """`base` with ours in it and nothing that leads to a real account."""
    return {name: value for name, value in base.items() if not is_foreign(name)} | dict(ours)


def cleaned(base: Mapping[str, str]) -> dict[str, str]:
    """`base` for the supervisor: without credentials, and without the door of any local clouds."""
    names = {*CERTIFICATE_VARIABLES, *_proxy(0), MARK, COVERED}
    dropped = ("PULUMI_", "TRIFOLD_FAMILY", "TRIFOLD_READY")
    return {
        name: value
        for name, value in base.items()
        if not is_foreign(name) and name not in names and not name.startswith(dropped)
    }


def exports(ours: Mapping[str, str], base: Mapping[str, str] = os.environ) -> str:
    """Shell text that sets it all. What it covers is kept in variables of the shell that are not exported."""
    away = sorted(name for name in base if is_foreign(name) and name not in ours)
    covered = base.get(COVERED, "").split() if MARK in base else sorted({*away, *(base.keys() & ours.keys())})
    lines = [
        *(f'{SAVED}{name}="${name}"' for name in covered if MARK not in base),
        *(f"unset {name}" for name in away),
        *(f"export {name}={shlex.quote(value)}" for name, value in sorted(ours.items())),
        f"export {COVERED}={shlex.quote(' '.join(covered))}",
    ]
    return "\n".join(lines) + "\n"


def unset(names: Iterable[str], base: Mapping[str, str] = os.environ) -> str:
    """Shell text that undoes `exports`: what was there before comes back, the rest is unset."""
    if MARK not in base:  # never entered: what is set is the user's own
        return ""
    covered = base.get(COVERED, "").split()
    plain = [f"unset {name}" for name in sorted({*names, COVERED} - {*covered})]
    return "\n".join([*plain, *(_restore(name) for name in covered)]) + "\n"


def _restore(name: str) -> str:
    saved = SAVED + name
    return f'if [ -n "${{{saved}+x}}" ]; then export {name}="${saved}"; unset {saved}; else unset {name}; fi'
