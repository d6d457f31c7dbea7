"""IAM: service accounts and the policies on them (iam.v1: projects.serviceAccounts)."""

import asyncio
import base64
import hashlib
import json
import re
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import GoogleError, invalid, not_found
from trifold.local.gcp.api.identity import LIFETIME, Identities
from trifold.local.gcp.api.own_policies import OwnPolicies
from trifold.local.gcp.api.schema import mask_paths
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import PROJECT
from trifold.local.gcp.key import new_key
from trifold.local.hostile import Hostile, Lagging

IDENT = re.compile(r"[a-z](?:[-a-z0-9]{4,28}[a-z0-9])")
CHANGEABLE = ("displayName", "description")


class ServiceAccounts:
    """By e-mail address. The account in the users' key file is not the project's."""

    def __init__(self, identities: Identities, access: Access, hostile: Hostile | None = None) -> None:
        self._identities, self._access, self._hostile = identities, access, hostile
        self._accounts: dict[str, dict[str, Any]] = {}
        self._seen: dict[str, Lagging[bool]] = {}
        self.policies = OwnPolicies(self._address, access)
        if hostile is not None:
            access.is_account = self.known

    def handlers(self) -> dict[str, Any]:
        base = "projects.serviceAccounts"
        return {
            f"{base}.create": self.create,
            f"{base}.get": self.get,
            f"{base}.list": self.list,
            f"{base}.patch": self.patch,
            f"{base}.delete": self.delete,
            f"{base}.disable": self.disable,
            f"{base}.enable": self.enable,
            **self.policies.handlers(base),
            f"{base}.keys.create": self.create_key,
            f"{base}.keys.delete": self.delete_key,
        }

    def exists(self, address: str) -> bool:
        """Whether it is there, for everybody: a new one is not at once
        (https://cloud.google.com/iam/docs/service-accounts-create: "may take 60 seconds or more")."""
        return address in self._accounts and (address not in self._seen or self._seen[address].seen)

    def known(self, address: str) -> bool:
        """Whether a policy may name it; one of another project may."""
        return not address.endswith(f"@{PROJECT}.iam.gserviceaccount.com") or self.exists(address)

    def may_act_as(self, caller: str, address: str) -> bool:
        """Whether the caller may have something run as an account that exists."""
        return self.exists(address) and self._access.allows(
            caller, "iam.serviceAccounts.actAs", self.policies.held(address)
        )

    def create(self, call: Call) -> Any:
        ident = call.body.get("accountId", "")
        if not 6 <= len(ident) <= 30:
            # DataDog/stratus-red-team#294
            raise invalid(f'The account ID "{ident}" does not have a length between 6 and 30.')
        if not IDENT.fullmatch(ident):
            raise invalid("Request contains an invalid argument.")  # hashicorp/terraform-provider-google#793
        address = f"{ident}@{PROJECT}.iam.gserviceaccount.com"
        if address in self._accounts:
            raise _exists(ident, address)
        if self._hostile is not None:
            self._seen[address] = self._hostile.lagging(f"account {ident}", False, self._hostile.measures.lag)
            self._seen[address].set(True)
        return self._add(address, call.body.get("serviceAccount", {}))

    def get(self, call: Call) -> Any:
        return self._accounts[self._address(call)]

    def list(self, call: Call) -> Any:
        return {"accounts": [self._accounts[address] for address in sorted(self._accounts)]}

    def patch(self, call: Call) -> Any:
        address, given = self._address(call), call.body.get("serviceAccount", {})
        paths = mask_paths(call.body.get("updateMask", ",".join(given)), CHANGEABLE)
        changed = {path: given.get(path, "") for path in paths}
        self._accounts[address] = {**self._accounts[address], **changed}
        return self._accounts[address]

    def delete(self, call: Call) -> Any:
        address = self._address(call)
        self._access.account_deleted(address, self._accounts.pop(address)["uniqueId"])
        self.policies.forget(address)
        return {}

    def disable(self, call: Call) -> Any:
        self._accounts[self._address(call)]["disabled"] = True
        return {}

    def enable(self, call: Call) -> Any:
        self._accounts[self._address(call)].pop("disabled", None)
        return {}

    async def create_key(self, call: Call) -> Any:
        """A key that is shown this once; making one takes a while, so not on the loop."""
        address = self._address(call)
        key = await asyncio.to_thread(new_key, address, PROJECT)
        self._identities.trust(key)
        return {
            "name": f"projects/{PROJECT}/serviceAccounts/{address}/keys/{key['private_key_id']}",
            "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE",
            "privateKeyData": base64.b64encode(json.dumps(key).encode()).decode(),
            "keyAlgorithm": "KEY_ALG_RSA_2048",
            "keyOrigin": "GOOGLE_PROVIDED",
            "keyType": "USER_MANAGED",
        }

    def generate_token(self, call: Call) -> Any:
        """An account's token for somebody who may have one (iamcredentials.v1: generateAccessToken)."""
        if not call.body.get("scope"):
            raise invalid("Request contains an invalid argument.")
        seconds = float(str(call.body.get("lifetime") or f"{LIFETIME}s").removesuffix("s"))
        if not 0 < seconds <= LIFETIME:
            raise invalid("Request contains an invalid argument.")
        until = datetime.fromtimestamp(time.time() + seconds, UTC).isoformat(timespec="seconds")
        token = self._identities.issue(self._address(call), seconds)
        return {"accessToken": token, "expireTime": until.replace("+00:00", "Z")}

    def delete_key(self, call: Call) -> Any:
        address, key = self._address(call), call.path["keysId"]
        if not self._identities.forget(address, key):
            raise not_found(f"Service account key {key} does not exist.")
        return {}

    def _add(self, address: str, given: dict[str, Any]) -> dict[str, Any]:
        unique = str(uuid.uuid4().int)[:21]
        described = {name: given[name] for name in CHANGEABLE if given.get(name)}
        self._accounts[address] = {
            "name": f"projects/{PROJECT}/serviceAccounts/{address}",
            "projectId": PROJECT,
            "uniqueId": unique,
            "email": address,
            "etag": hashlib.sha256(unique.encode()).hexdigest()[:12],
            "oauth2ClientId": unique,
            **described,
        }
        return self._accounts[address]

    def _address(self, call: Call) -> str:
        """The account of a call, by e-mail address or unique id, in this project or "-"."""
        ident = call.path["serviceAccountsId"]
        for address, account in self._accounts.items():
            if ident in (address, account["uniqueId"]) and self.exists(address):
                return address
        raise not_found(f"Unknown service account: projects/{call.path['projectsId']}/serviceAccounts/{ident}")


def _exists(ident: str, address: str) -> GoogleError:
    """hashicorp/terraform-provider-google#19112"""
    message = f"Service account {ident} already exists within project projects/{PROJECT}."
    name = f"projects/{PROJECT}/serviceAccounts/{address}"
    detail = {"@type": "type.googleapis.com/google.rpc.ResourceInfo", "resourceName": name}
    return GoogleError("ALREADY_EXISTS", message, [detail])
