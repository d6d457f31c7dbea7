"""A stack's life: what runs do, what they tell, what providers may be, and that nothing is left behind."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from tests.testing.conftest import Bucket
from tests.testing.programs import buckets, logged, site
from trifold.engine import plugins
from trifold.errors import UserError
from trifold.testing import UNKNOWN, Failure, InvalidInputs, Provider, Resource, Secret, Stack
from trifold.testing.serving import Host

Toy = Callable[..., Stack]
ROOT = Path(__file__).resolve().parents[2]


# ---- runs and what they tell -----------------------------------------------------------------------------------------


def test_the_whole_life_of_a_component(toy: Toy) -> None:
    stack = toy(site)
    shown = stack.preview()
    assert shown.changed == dict.fromkeys(("kit:index:Site::web", "toy:index:Bucket::web", "web-logs"), "create")
    assert shown.outputs["arn"] is UNKNOWN and len(stack.cloud) == 0 and stack.resources == ()
    assert stack.up()
    logs = stack.resources["web-logs"]
    assert logs.inputs["target"] == "arn-of-web-1" and logs.type == "toy:index:Bucket" and logs.id == "web-logs-1"
    assert stack.resources[logs.parent].type == "kit:index:Site"
    assert stack.up(expect_no_changes=True) and not stack.up().changed
    assert stack.destroy() and len(stack.cloud) == 0 and stack.resources.names == []


def test_a_replacement_says_why(toy: Toy) -> None:
    stack = toy(buckets("a", place="here", size=1))
    assert stack.up()
    stack.program = buckets("a", place="there", size=2)
    step = stack.preview().steps["a"]
    assert (step.op, step.keys, step.changed) == ("replace", ("place",), ("place", "size"))
    assert step.old["inputs"]["place"] == "here" and step.new["inputs"]["place"] == "there"
    assert step.package == "toy" and step.detailed["place"]["diffKind"] == "update-replace"
    result = stack.up()
    assert [one.op for one in result.steps.of("a")] == ["create-replacement", "replace", "delete-replaced"]
    assert result.ops == {"a": "replace"} and stack.resources["a"].id == "a-2"
    assert [call.id for call in result.calls.of("delete")] == ["a-1"]


def test_the_options_of_a_run(toy: Toy) -> None:
    stack = toy(buckets("a", "b", "c"))
    assert stack.up(targets=["a"]).changed == {"a": "create"}
    assert stack.up(excludes=["c"]).changed == {"b": "create"}
    refused = stack.preview(expect_no_changes=True)
    assert refused.error == "no changes were expected for preview but changes were proposed"
    assert stack.up(parallel=1) and stack.up(replace=["b"]).changed == {"b": "replace"}
    assert stack.destroy(preview=True).changed == {"a": "delete", "b": "delete", "c": "delete"}
    assert stack.destroy(targets=["**::c"]).changed == {"c": "delete"}
    with pytest.raises(TypeError, match="unexpected keyword argument 'paralel'"):
        stack.up(paralel=1)


def test_what_needs_the_excluded_is_not_made_without_it(toy: Toy) -> None:
    """A state that names what is not there is one that Pulumi refuses to read."""

    stack = toy(logged)
    refused = stack.up(excludes=["log"])
    assert refused.failed and "depends on" in refused.error and "which was excluded, and is not there" in refused.error
    assert "web" not in stack.cloud.names
    assert stack.up() and stack.up(excludes=["log"]), "it is there, and stays as it is"


def test_going_on_after_an_error(toy: Toy) -> None:
    stack = toy(lambda: [buckets("a")(), buckets("b", "c")()])
    stack.fail("create", "a")
    assert stack.up(continue_on_error=True).failed
    assert stack.cloud.names == ["b", "c"]


def test_secrets_are_told_and_shown_on_request(toy: Toy) -> None:
    def program() -> None:
        made = buckets("a", token=pulumi.Output.secret("hunter2-hunter2"))
        made()
        pulumi.export("token", pulumi.Output.secret({"in": ["hunter2-hunter2"]}))

    stack = toy(program)
    result = stack.up()
    told = stack.resources["a"]
    assert told.inputs == {"token": "[secret]"} and told.outputs["token"] == "[secret]"
    assert told.reveal().outputs["token"] == "hunter2-hunter2"
    assert result.outputs == {"token": "[secret]"} and result.outputs.reveal() == {"token": {"in": ["hunter2-hunter2"]}}
    for text in (repr(result), result.text(diff=True), repr(stack.resources), str(result.events), repr(stack.calls)):
        assert "hunter2" not in text
    assert stack.cloud.find("a").inputs["token"] == "hunter2-hunter2"  # a provider is sent the secret itself


def test_messages_say_what_there_is(toy: Toy) -> None:
    stack = toy(buckets("a"))
    stack.fail("create", "a", "no room")
    result = stack.up()
    assert result.failed and str(result) == "up failed: no room\n  create toy:index:Bucket a FAILED: no room"
    with pytest.raises(LookupError, match=r"0 steps are about 'nobody'; the steps are:\n  create toy:index:Bucket a"):
        result.steps["nobody"]
    with pytest.raises(KeyError, match="arn: the outputs are none"):
        result.outputs["arn"]
    assert stack.up()
    with pytest.raises(LookupError, match=r"0 resources are called 'nobody'; state holds:(\n.*)*Bucket a \(a-1\)"):
        stack.resources["nobody"]


def test_a_failed_run_that_nobody_looked_at_fails_the_test() -> None:
    def run(look: bool) -> None:
        with Stack(buckets("a")) as stack:
            stack.fail("create", "a", "no room")
            result = stack.up()
            assert not look or result.failed

    run(look=True)
    with pytest.raises(AssertionError, match=r"the test did not look: up failed: no room"):
        run(look=False)


# ---- providers -------------------------------------------------------------------------------------------------------


def test_a_type_with_rules_of_its_own(pulumi_stack: Toy) -> None:
    class Queue(Resource):
        type = "toy:index:Queue"
        required = {"name"}
        defaults = {"size": 10}
        computed = {"url"}
        secrets = {"key"}
        delete_first = True
        replaces = {"name"}

        def check(self, inputs):
            if inputs.get("size", 0) > 100:
                raise InvalidInputs(Failure("size", "at most 100"))
            return super().check(inputs)

        def create(self, inputs):
            where = self.config.get("region", "nowhere")
            return inputs["name"], {**inputs, "url": f"https://{where}/{inputs['name']}", "key": "k"}

    def queue(**inputs):
        return lambda: pulumi.CustomResource("toy:index:Queue", "q", inputs)

    stack = pulumi_stack(queue(), providers={"toy": Provider(Queue)}, config={"toy:region": "here"})
    assert "name" in stack.preview().error
    stack.program = queue(name="n", size=101)
    assert "at most 100" in stack.up().error
    stack.program = queue(name="n")
    assert stack.up()
    made = stack.resources["q"]
    assert made.outputs == {"name": "n", "size": 10, "url": "https://here/n", "key": "[secret]"}
    stack.program = queue(name="m")
    assert stack.up() and stack.calls.of("create", "delete")[-1].op == "create"


def test_an_id_that_is_taken_is_refused(pulumi_stack: Toy) -> None:
    class Named(Bucket):
        def create(self, inputs):
            return self.name, inputs

    stack = pulumi_stack(buckets("a", place="here"), providers={"toy": Provider(Named)})
    assert stack.up()
    stack.program = buckets("a", place="there")
    assert "toy:index:Bucket 'a' exists already" in stack.up().error
    Named.delete_first = True
    assert stack.up().changed == {"a": "replace"}


def test_functions(pulumi_stack: Toy) -> None:
    def program() -> None:
        found = pulumi.runtime.invoke("toy:index:count", {"type": "toy:index:Bucket"}).value
        pulumi.export("count", found["count"])

    serves = Provider(Bucket, invokes={"toy:index:count": lambda args, cloud: {"count": len(cloud[args["type"]])}})
    stack = pulumi_stack(program, providers={"toy": serves})
    stack.cloud.add("toy:index:Bucket", "old", size=1)
    assert stack.up().outputs == {"count": 1}
    stack.fail("invoke", "toy:index:count", "called too often")
    assert "called too often" in stack.up().error


def test_import_and_get_of_what_was_there(toy: Toy) -> None:
    def program() -> None:
        buckets_of = pulumi.CustomResource
        buckets_of("toy:index:Bucket", "mine", {"size": 1}, pulumi.ResourceOptions(import_="one"))
        buckets_of("toy:index:Bucket", "theirs", {}, pulumi.ResourceOptions(id="two"))

    stack = toy(program)
    stack.cloud.add("toy:index:Bucket", "one", size=1)
    stack.cloud.add("toy:index:Bucket", "two", size=2)
    assert stack.up().changed == {"mine": "import", "theirs": "read"}
    assert stack.destroy() and [one.id for one in stack.cloud] == ["two"]


def test_any_provider_takes_every_type_with_a_true_life_cycle(pulumi_stack: Toy) -> None:
    """Packages of real clouds too: what serves them is this process, and says so to the engine's guard."""

    def program() -> None:
        pulumi.CustomResource("aws:s3/bucket:Bucket", "b", {"bucket": "x"})
        pulumi.CustomResource("gcp:storage/bucket:Bucket", "g", {"name": "y"})
        pulumi.export("zones", pulumi.runtime.invoke("aws:index/getZones:getZones", {"state": "up"}).value)

    stack = pulumi_stack(program, providers="any")
    assert stack.up().outputs == {"zones": {"state": "up"}}
    assert not stack.up().changed and sorted(stack.calls.names("create")) == ["b", "g"]
    assert stack.destroy() and len(stack.cloud) == 0


def test_the_engines_guard_asks_in_process_providers_too() -> None:
    served = Host({"aws": Provider(Bucket)})
    guard = plugins.Host(None, {}, attached=served.port)
    guard.open("aws").close()
    served._served["aws"].servicer.version = "7.0.0"
    with pytest.raises(UserError, match=r"'aws' does not say that it is local \(its version is 7.0.0"):
        guard.open("aws")
    served.close()


def test_a_package_without_a_provider_is_refused(toy: Toy) -> None:
    def program() -> None:
        pulumi.CustomResource("aws:s3/bucket:Bucket", "b", {})

    assert "'aws' reaches a real service" in toy(program).up().error


def test_a_type_without_a_class_is_refused(toy: Toy) -> None:
    def program() -> None:
        pulumi.CustomResource("toy:index:Bukket", "b", {})

    assert (
        "toy:index:Bukket is not served by this test's provider, which has toy:index:Bucket" in toy(program).up().error
    )


def test_names_that_mean_nothing_are_refused(pulumi_stack: Toy) -> None:
    class Nameless(Resource):
        pass

    with pytest.raises(ValueError, match="Nameless has no type"):
        Provider(Nameless)
    with pytest.raises(ValueError, match="a provider is a Provider or 'any', not 'all'"):
        pulumi_stack(buckets("a"), providers="all")


@pytest.mark.skipif(shutil.which("pulumi") is None, reason="pulumi is not on the PATH")
def test_pulumi_itself_goes_on_with_a_stack(toy: Toy) -> None:
    """Its own engine, on the same state and the same providers, sees no change, takes all down, and asks the same."""
    stack = toy(site, config={"token": Secret("hunter2")})
    assert stack.up()

    def pulumi(*command: str) -> str:
        environment = {**stack.serve("toy"), "PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": f"{stack.folder}/home"}
        run = ["pulumi", *command, "-s", "stack", "--non-interactive"]
        done = subprocess.run(run, cwd=stack.folder, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    pulumi("preview", "--expect-no-changes", "--diff")
    pulumi("destroy", "--yes", "--skip-preview")
    assert len(stack.cloud) == 0 and stack.resources == ()
    assert stack.up() and stack.cloud.names == ["web", "web-logs"]


# ---- nothing is left -------------------------------------------------------------------------------------------------


def test_nothing_is_left_of_a_stack() -> None:
    with Stack(buckets("a")) as stack:
        assert stack.up()
        folder, port = stack.folder, stack._host.port("toy")
        socket.create_connection(("127.0.0.1", port), 5).close()
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)


SCRIPT = """
import os
from trifold.testing import Stack, forking
import pulumi
def program():
    pulumi.CustomResource("toy:index:Bucket", "a", {})
if __name__ == "__main__":
    with Stack(program) as stack:
        assert stack.up(), stack.up()
        print(stack.folder, os.path.dirname(forking.address()), forking._servers[os.getpid()]._process.pid)
"""


def test_a_script_of_ones_own_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    *folders, pid = done.stdout.split()
    assert not any(Path(folder).exists() for folder in folders)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
