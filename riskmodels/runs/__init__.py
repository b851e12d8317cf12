"""Reports run whole or not at all: a notebook executed, rendered, recorded and kept."""
