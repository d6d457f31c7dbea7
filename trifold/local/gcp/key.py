"""Service account key files: the kind a user downloads from Google, made here and trusted by the local cloud only."""

import json
import os
import tempfile
import uuid
from pathlib import Path

TOKEN_ADDRESS = "https://oauth2.googleapis.com/token"


def ensure_key(path: Path, account: str, project: str) -> Path:
    """The key file at `path`, made if there is none, or one of another account (an older version's).

    Safe when several processes ask at once: the first one wins.
    """
    if path.is_file():
        if json.loads(path.read_text()).get("client_email") == account:
            return path
        path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w") as file:
        json.dump(new_key(account, project), file, indent=2)
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        Path(made).unlink()
    return path


def new_key(account: str, project: str) -> dict[str, str]:
    """A fresh RSA key in the shape of Google's key files."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": project,
        "private_key_id": uuid.uuid4().hex,
        "private_key": pem.decode(),
        "client_email": account,
        "client_id": str(uuid.uuid4().int)[:21],
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": TOKEN_ADDRESS,
        "universe_domain": "googleapis.com",
    }


def public_key(private_pem: str) -> bytes:
    """The public half of a key file's `private_key`, in PEM."""
    from cryptography.hazmat.primitives import serialization

    private = serialization.load_pem_private_key(private_pem.encode(), password=None)
    return private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
