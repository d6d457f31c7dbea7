"""FastAPI as its documentation would have it: pydantic models of the signature for what comes in and goes out."""

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from graph import output, predict, signature
from pydantic import create_model

TYPES: dict[str, Any] = {"string": str, "double": float, "long": int, "boolean": bool}

fields: dict[str, Any] = {
    column["name"]: (TYPES[column["type"]] | None if column.get("nullable") else TYPES[column["type"]], ...)
    for column in signature["inputs"]
}
Row = create_model("Row", **fields)
Body = create_model("Body", instances=(list[Row], ...))  # type: ignore[valid-type]
shown: dict[str, Any] = {output["name"]: (float, ...)}
Prediction = create_model("Prediction", **shown)
Answer = create_model("Answer", predictions=(list[Prediction], ...))  # type: ignore[valid-type]
app = FastAPI()


@app.post("/predict", response_model=Answer)
async def score(body: Body) -> Any:  # type: ignore[valid-type]
    return {"predictions": predict([row.model_dump() for row in body.instances])}  # type: ignore[attr-defined]


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
