"""A declared provider, spoken to over gRPC as an engine does."""

import grpc
import pytest
from google.protobuf import any_pb2
from google.protobuf.empty_pb2 import Empty

from trifold.protocol.grpc_classes import plugin, provider, status
from trifold.protocol.values import UNKNOWN, Secret, decode, encode

pb = provider
URN = "urn:pulumi:dev::proj::my:Component$shop:index:Shelf::top"
KIND = pb.PropertyDiff.Kind


def checked(stub, olds=None, **news):
    request = pb.CheckRequest(urn=URN, olds=encode(olds or {}), news=encode(news), randomSeed=b"seed")
    answer = stub.Check(request)
    return decode(answer.inputs), {failure.property: failure.reason for failure in answer.failures}


def created(stub, preview=False, **inputs):
    answer = stub.Create(pb.CreateRequest(urn=URN, properties=encode(inputs), preview=preview))
    return answer.id, decode(answer.properties)


def differing(stub, old, new):
    request = pb.DiffRequest(urn=URN, id="x", olds=encode({}), old_inputs=encode(old), news=encode(new))
    return stub.Diff(request)


def test_the_version_is_the_servers_own_word(connect):
    assert connect().GetPluginInfo(Empty()) == (plugin.PluginInfo(version="1.0.0+test"))


def test_each_connection_has_a_session_of_its_own(connect):
    oslo, rome = connect(where="oslo"), connect(where="rome")
    assert created(oslo, name="a", size=1)[0] == "oslo/a"
    assert created(rome, name="a", size=1)[0] == "rome/a"


def test_a_configuration_that_is_wrong_fails_with_its_reason(connect):
    with pytest.raises(grpc.RpcError) as caught:
        connect(where="nowhere")
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details() == "where: there is no such city"


def test_a_cancelled_connection_is_forgotten(connect):
    stub = connect()
    stub.Cancel(Empty())
    with pytest.raises(grpc.RpcError) as caught:
        created(stub, name="a", size=1)
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION


def test_check_fills_in_a_name_and_defaults_and_keeps_secrets(connect):
    inputs, failures = checked(connect(), size=2, password=Secret("open sesame"))
    assert failures == {}
    assert inputs["name"].startswith("top-") and len(inputs["name"]) == len("top-") + 7
    assert inputs["boxes"] == ["empty"]
    assert inputs["password"] == Secret("open sesame")


def test_check_keeps_the_name_it_made_before(connect):
    stub = connect()
    first, _ = checked(stub, size=2)
    assert checked(stub, olds=first, size=3)[0]["name"] == first["name"]


def test_check_names_all_that_is_wrong(connect):
    _, failures = checked(connect(), sizes=2, tags={"a": ["no text"]})
    assert failures == {
        "size": "is required and missing",
        "sizes": "is not a property of ShelfArgs; did you mean size?",
        "tags.a": "must be text, not a list",
    }


def test_check_lets_unknowns_pass(connect):
    inputs, failures = checked(connect(), size=UNKNOWN, password=Secret(UNKNOWN))
    assert failures == {} and inputs["size"] is UNKNOWN and inputs["password"] == Secret(UNKNOWN)


def test_a_type_that_is_not_served_is_refused_by_name(connect):
    request = pb.CheckRequest(urn="urn:pulumi:dev::proj::shop:index:Till::t", news=encode({}))
    failures = connect().Check(request).failures
    assert [failure.reason for failure in failures] == ["shop:index:Till is not served by this shop provider"]


def test_diff_says_what_replaces(connect):
    answer = differing(connect(), {"size": 1, "tags": {"a": "x"}}, {"size": 2, "tags": {"b": "y"}})
    assert answer.changes == pb.DiffResponse.DIFF_SOME and answer.hasDetailedDiff
    assert list(answer.replaces) == ["size"] and sorted(answer.diffs) == ["size", "tags"]
    assert {path: KIND.Name(diff.kind) for path, diff in answer.detailedDiff.items()} == {
        "size": "UPDATE_REPLACE",
        "tags.a": "DELETE",
        "tags.b": "ADD",
    }


def test_diff_of_equal_inputs_is_none(connect):
    assert differing(connect(), {"size": "2"}, {"size": 2}).changes == pb.DiffResponse.DIFF_NONE


def test_an_unknown_value_of_a_replacing_property_replaces(connect):
    assert list(differing(connect(), {"size": 1}, {"size": UNKNOWN}).replaces) == ["size"]


def test_an_explicit_name_is_deleted_first_and_a_made_one_last(connect):
    stub = connect()
    explicit = {"name": "mine", "size": 1}
    assert differing(stub, explicit, {**explicit, "size": 2}).deleteBeforeReplace
    made, _ = checked(stub, size=1)
    assert not differing(stub, made, {**made, "size": 2}).deleteBeforeReplace


def test_what_the_facts_do_not_settle_is_a_warning_in_the_engine(connect, engine):
    answer = differing(connect(engine.address), {"size": 1, "boxes": ["a"]}, {"size": 1, "boxes": ["b"]})
    assert list(answer.replaces) == []
    assert engine.lines == [(URN, "a change of boxes[0] may replace: the vendor does not say")]


def test_a_preview_of_a_create_promises_what_the_class_does(connect):
    id, outputs = created(connect(), preview=True, name="a", size=2, password=Secret("open sesame"))
    assert id == ""
    assert outputs == {"name": "a", "size": 2, "password": Secret("open sesame"), "serial": UNKNOWN}


def test_secrets_come_back_secret_wherever_they_show_up(connect):
    _, outputs = created(connect(), name="a", size=2, password=Secret("open sesame"))
    assert outputs["password"] == Secret("open sesame")
    assert outputs["echo"] == [Secret("open sesame")]
    assert outputs["address"] == Secret("https://oslo/a?key=open sesame"), "declared secret by the type"
    assert outputs["serial"] == "S-oslo/a"


def test_a_vendors_refusal_is_shown_in_its_own_words(connect):
    with pytest.raises(grpc.RpcError) as caught:
        created(connect(), name="a", size=13)
    assert caught.value.details() == "the vendor refuses thirteen"


def test_what_is_there_but_not_right_is_kept_with_the_reasons(connect):
    with pytest.raises(grpc.RpcError) as caught:
        created(connect(), name="a", size=99, password=Secret("open sesame"))
    sent = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    detail = pb.ErrorResourceInitFailed()
    (packed,) = status.Status.FromString(sent).details
    assert isinstance(packed, any_pb2.Any) and packed.Unpack(detail)
    assert (detail.id, list(detail.reasons)) == ("oslo/a", ["it fell over"])
    assert decode(detail.properties)["password"] == Secret("open sesame")


def test_an_unknown_input_outside_a_preview_is_refused(connect):
    with pytest.raises(grpc.RpcError) as caught:
        created(connect(), name="a", size=UNKNOWN)
    assert caught.value.details() == "size: is not known yet, outside a preview"


def test_read_keeps_what_the_program_had_set(connect):
    stub = connect()
    id, outputs = created(stub, name="a", size=2)
    request = pb.ReadRequest(id=id, urn=URN, inputs=encode({"name": "a", "size": 1}), properties=encode(outputs))
    answer = stub.Read(request)
    assert decode(answer.inputs) == {"name": "a", "size": 2}, "drift shows, what the shop filled in does not"
    assert stub.Read(pb.ReadRequest(id="oslo/none", urn=URN)).id == ""


def test_read_without_an_id_finds_by_the_inputs(connect):
    stub = connect()
    id, _ = created(stub, name="a", size=2)
    assert stub.Read(pb.ReadRequest(urn=URN, inputs=encode({"name": "a", "size": 2}))).id == id


def test_an_import_reads_everything(connect):
    stub = connect()
    id, _ = created(stub, name="a", size=2)
    assert decode(stub.Read(pb.ReadRequest(id=id, urn=URN)).inputs)["filledIn"] == 1


def test_update_previews_what_it_may_change_as_unknown(connect):
    stub = connect()
    id, outputs = created(stub, name="a", size=2)
    old, new = {"name": "a", "size": 2}, {"name": "a", "size": 3}
    request = pb.UpdateRequest(
        id=id, urn=URN, olds=encode(outputs), old_inputs=encode(old), news=encode(new), preview=True
    )
    assert decode(stub.Update(request).properties)["serial"] is UNKNOWN
    request.preview = False
    assert decode(stub.Update(request).properties)["size"] == 3


def test_delete_ends_it_and_again_is_a_success(connect):
    stub = connect()
    id, outputs = created(stub, name="a", size=2)
    request = pb.DeleteRequest(id=id, urn=URN, properties=encode(outputs))
    stub.Delete(request)
    stub.Delete(request)
    assert stub.Read(pb.ReadRequest(id=id, urn=URN)).id == ""


def test_a_function_answers_and_names_wrong_arguments(connect):
    stub = connect()
    good = stub.Invoke(pb.InvokeRequest(tok="shop:index:greet", args=encode({"who": "you"})))
    assert decode(getattr(good, "return")) == {"text": "hello you"}
    bad = stub.Invoke(pb.InvokeRequest(tok="shop:index:greet", args=encode({"whom": "you"})))
    assert [(failure.property, failure.reason) for failure in bad.failures] == [
        ("whom", "is not an argument of shop:index:greet"),
        ("who", "is required and missing"),
    ]


def test_a_large_message_passes(connect):
    _, outputs = created(connect(), name="a", size=1, boxes=["x" * (8 * 1024 * 1024)])
    assert len(outputs["boxes"][0]) == 8 * 1024 * 1024
