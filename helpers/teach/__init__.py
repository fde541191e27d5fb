"""What tells a learner how it went: checked exercises, and questions with reasons."""
