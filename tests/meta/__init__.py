"""The codebase about itself: a rule of the house that no test checks is a wish."""
