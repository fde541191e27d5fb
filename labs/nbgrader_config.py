"""How nbgrader makes the learners' copies, and where a facilitator's course keeps its parts.

Run nbgrader in this folder: ``nbgrader generate_assignment lab_10_scoping_s3``.
"""

from nbconvert.preprocessors import TagRemovePreprocessor
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions

from helpers.authoring.short_stub import ShortStub

c = get_config()  # noqa: F821  (nbgrader puts it here)

c.CourseDirectory.course_id = "cognito-lab"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# Between the lines of a solution, a learner finds the dots to replace.
c.ClearSolutions.code_stub = {"python": "..."}

# The reasons stand in cells of their own, tagged `reason`, and stay with the solutions.
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_cell_tags = {"reason"}

steps = list(GenerateAssignment.preprocessors.default())
steps.insert(steps.index(ClearSolutions) + 1, ShortStub)
c.GenerateAssignment.preprocessors = [TagRemovePreprocessor, *steps]
