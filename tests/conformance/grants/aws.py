"""AWS: what the endpoints' role is granted, and what keeps others out of the bucket."""

from tests.conformance.grants import Grant, not_emulated
from tests.conformance.grants.aws_bucket import (
    alike,
    block,
    kept_out,
    let_in,
    open_to_all,
    own,
    read_as_nobody,
    refusal,
    tls_only,
    write_for_all,
    write_plainly,
)
from tests.conformance.grants.aws_role import LOG, METRIC, PULL, missing, model, read_log, read_metrics, without

NOT_AUTHORIZED = r"AccessDenied: User: arn:aws:iam::\d{12}:user/\w+ is not authorized to perform: "
MODEL_DATA = (
    r'Could not access model data at s3://\S+\. Please ensure that the role "\S+" exists and that its trust '
    r'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker\.amazonaws\.com"\. '
    r'Also ensure that the role has "s3:GetObject" permissions and that the object is located in \S+\. If your Model '
    r'uses multiple models or uncompressed models, please ensure that the role has "s3:ListBucket" permission\.'
)
LISTS = "ObjectWriter"  # who writes an object may give it an access list


def grants() -> list[Grant]:
    return [*role_grants(), *bucket_locks(), *gaps()]


def role_grants() -> list[Grant]:
    return [
        Grant(
            "the endpoints identity reads the packages",
            ("endpoint-may-read s3:GetObject",),
            lambda rig: rig.once(model),
            lambda rig: without(rig, "s3:GetObject"),
            f"ValidationException: {MODEL_DATA}",
        ),
        Grant(
            "the endpoints identity pulls the image",
            tuple(f"foundation-endpoint-pull {action}" for action in PULL),
            lambda rig: rig.once(model),
            lambda rig: alike([without(rig, one) for one in PULL]),
            r"ValidationException: Role \S+ cannot pull \S+\. Ensure that the role exists and the image was granted "
            r"pull permission\.",
        ),
        Grant(
            "the platform assumes the endpoints identity",
            ("foundation-endpoint sts:AssumeRole",),
            lambda rig: rig.once(model),
            lambda rig: without(rig, "sts:AssumeRole"),
            r'ValidationException: The execution role ARN "\S+" is invalid\. Please ensure that the role exists and '
            r'that its trust relationship policy allows the action "sts:AssumeRole" for the service principal '
            r'"sagemaker\.amazonaws\.com"\.',
        ),
        # SageMaker goes on without a log where it may not write one; CloudWatch Logs then has nothing to show.
        Grant(
            "the endpoints identity writes its log",
            tuple(f"endpoint-may-log {action}" for action in LOG),
            lambda rig: read_log(rig),
            lambda rig: alike([refusal(lambda one=one: read_log(rig, one)) for one in LOG]),
            r"ResourceNotFoundException: The specified log stream does not exist\.",
        ),
        # Nor is there any error where it may not tell what it uses.
        Grant(
            "the endpoints identity writes its metrics",
            (f"endpoint-may-log {METRIC}",),
            lambda rig: read_metrics(rig),
            lambda rig: missing(lambda: read_metrics(rig, METRIC)),
            "no metrics of the endpoint",
        ),
    ]


def bucket_locks() -> list[Grant]:
    return [
        Grant(
            "nobody makes the store public",
            ("storage-private blockPublicPolicy=true",),
            lambda rig: open_to_all(own(rig)),
            lambda rig: kept_out(open_to_all, block(own(rig), "BlockPublicPolicy")),
            rf'{NOT_AUTHORIZED}s3:PutBucketPolicy on resource: "arn:aws:s3:::\w+" because public policies are blocked '
            r"by the BlockPublicPolicy block public access setting\.",
        ),
        Grant(
            "nobody without credentials reads a store that was made public",
            ("storage-private restrictPublicBuckets=true",),
            lambda rig: let_in(read_as_nobody, open_to_all(own(rig))),
            lambda rig: kept_out(read_as_nobody, block(open_to_all(own(rig)), "RestrictPublicBuckets")),
            "AccessDenied: Access Denied",
        ),
        Grant(
            "no object is made public",
            ("storage-private blockPublicAcls=true",),
            lambda rig: read_as_nobody(write_for_all(own(rig, LISTS))),
            lambda rig: kept_out(write_for_all, block(own(rig, LISTS), "BlockPublicAcls")),
            rf'{NOT_AUTHORIZED}s3:PutObject on resource: "arn:aws:s3:::\w+/note" because public access control lists '
            r"\(ACLs\) are blocked by the BlockPublicAcls block public access setting\.",
        ),
        Grant(
            "nobody without credentials reads an object that was made public",
            ("storage-private ignorePublicAcls=true",),
            lambda rig: read_as_nobody(write_for_all(own(rig, LISTS))),
            lambda rig: kept_out(read_as_nobody, block(write_for_all(own(rig, LISTS)), "IgnorePublicAcls")),
            "AccessDenied: Access Denied",
        ),
        Grant(
            "the store takes encrypted transport only",
            ("storage-tls Deny s3:*",),
            lambda rig: write_plainly(own(rig)),
            lambda rig: kept_out(write_plainly, tls_only(own(rig))),
            rf'{NOT_AUTHORIZED}s3:PutObject on resource: "arn:aws:s3:::\w+/note" with an explicit deny in a '
            "resource-based policy",
        ),
    ]


def gaps() -> list[Grant]:
    return [
        not_emulated(
            "no image is overwritten under its tag",
            ("foundation-registry imageTagMutability=IMMUTABLE",),
            "local registries hold no image that could be overwritten",
        ),
    ]
