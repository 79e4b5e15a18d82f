def pooled(features: keras.KerasTensor, settings: Head) -> keras.KerasTensor:
    """From feature maps to one row of numbers an image, through the configured hidden layers."""
    layers = {
        "average": keras.layers.GlobalAveragePooling2D,
        "max": keras.layers.GlobalMaxPooling2D,
        "flatten": keras.layers.Flatten,
    }
    x = layers[settings.pool](name="head_pool")(features)
    for number, units in enumerate(settings.hidden, 1):
        x = keras.layers.Dense(units, activation="relu", name=f"head_hidden_{number}")(x)
    return keras.layers.Dropout(settings.dropout, name="head_dropout")(x)
