"""AWS: buckets that are opened and shut, and how an attempt is made until what it needs is in effect."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.conformance.grants import Rig

# How long a grant may take to be in effect, and how often to look.
SECONDS, LOOK = 20.0, 0.2


def refusal(attempt: Callable[[], Any]) -> str:
    """What AWS says: the code and the message. A grant that was taken away, and a lock, may take a moment."""
    found = awaited(lambda: heard(attempt))
    assert found, "it was let through"
    return found


def let_through(attempt: Callable[[], Any]) -> Any:
    """What it gives: a new grant takes a moment, see ../../../docs/decisions/130-grants-that-take-seconds.md."""
    from botocore.exceptions import ClientError

    end = time.monotonic() + SECONDS
    while True:
        try:
            return attempt()
        except ClientError:
            if time.monotonic() > end:
                raise
        time.sleep(LOOK)


def let_in(attempt: Callable[[str], Any], bucket: str) -> None:
    let_through(lambda: attempt(bucket))


def kept_out(attempt: Callable[[str], Any], bucket: str) -> str:
    return refusal(lambda: attempt(bucket))


def awaited(look: Callable[[], str]) -> str:
    """What is found, once it is; "" if it never is."""
    end = time.monotonic() + SECONDS
    while not (found := look()) and time.monotonic() < end:
        time.sleep(LOOK)
    return found


def heard(attempt: Callable[[], Any]) -> str:
    """What a refusal says; "" for none."""
    from botocore.exceptions import ClientError

    try:
        attempt()
    except ClientError as error:
        return "{Code}: {Message}".format(**error.response["Error"])
    return ""


def alike(said: list[str]) -> str:
    """One of some refusals that differ in names only."""
    assert len({re.sub(r"\S*g[0-9a-f]{11}\S*", "", one) for one in said}) == 1, said
    return said[0]


def client(service: str, **more: Any) -> Any:
    import boto3

    return boto3.client(service, **more)


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def own(rig: Rig, ownership: str = "BucketOwnerEnforced") -> str:
    return bucket(rig.another(), ownership)


def bucket(rig: Rig, ownership: str = "BucketOwnerEnforced") -> str:
    """A bucket that goes by the try's name, with an object; nothing keeps anybody out yet."""
    import boto3

    made = boto3.resource("s3").create_bucket(Bucket=rig.name, ObjectOwnership=ownership)
    rig.after.callback(made.delete)
    rig.after.callback(made.objects.delete)
    # A policy that shuts everybody out of its objects would be in the way.
    rig.after.callback(made.Policy().delete)
    return write(rig.name)


def write(name: str, *, body: bytes = b"mine", scheme: str = "https", **options: str) -> str:
    address = f"{scheme}://s3.us-east-1.amazonaws.com"
    client("s3", endpoint_url=address).put_object(Bucket=name, Key="note", Body=body, **options)
    return name


def write_for_all(name: str) -> str:
    return write(name, ACL="public-read")


def write_plainly(name: str) -> str:
    return write(name, scheme="http")


def open_to_all(name: str) -> str:
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    client("s3").put_bucket_policy(Bucket=name, Policy=document(everybody))
    return name


def tls_only(name: str) -> str:
    """As infra/aws has it."""
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    client("s3").put_bucket_policy(Bucket=name, Policy=document(deny))
    return name


def block(name: str, switch: str) -> str:
    """One of the four switches of Block Public Access."""
    client("s3").put_public_access_block(Bucket=name, PublicAccessBlockConfiguration={switch: True})
    return name


def read_as_nobody(name: str) -> None:
    from botocore import UNSIGNED
    from botocore.config import Config

    found = client("s3", config=Config(signature_version=UNSIGNED)).get_object(Bucket=name, Key="note")
    assert found["Body"].read() == b"mine"
