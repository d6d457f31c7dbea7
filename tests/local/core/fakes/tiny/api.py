"""The small cloud's API: says who was asked, echoes, starts and stops a model server."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from trifold.local.contract import Context, ServerSpec, UnknownImage


def create(context: Context) -> Starlette:
    if context.cloud == "tiny" and os.environ.get("TINY_BROKEN"):
        raise RuntimeError("the small cloud is broken")
    servers = {}

    async def who(request: Request) -> Response:
        return JSONResponse(
            {
                "cloud": context.cloud,
                "host": request.headers["host"],
                "forwarded": request.headers.getlist("x-forwarded-proto"),
                "sidecars": {name: list(addresses) for name, addresses in context.sidecars.items()},
                "credentials": sorted(name for name in os.environ if "SECRET" in name),
                "empty": not any(context.state.iterdir()),
                "proxy": context.environment["https_proxy"],
            }
        )

    async def count(request: Request) -> Response:
        total = 0
        async for chunk in request.stream():
            total += len(chunk)
        return PlainTextResponse(str(total))

    async def zeros(request: Request) -> Response:
        size, piece = int(request.query_params["size"]), bytes(1 << 16)
        return StreamingResponse(piece[: min(len(piece), size - at)] for at in range(0, size, len(piece)))

    async def start(request: Request) -> Response:
        spec = ServerSpec(
            name=request.path_params["name"],
            image=request.query_params["image"],
            platform="sagemaker",
            environment={},
            workspace=context.state / request.path_params["name"],
            labels={"endpoint": "e1"},
        )
        try:
            servers[spec.name] = await context.processes.start(spec)
        except UnknownImage as error:
            return PlainTextResponse(str(error), 400)
        return JSONResponse({"url": servers[spec.name].url})

    async def stop(request: Request) -> Response:
        await servers.pop(request.path_params["name"]).stop(2)
        return Response(status_code=204)

    async def crash(request: Request) -> Response:
        print("about to crash", flush=True)
        os._exit(7)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        print("the account is closed", flush=True)

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/", who),
            Route("/count", count, methods=["POST"]),
            Route("/zeros", zeros),
            Route("/servers/{name}", start, methods=["PUT"]),
            Route("/servers/{name}", stop, methods=["DELETE"]),
            Route("/crash", crash),
        ],
    )


def create_grpc(context: Context, application: Starlette):
    import grpc

    async def echo(request: bytes, call) -> bytes:
        return context.cloud.encode() + b": " + request

    handler = grpc.unary_unary_rpc_method_handler(echo)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("tiny.Echo", {"Say": handler}),))
    return server
