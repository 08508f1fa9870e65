"""Dekon: public money that a ministry delegates to its regions, from policy to the auditor's dossier."""
