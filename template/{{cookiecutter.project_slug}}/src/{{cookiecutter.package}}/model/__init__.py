"""The network: `network` joins `backbone` and `head` into one flat graph; `graph` cuts it."""
