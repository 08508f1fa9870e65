"""The dossier: everything official about a satker, a province or the nation in a year, as one ZIP."""
