"""Transfer learning in stages: a pretrained backbone, a new head, and a schedule of what trains."""
