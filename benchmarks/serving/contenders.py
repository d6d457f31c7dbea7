"""Who is measured: how each is started on a port, and where it takes rows. All get the same graph and one core."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = Path(__file__).parent / "apps"


@dataclass(frozen=True)
class Contender:
    """One server.

    requirements: its file in requirements/ ("trifold": what the image installs). command: (bin folder, port, folder of
    its own) -> argv. path: where a POST scores. rows: the member that holds the rows. version: the package whose
    version is told, "" for the kit's.
    """

    name: str
    requirements: str
    command: Callable[[Path, int, Path], list[str]]
    path: str
    version: str
    rows: str = "instances"
    environment: Mapping[str, str] = field(default_factory=dict)


def script(name: str) -> Callable[[Path, int, Path], list[str]]:
    return lambda bin, port, folder: [str(bin / "python"), str(APPS / name), str(port)]


def trifold(bin: Path, port: int, folder: Path) -> list[str]:
    return [str(bin / "python"), "-m", "trifold.serving", "serve", "--platform", "sagemaker"]


def fastapi_run(bin: Path, port: int, folder: Path) -> list[str]:
    return [str(bin / "fastapi"), "run", str(APPS / "fastapi_app.py"), "--host", "127.0.0.1", "--port", str(port)]


def azureml(bin: Path, port: int, folder: Path) -> list[str]:
    return [str(bin / "azmlinfsrv"), "--entry_script", str(APPS / "azureml_score.py"), "--port", str(port)]


def mlflow(bin: Path, port: int, folder: Path) -> list[str]:
    model = (folder / "package").as_posix()
    options = ["--env-manager", "local", "--host", "127.0.0.1", "--workers", "1"]
    return [str(bin / "mlflow"), "models", "serve", "-m", model, "--port", str(port), *options]


def bentoml(bin: Path, port: int, folder: Path) -> list[str]:
    where = ["--working-dir", str(APPS), "--host", "127.0.0.1", "--port", str(port)]
    return [str(bin / "bentoml"), "serve", "bento_service:Flights", *where]


def mlserver(bin: Path, port: int, folder: Path) -> list[str]:
    settings = {
        "http_port": port,
        "grpc_port": port + 1,
        "metrics_endpoint": None,
        "parallel_workers": 0,
        "debug": False,
    }
    (folder / "settings.json").write_text(json.dumps({"host": "127.0.0.1", **settings}))
    model = {"name": "flights", "implementation": "mlserver_runtime.Flights"}
    (folder / "model-settings.json").write_text(json.dumps(model))
    return [str(bin / "mlserver"), "start", str(folder)]


CONTENDERS = (
    Contender("trifold", "trifold", trifold, "/invocations", ""),
    Contender("bare uvicorn + ORT", "trifold", script("bare.py"), "/", "uvicorn"),
    Contender("FastAPI", "fastapi", script("fastapi_app.py"), "/predict", "fastapi"),
    Contender("FastAPI, `fastapi run`", "fastapi", fastapi_run, "/predict", "fastapi"),
    Contender("KServe", "kserve", script("kserve_app.py"), "/v1/models/flights:predict", "kserve"),
    Contender("MLServer", "mlserver", mlserver, "/predict", "mlserver"),
    Contender("Azure inference server", "azureml", azureml, "/score", "azureml-inference-server-http"),
    Contender("BentoML", "bentoml", bentoml, "/predict", "bentoml", environment={"BENTOML_DO_NOT_TRACK": "True"}),
    Contender("MLflow", "mlflow", mlflow, "/invocations", "mlflow", rows="dataframe_records"),
)


def environment(package: Path, port: int, folder: Path) -> dict[str, str]:
    """What every server gets: the package, one thread, no telemetry."""
    return {
        "BENCH_PACKAGE": str(package),
        "SM_MODEL_DIR": str(package),
        "TRIFOLD_PORT": str(port),
        "TRIFOLD_WORKSPACE": str(folder),
        "PYTHONPATH": f"{APPS}:{ROOT}",
        "HOME": str(folder),
        "OMP_NUM_THREADS": "1",
        "WORKER_COUNT": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "1",
    }
