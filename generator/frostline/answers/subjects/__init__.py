"""The questions by subject, one entry each.

Read: learning, data, project.
"""
