"""Which answers go together, in the standard library only: the hook runs these rules too.

Read: rule, naming, model, examples, freezing, kits, table.
"""
