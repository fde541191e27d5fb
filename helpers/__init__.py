"""Cognito Lab: what the notebooks import."""
