"""Knows the backbones and their layers, without TensorFlow.

Read: catalogue, selectors, layers, own_model, show.
"""
