"""Runs what a cloud would run in containers, as processes of this machine."""
