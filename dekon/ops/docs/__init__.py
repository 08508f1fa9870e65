"""Pages of `docs/generated/`, made from the code by `make docs`, so that they cannot disagree with it."""
