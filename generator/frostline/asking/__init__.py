"""Collects answers from the user: from flags, then by prompts.

Read: command_line, prompts, keyboard, terminal, plain_prompts, arrow_prompts, list_prompt.
"""
