"""The checks of the labs, one module for each lab: ``lab_10.py`` for ``labs/…/lab_10_…``."""
