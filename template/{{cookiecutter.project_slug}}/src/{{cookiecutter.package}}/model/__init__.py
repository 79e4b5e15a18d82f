"""The network, as one flat graph: `backbone`, then `head`, then `network`, which joins them."""
