"""The running website: its app, its database behind a network distance, its machine."""
