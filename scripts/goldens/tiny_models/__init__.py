"""Tiny models of every architecture, and what transformers says of them. See ../architectures.py."""
