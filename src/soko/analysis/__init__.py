"""What is said about figures: rounding, comparison, intervals, the rules of the narrative."""
