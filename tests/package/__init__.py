"""Tests of the package format and of the two models that come with the kit."""
