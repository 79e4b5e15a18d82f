def colours() -> np.ndarray:
    """Patches of colour, more red than blue."""
    patches = np.random.default_rng(3).uniform(0, (255, 200, 150), (16, 4, 4, 3))
    return np.kron(patches, np.ones((1, SIZE // 4, SIZE // 4, 1))).astype("uint8")


def body_of(trained: str) -> keras.Model:
    """A network that saw pixels of that scaling, and has none of its own."""
    keras.utils.set_random_seed(7)
    image = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Conv2D(8, 3, padding="same", name="one_conv")(image)
    norm = keras.layers.BatchNormalization(momentum=0.0, name="one_bn")
    body = keras.Model(image, norm(x))
    body(scaling.scaled(colours().astype("float32"), trained), training=True)
    return body


def network_of(body: keras.Model, config: Config) -> Network:
    backbone = config.backbone.model_copy(update={"blocks": {"one": 0}})
    return attach_head(body, config.model_copy(update={"backbone": backbone}), MEANING)
