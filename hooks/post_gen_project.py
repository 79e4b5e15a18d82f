"""Say what to type next. Nothing is changed here."""

import os

print(f"Now: cd {os.path.basename(os.getcwd())} && make train")
