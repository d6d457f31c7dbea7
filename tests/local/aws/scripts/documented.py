"""The code in the documentation that AWS's SDK for Python brings with it: read from the installed packages, so it is
AWS's to the letter and of the version in use. `vendor.run` runs it with names changed and nothing else.
"""

from importlib.resources import files

import botocore.session
from botocore.docs.bcdoc.restdoc import DocumentStructure
from botocore.docs.example import RequestExampleDocumenter
from botocore.docs.sharedexample import document_shared_examples
from vendor import blocks

SESSION = botocore.session.get_session()


def guide(part):
    """The script of boto3's guide to S3 (boto3/examples/s3.rst) that has this part."""
    page = files("boto3").joinpath("examples/s3.rst").read_text()
    (found,) = [block for block in blocks(page) if part in block]
    return found


def examples(service, *operations):
    """The script under "Examples" in each operation's reference, one after the other; "Name 2" is the third one."""
    return _client(service) + "\n".join(_example(service, *operation.split()) for operation in operations)


def syntax(service, operation):
    """The call under "Request Syntax" in an operation's reference."""
    page = DocumentStructure("reference")
    documenter = RequestExampleDocumenter(service, operation, SESSION.get_component("event_emitter"))
    documenter.document_example(page, _model(service, operation).input_shape, prefix=_prefix(operation))
    return _client(service) + _code(page)


def _example(service, operation, number=0):
    known = SESSION.get_component("data_loader").load_service_model(service, "examples-1")["examples"]
    page = DocumentStructure("reference")
    chosen = [known[operation][int(number)]]
    document_shared_examples(page, _model(service, operation), _prefix(operation), chosen)
    return _code(page)


def _code(page):
    """The first literal block of a page."""
    written = page.flush_structure().decode().partition("::\n")[2]
    lines = []
    for line in written.splitlines():
        if line.strip() and not line.startswith("  "):
            break
        lines.append(line[2:])
    return "\n".join(lines).strip() + "\n"


def _client(service):
    """As each service's page begins."""
    return f"import boto3\n\nclient = boto3.client({service!r})\n"


def _prefix(operation):
    return f"response = client.{botocore.xform_name(operation)}"


def _model(service, operation):
    return SESSION.get_service_model(service).operation_model(operation)
