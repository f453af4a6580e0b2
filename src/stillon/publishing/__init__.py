"""Puts dossiers into a format: `ndjson` for machines, `terminal` for a person. No store, no clock."""
