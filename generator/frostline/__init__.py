"""Frostline generates projects that fine-tune a pretrained Keras network, stage by stage.

Read: cli, commands, new, then the rooms asking/, answers/, backbones/, rendering/.
"""

__version__ = "0.1.0"
