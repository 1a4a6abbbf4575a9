"""Postgres from whichever provider this machine has, behind one interface: serve()."""
