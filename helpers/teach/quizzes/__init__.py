"""The questions, one TOML file for each notebook."""
