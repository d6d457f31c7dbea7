"""Members of IAM policies: one binding of one member, added to and taken from a policy that others change too."""

from collections.abc import Callable
from typing import Any

from trifold.local.gcp.provider.base import gone
from trifold.local.gcp.provider.session import ApiError, Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import ResourceType, Values

# Until the pause between two, which doubles from a second on, is over thirty.
ATTEMPTS = 6


class Member(Resource):
    """A policy's member. Each kind says where the policy of its inputs is, and what its id begins with."""

    def get(self, session: Session, inputs: Values) -> Values:
        raise NotImplementedError

    def put(self, session: Session, inputs: Values, policy: Values) -> Values:
        raise NotImplementedError

    def home(self, session: Session, inputs: Values) -> str:
        raise NotImplementedError

    def more(self, session: Session, inputs: Values) -> Values:
        """Outputs beside role, member and etag."""
        raise NotImplementedError

    def make(self, session: Session, inputs: Values) -> str:
        self._change(session, inputs, lambda held: sorted({*held, inputs["member"]}))
        return self._id(session, inputs)

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        policy = gone(lambda: self.get(session, inputs))
        if policy is None or inputs["member"] not in _held(policy, inputs["role"]):
            return None
        shown = {"role": inputs["role"], "member": inputs["member"], "etag": policy.get("etag", "")}
        return {**shown, **self.more(session, inputs)}

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        member = outputs["member"]
        gone(lambda: self._change(session, outputs, lambda held: [one for one in held if one != member]))

    def find(self, session: Session, inputs: Values) -> str | None:
        return self._id(session, inputs)

    def _id(self, session: Session, inputs: Values) -> str:
        return f"{self.home(session, inputs)}/{inputs['role']}/{inputs['member']}"

    def _change(self, session: Session, inputs: Values, members: Callable[[list[str]], list[str]]) -> Values:
        """Read, change, write; from the start again where somebody else was faster, and then read three times more:
        as iamPolicyReadModifyWrite of google/tpgiamresource/iam.go does."""
        for attempt in range(ATTEMPTS):
            with session.policies:
                policy = self.get(session, inputs)
                others = [one for one in policy.get("bindings", []) if one["role"] != inputs["role"]]
                binding = {"role": inputs["role"], "members": members(_held(policy, inputs["role"]))}
                changed = {**policy, "bindings": [*others, *([binding] if binding["members"] else [])]}
                try:
                    made = self.put(session, inputs, changed)
                    for _ in range(3):
                        session.wait(1.0)
                        self.get(session, inputs)
                    return made
                except ApiError as error:
                    if error.http not in (409, 412) or attempt == ATTEMPTS - 1:
                        raise
                session.wait(2.0**attempt)
        raise AssertionError("not reached")


def _held(policy: Values, role: str) -> list[str]:
    return [member for one in policy.get("bindings", []) if one["role"] == role for member in one.get("members", [])]


class BucketMember(Member):
    supported = supports("bucket member role")

    def get(self, session: Session, inputs: Values) -> Values:
        return session.call("GET", f"storage.googleapis.com/storage/v1/b/{_bucket(inputs)}/iam")

    def put(self, session: Session, inputs: Values, policy: Values) -> Values:
        return session.call("PUT", f"storage.googleapis.com/storage/v1/b/{_bucket(inputs)}/iam", policy)

    def home(self, session: Session, inputs: Values) -> str:
        return f"b/{_bucket(inputs)}"

    def more(self, session: Session, inputs: Values) -> Values:
        return {"bucket": inputs["bucket"]}


class ProjectMember(Member):
    supported = supports("project member role")
    address = "cloudresourcemanager.googleapis.com/v1/projects"

    def get(self, session: Session, inputs: Values) -> Values:
        return session.call("POST", f"{self.address}/{inputs['project']}:getIamPolicy", {})

    def put(self, session: Session, inputs: Values, policy: Values) -> Values:
        return session.call("POST", f"{self.address}/{inputs['project']}:setIamPolicy", {"policy": policy})

    def home(self, session: Session, inputs: Values) -> str:
        return str(inputs["project"])

    def more(self, session: Session, inputs: Values) -> Values:
        return {"project": inputs["project"]}


class AccountMember(Member):
    supported = supports("serviceAccountId member role")

    def get(self, session: Session, inputs: Values) -> Values:
        return session.call("POST", f"iam.googleapis.com/v1/{inputs['serviceAccountId']}:getIamPolicy")

    def put(self, session: Session, inputs: Values, policy: Values) -> Values:
        return session.call(
            "POST", f"iam.googleapis.com/v1/{inputs['serviceAccountId']}:setIamPolicy", {"policy": policy}
        )

    def home(self, session: Session, inputs: Values) -> str:
        return str(inputs["serviceAccountId"])

    def more(self, session: Session, inputs: Values) -> Values:
        return {"serviceAccountId": inputs["serviceAccountId"]}


class RepositoryMember(Member):
    supported = supports("location member project repository role")

    def get(self, session: Session, inputs: Values) -> Values:
        return session.call("GET", f"artifactregistry.googleapis.com/v1/{self.home(session, inputs)}:getIamPolicy")

    def put(self, session: Session, inputs: Values, policy: Values) -> Values:
        where = f"artifactregistry.googleapis.com/v1/{self.home(session, inputs)}:setIamPolicy"
        return session.call("POST", where, {"policy": policy})

    def home(self, session: Session, inputs: Values) -> str:
        project, location = inputs.get("project") or session.project, inputs.get("location") or session.region
        return f"projects/{project}/locations/{location}/repositories/{str(inputs['repository']).rpartition('/')[2]}"

    def more(self, session: Session, inputs: Values) -> Values:
        parts = self.home(session, inputs).split("/")
        return {"project": parts[1], "location": parts[3], "repository": inputs["repository"]}


def _bucket(inputs: Any) -> str:
    return str(inputs["bucket"]).removeprefix("b/")


TYPES = (
    ResourceType(
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        "pulumi_gcp.storage.bucket_iam_member:BucketIAMMemberArgs",
        BucketMember(),
    ),
    ResourceType("gcp:projects/iAMMember:IAMMember", "pulumi_gcp.projects.iam_member:IAMMemberArgs", ProjectMember()),
    ResourceType(
        "gcp:serviceaccount/iAMMember:IAMMember",
        "pulumi_gcp.serviceaccount.iam_member:IAMMemberArgs",
        AccountMember(),
        replace=("condition", "member", "role", "serviceAccountId"),
    ),
    ResourceType(
        "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
        "pulumi_gcp.artifactregistry.repository_iam_member:RepositoryIamMemberArgs",
        RepositoryMember(),
        replace=("condition", "location", "member", "project", "repository", "role"),
    ),
)
