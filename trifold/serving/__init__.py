"""The model server: one lean ASGI application, three thin adapters for the platforms' container contracts.

`python -m trifold.serving` is the image's entry point. A request flows one way:
    app (routes, limits) -> rows or table (bytes to checked rows) -> batching -> scorer (ONNX Runtime) -> app (JSON).
"""
