"""CloudWatch log groups."""

from trifold.local.aws.provider.base import gone, tag_changes
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values

MISSING = "ResourceNotFoundException"


class LogGroup(Resource):
    supported = supports("name region retentionInDays skipDestroy tags")

    def make(self, session: Session, inputs: Values) -> str:
        client = session.client("logs", inputs.get("region"))
        tags = session.tags(inputs)
        client.create_log_group(logGroupName=inputs["name"], **({"tags": tags} if tags else {}))
        return inputs["name"]

    def settle(self, session: Session, id: str, inputs: Values) -> None:
        self._retain(session.client("logs", inputs.get("region")), inputs)

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("logs", inputs.get("region"))
        groups = client.describe_log_groups(logGroupNamePrefix=id)["logGroups"]
        found = next((group for group in groups if group["logGroupName"] == id), None)
        if found is None:
            return None
        arn = found["arn"].removesuffix(":*")
        return {
            **session.tag_outputs(client.list_tags_for_resource(resourceArn=arn)["tags"]),
            "name": id,
            "namePrefix": "",
            "arn": arn,
            "retentionInDays": found.get("retentionInDays", 0),
            "logGroupClass": "STANDARD",
            "kmsKeyId": "",
            "deletionProtectionEnabled": False,
            "skipDestroy": bool(inputs.get("skipDestroy")),
            "region": session.region,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        client = session.client("logs", inputs.get("region"))
        self._retain(client, inputs)
        put, removed = tag_changes(session, old, inputs)
        if put:
            client.tag_resource(resourceArn=old["arn"], tags=put)
        if removed:
            client.untag_resource(resourceArn=old["arn"], tagKeys=removed)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        if not outputs.get("skipDestroy"):
            client = session.client("logs", outputs.get("region"))
            gone(lambda: client.delete_log_group(logGroupName=id), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("name")

    def _retain(self, client: object, inputs: Values) -> None:
        days = inputs.get("retentionInDays") or 0
        if days:
            client.put_retention_policy(logGroupName=inputs["name"], retentionInDays=days)  # type: ignore[attr-defined]
        else:
            client.delete_retention_policy(logGroupName=inputs["name"])  # type: ignore[attr-defined]


TYPES = (
    ResourceType(
        "aws:cloudwatch/logGroup:LogGroup",
        "pulumi_aws.cloudwatch.log_group:LogGroupArgs",
        LogGroup(),
        autoname=Autoname("name", 512),
    ),
)
