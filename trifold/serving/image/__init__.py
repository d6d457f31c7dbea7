"""The server as a container image: what goes into it, and the commands that build and push it."""
