"""Looks at a folder of images or a table, and answers from what it finds; without TensorFlow.

Read: look, folder, table, names, headers, pixels, project_code.
"""
