"""Trains the learned part from the labelled messages: `python -m nlp.learned.train`."""
