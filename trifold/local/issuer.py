"""The issuer of the local pipelines' tokens: it stands for GitHub Actions, whose tokens the clouds trust by subject.

The clouds would fetch the issuer's keys from its address; here they read them from a file that they share, since no
local cloud reaches the network. Nobody but this checkout's clouds trusts the key.
"""

import os
import time
from pathlib import Path
from typing import Any

ISSUER = "https://token.actions.githubusercontent.com"
NAME = "pipeline-key.pem"
LIFETIME = 300


def beside(state: Path) -> Path:
    """Where the key lies, by the folder of a cloud's own (`Context.state`): beside it."""
    return state.parent / NAME


def token(key: Path, subject: str, audience: str, lifetime: int = LIFETIME) -> str:
    """What a job of a pipeline is given: signed, for one audience, for some minutes."""
    import jwt

    now = int(time.time())
    claims = {"iss": ISSUER, "sub": subject, "aud": audience, "iat": now, "nbf": now, "exp": now + lifetime}
    return jwt.encode(claims, _private(key), algorithm="RS256")


def claims(key: Path, token: str, audience: str | list[str]) -> dict[str, Any]:
    """What a token says, once it is known to be the issuer's own. Raises jwt.PyJWTError as PyJWT does."""
    import jwt

    public = _private(key).public_key()
    return dict(jwt.decode(token, public, algorithms=["RS256"], audience=audience, issuer=ISSUER))


def _private(key: Path) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not key.exists():
        _make(key)
    return load_pem_private_key(key.read_bytes(), None)


def _make(key: Path) -> None:
    """Whoever comes first; a file that is there is whole."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = key.with_name(f"{key.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(made)
    try:
        os.link(draft, key)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
