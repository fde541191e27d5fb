"""For those who write the course: saved outputs, learner copies, and the rules all notebooks keep.

``python -m helpers.authoring --help`` lists what there is.
"""
