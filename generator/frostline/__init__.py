"""Frostline: three answers to a project that fine-tunes a pretrained network, stage by stage."""

__version__ = "0.1.0"
