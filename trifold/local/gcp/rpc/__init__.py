"""gRPC, the default transport of Google's clients, carried onto the REST API: every method by its own HTTP rule."""
