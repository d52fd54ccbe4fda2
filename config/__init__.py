"""Wires the site: settings, addresses, system checks, and the launcher that `make` calls."""
