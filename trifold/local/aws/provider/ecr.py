"""ECR repositories and their life-cycle policies."""

from trifold.local.aws.provider.base import gone, lower, pairs, tag_changes, unpaired
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values

MISSING = "RepositoryNotFoundException"
NO_POLICY = "RepositoryPolicyNotFoundException"


class Repository(Resource):
    supported = supports(
        "encryptionConfigurations forceDelete imageScanningConfiguration imageTagMutability name region tags"
    )

    def make(self, session: Session, inputs: Values) -> str:
        scanning = (inputs.get("imageScanningConfiguration") or {}).get("scanOnPush", False)
        encryption = (inputs.get("encryptionConfigurations") or [{}])[0]
        given = {"encryptionType": encryption.get("encryptionType", "AES256"), "kmsKey": encryption.get("kmsKey")}
        session.client("ecr", inputs.get("region")).create_repository(
            repositoryName=inputs["name"],
            imageTagMutability=inputs.get("imageTagMutability") or "MUTABLE",
            imageScanningConfiguration={"scanOnPush": scanning},
            encryptionConfiguration={name: value for name, value in given.items() if value},
            tags=pairs(session.tags(inputs)),
        )
        return inputs["name"]

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("ecr", inputs.get("region"))
        found = gone(lambda: client.describe_repositories(repositoryNames=[id]), MISSING)
        if found is None:
            return None
        one = found["repositories"][0]
        tags = client.list_tags_for_resource(resourceArn=one["repositoryArn"])["tags"]
        return {
            **session.tag_outputs(unpaired(tags)),
            "name": id,
            "arn": one["repositoryArn"],
            "registryId": one["registryId"],
            "repositoryUrl": one["repositoryUri"],
            "imageTagMutability": one["imageTagMutability"],
            "imageScanningConfiguration": lower(one["imageScanningConfiguration"]),
            "encryptionConfigurations": [{"kmsKey": "", **one["encryptionConfiguration"]}],
            "forceDelete": bool(inputs.get("forceDelete")),
            "region": session.region,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        client = session.client("ecr", inputs.get("region"))
        mutability = inputs.get("imageTagMutability") or "MUTABLE"
        if mutability != old.get("imageTagMutability"):
            client.put_image_tag_mutability(repositoryName=id, imageTagMutability=mutability)
        scanning = {"scanOnPush": (inputs.get("imageScanningConfiguration") or {}).get("scanOnPush", False)}
        if scanning != old.get("imageScanningConfiguration"):
            client.put_image_scanning_configuration(repositoryName=id, imageScanningConfiguration=scanning)
        put, removed = tag_changes(session, old, inputs)
        if put:
            client.tag_resource(resourceArn=old["arn"], tags=pairs(put))
        if removed:
            client.untag_resource(resourceArn=old["arn"], tagKeys=removed)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("ecr", outputs.get("region"))
        force = bool(outputs.get("forceDelete"))
        gone(lambda: client.delete_repository(repositoryName=id, force=force), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("name")


class LifecyclePolicy(Resource):
    supported = supports("policy region repository")

    def make(self, session: Session, inputs: Values) -> str:
        session.client("ecr", inputs.get("region")).put_lifecycle_policy(
            repositoryName=inputs["repository"], lifecyclePolicyText=inputs["policy"]
        )
        return inputs["repository"]

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("ecr", inputs.get("region"))
        missing = (MISSING, "LifecyclePolicyNotFoundException")
        found = gone(lambda: client.get_lifecycle_policy(repositoryName=id), *missing)
        if found is None:
            return None
        policy = {"policy": found["lifecyclePolicyText"], "registryId": found["registryId"]}
        return {**policy, "repository": id, "region": session.region}

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("ecr", outputs.get("region"))
        missing = (MISSING, "LifecyclePolicyNotFoundException")
        gone(lambda: client.delete_lifecycle_policy(repositoryName=id), *missing)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("repository")


class RepositoryPolicy(Resource):
    supported = supports("policy region repository")

    def make(self, session: Session, inputs: Values) -> str:
        session.client("ecr", inputs.get("region")).set_repository_policy(
            repositoryName=inputs["repository"], policyText=inputs["policy"]
        )
        return inputs["repository"]

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        self.make(session, inputs)
        return self.look(session, id, inputs) or inputs

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("ecr", inputs.get("region"))
        found = gone(lambda: client.get_repository_policy(repositoryName=id), MISSING, NO_POLICY)
        if found is None:
            return None
        policy = {"policy": found["policyText"], "registryId": found["registryId"]}
        return {**policy, "repository": id, "region": session.region}

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("ecr", outputs.get("region"))
        gone(lambda: client.delete_repository_policy(repositoryName=id), MISSING, NO_POLICY)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("repository")


TYPES = (
    ResourceType(
        "aws:ecr/repository:Repository",
        "pulumi_aws.ecr.repository:RepositoryArgs",
        Repository(),
        autoname=Autoname("name", 256, lower=True),
    ),
    ResourceType(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "pulumi_aws.ecr.lifecycle_policy:LifecyclePolicyArgs",
        LifecyclePolicy(),
        replace=("policy", "repository", "region"),
    ),
    ResourceType(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        "pulumi_aws.ecr.repository_policy:RepositoryPolicyArgs",
        RepositoryPolicy(),
        replace=("repository", "region"),
    ),
)
