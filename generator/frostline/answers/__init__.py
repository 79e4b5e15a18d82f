"""Defines the questions, and makes a complete, validated set of answers.

Read: question, questions, subjects/, rules/, checks, context, resolve, answers_file, schema.
"""
