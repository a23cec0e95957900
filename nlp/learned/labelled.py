"""Labelled messages and their practices, as files."""
