"""Neutral settings that a school's new workspace starts from (YAML files beside this module)."""
