"""How long Vertex AI waits for a model server: each limit with an answer that is in time, and one that is late."""

import pytest

LATE = "Took too long to respond when processing endpoint_id:"


def test_a_dedicated_endpoint_waits_as_long_as_it_says(gcp):
    endpoint = gcp.endpoint(dedicatedEndpointEnabled=True, clientConnectionConfig={"inferenceTimeout": "1s"})
    gcp.deployed(endpoint, gcp.model())
    host = gcp.ok("GET", endpoint)["dedicatedEndpointDns"]
    assert asked_to_sleep(gcp, host, endpoint, 0.1).status_code == 200
    assert asked_to_sleep(gcp, host, endpoint, 3).json()["error"]["message"].startswith(LATE)


@pytest.mark.soak
def test_the_shared_host_waits_a_minute(gcp):
    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model())
    assert gcp.predict(endpoint, sleep=50).status_code == 200
    assert gcp.predict(endpoint, sleep=65).json()["error"]["message"].startswith(LATE)


def asked_to_sleep(gcp, host, endpoint, seconds):
    body = {"instances": [1], "parameters": {"sleep": seconds}}
    return gcp.request("POST", f"https://{host}/v1/{endpoint}:predict", json=body)
