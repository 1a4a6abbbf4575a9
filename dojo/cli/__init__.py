"""`./run dojo COMMAND`: one module a command."""
