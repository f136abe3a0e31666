"""Running a period: execute notebooks, publish atomically, verify."""
