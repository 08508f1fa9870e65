"""The early warning: rules as data (`rules.yaml`), what they hold against, and which satker they find."""
