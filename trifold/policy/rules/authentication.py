"""Authentication: endpoints that ask who calls, and credentials that do not live for ever."""

from collections.abc import Iterator

from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import Context, Rule, Said, Want, is_false, one_of, reads, unsure, wants

ENDPOINTS = ("OnlineEndpoint", "BatchEndpoint", "ServerlessEndpoint")
METHOD = "aws:apigateway/method:Method"
OPEN = "anybody may call it: it asks for no authentication"
NAMED = one_of("AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT")

CALLS = {
    "aws:lambda/functionUrl:FunctionUrl": (Want("authorizationType", NAMED, OPEN, "NONE"),),
    METHOD: (Want("authorization", NAMED, OPEN, "NONE"),),
    "aws:apigatewayv2/route:Route": (Want("authorizationType", NAMED, OPEN, "NONE"),),
    **{
        f"azure-native:machinelearningservices:{one}": (
            Want("properties.authMode", one_of("Key", "AMLToken", "AADToken"), OPEN),
        )
        for one in ENDPOINTS
    },
    "gcp:redis/instance:Instance": (Want("authEnabled", lambda value: value is True, OPEN, False),),
}
KEYS = {
    f"azure-native:machinelearningservices:{one}": (
        Want(
            "properties.authMode", lambda value: str(value).lower() != "key", "callers share one key that never expires"
        ),
    )
    for one in ENDPOINTS
}
LONG_LIVED = {
    "azure-native:storage:StorageAccount": (
        Want("allowSharedKeyAccess", is_false, "two account keys that never expire open all that is in it", True),
    ),
    "azure-native:containerregistry:Registry": (
        Want("adminUserEnabled", is_false, "the admin user, shared and of full rights, is on", False),
    ),
}
MADE = {
    "aws:iam/accessKey:AccessKey": ("user", "a user's access key, which never expires"),
    "gcp:serviceaccount/key:Key": ("serviceAccountId", "a service account's key file, good for years"),
}


def _open(resource: Resource, context: Context) -> Iterator[Said]:
    """A browser's preflight request carries no credentials, so a method OPTIONS must be open."""
    method = resource.at("httpMethod") if resource.type == METHOD else None
    found = list(wants(CALLS)(resource, context)) if method != "OPTIONS" else []
    yield from [unsure("httpMethod", method)] if found and isinstance(method, Hidden) else found


def _long_lived(resource: Resource, context: Context) -> Iterator[Said]:
    if resource.type in MADE:
        yield Said(*MADE[resource.type])
    yield from wants(LONG_LIVED)(resource, context)


RULES = (
    Rule(
        id="endpoint-authentication",
        severity="critical",
        title="An endpoint asks who calls",
        reason="An open endpoint answers, and bills, for whoever finds it. (SageMaker and Vertex AI endpoints always "
        "ask: there, `public-principal` looks at who is let in.)",
        fix="authorization_type = AWS_IAM, CUSTOM or JWT; auth_mode = AADToken; auth_enabled = True",
        pages=(
            "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
            "https://learn.microsoft.com/en-us/azure/machine-learning/how-to-authenticate-online-endpoint",
            "https://cloud.google.com/memorystore/docs/redis/about-redis-auth",
        ),
        reads={**reads(CALLS), METHOD: ("authorization", "httpMethod")},
        check=_open,
        also=("CKV_AWS_258", "CKV_AWS_59", "CKV_AWS_309", "CKV_GCP_95"),
    ),
    Rule(
        id="endpoint-key-authentication",
        severity="low",
        title="Endpoints are called with identities, not with one shared key",
        reason="A shared key does not say who called, does not expire, and must be handed around.",
        fix="auth_mode = AADToken, and a role assignment for each caller",
        pages=("https://learn.microsoft.com/en-us/azure/machine-learning/concept-endpoints-online-auth",),
        reads=reads(KEYS),
        check=wants(KEYS),
    ),
    Rule(
        id="long-lived-credentials",
        severity="high",
        title="No credentials that never expire",
        reason="Keys that never expire are what leaks: in a repository, a log, a laptop.",
        fix="a role, managed identity or workload identity in its place; allow_shared_key_access = False; "
        "admin_user_enabled = False",
        pages=(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
            "https://learn.microsoft.com/en-us/azure/storage/common/shared-key-authorization-prevent",
            "https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys",
        ),
        reads={**reads(LONG_LIVED), **{type: (path,) for type, (path, _) in MADE.items()}},
        check=_long_lived,
        also=("CKV_AZURE_137",),
    ),
)
