"""Plans the schedule, renders the template, and writes the project.

Read: render, plan, destination.
"""
