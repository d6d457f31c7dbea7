"""The provider's functions: who the caller is, where it works."""

from trifold.local.aws.provider.session import Session
from trifold.protocol.declaration import Failure, Function, InvalidInputs, Values


def caller_identity(session: Session, args: Values) -> Values:
    found = session.identity
    return {"id": found["Account"], "accountId": found["Account"], "arn": found["Arn"], "userId": found["UserId"]}


def region(session: Session, args: Values) -> Values:
    wanted = str(args.get("region") or args.get("name") or session.region)
    if wanted != session.region:
        raise InvalidInputs(Failure("region", f"the local AWS has {session.region} only, not {wanted}"))
    endpoint = f"ec2.{wanted}.amazonaws.com"
    return {
        "id": wanted,
        "region": wanted,
        "name": wanted,
        "endpoint": endpoint,
        "description": "US East (N. Virginia)",
    }


def partition(session: Session, args: Values) -> Values:
    names = {"dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}
    return {"id": "aws", "partition": "aws", **names}


FUNCTIONS = (
    Function("aws:index/getCallerIdentity:getCallerIdentity", caller_identity, ("id",)),
    Function("aws:index/getRegion:getRegion", region, ("id", "name", "region", "endpoint")),
    Function("aws:index/getPartition:getPartition", partition, ("id",)),
)
