"""IAM's OpenID Connect providers: whose tokens a role may be assumed with."""

from trifold.local.aws.provider.base import gone, pairs, tag_changes, unpaired
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import ResourceType, Values

MISSING = "NoSuchEntity"


class OpenIdConnectProvider(Resource):
    supported = supports("clientIdLists tags thumbprintLists url")

    def make(self, session: Session, inputs: Values) -> str:
        made = session.client("iam").create_open_id_connect_provider(
            Url=inputs["url"],
            ClientIDList=inputs["clientIdLists"],
            ThumbprintList=inputs.get("thumbprintLists") or [],
            Tags=pairs(session.tags(inputs)),
        )
        return str(made["OpenIDConnectProviderArn"])

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("iam")
        one = gone(lambda: client.get_open_id_connect_provider(OpenIDConnectProviderArn=id), MISSING)
        if one is None:
            return None
        return {
            **session.tag_outputs(unpaired(one.get("Tags", []))),
            "arn": id,
            # IAM keeps it without the scheme, and the official provider sees no difference in that.
            "url": f"https://{one['Url'].removeprefix('https://')}",
            "clientIdLists": one["ClientIDList"],
            "thumbprintLists": one["ThumbprintList"],
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        client = session.client("iam")
        before, after = set(old["clientIdLists"]), set(inputs["clientIdLists"])
        for one in sorted(after - before):
            client.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=id, ClientID=one)
        for one in sorted(before - after):
            client.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=id, ClientID=one)
        put, removed = tag_changes(session, old, inputs)
        if put:
            client.tag_open_id_connect_provider(OpenIDConnectProviderArn=id, Tags=pairs(put))
        if removed:
            client.untag_open_id_connect_provider(OpenIDConnectProviderArn=id, TagKeys=removed)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("iam")
        gone(lambda: client.delete_open_id_connect_provider(OpenIDConnectProviderArn=id), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return f"arn:aws:iam::{session.account}:oidc-provider/{inputs['url'].removeprefix('https://')}"


TYPES = (
    ResourceType(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "pulumi_aws.iam.open_id_connect_provider:OpenIdConnectProviderArgs",
        OpenIdConnectProvider(),
        replace=("url",),
    ),
)
