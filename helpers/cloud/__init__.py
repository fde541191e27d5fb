"""The offline AWS."""
