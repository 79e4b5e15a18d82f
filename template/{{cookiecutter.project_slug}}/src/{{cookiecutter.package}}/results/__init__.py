"""What the model is worth (`scores`, `evaluate`), and what it says of images (`predict`)."""
