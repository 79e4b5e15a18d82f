"""Print what to type next. No file is changed here."""

import os

print(f"Now: cd {os.path.basename(os.getcwd())} && make train")
