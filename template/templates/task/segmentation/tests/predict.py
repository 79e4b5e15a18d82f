

def test_a_mask_holds_the_classes_in_their_colours(
    files: tuple[str, ...], model: keras.Model, quick: Config
) -> None:
    rows = list(csv.DictReader(predict("--masks", "masks", *files).stdout.splitlines()))
    image = read_image(tf.constant(files[3]), tf.constant(1), quick.data)
    (expected,) = scores.keep(model.predict_on_batch(image[None]))
    with Image.open(rows[3]["mask"]) as mask:
        assert mask.mode == "P"
        assert np.array_equal(np.asarray(mask), expected)
        assert mask.getpalette()[:6] == results.palette()[:2].ravel().tolist()


def test_images_of_one_name_get_a_mask_each(
    files: tuple[str, ...], run: Run, quick: Config
) -> None:
    names = ["a/1.png", "b/1.png", "1.png", "B/1.PNG"]
    for name in names:
        Path(name).parent.mkdir(exist_ok=True)
        shutil.copy(files[0], name)
    rows = list(results.predict(run, quick, names, Path("masks")))
    assert [Path(row["mask"]).name for row in rows] == ["1.png", "1-2.png", "1-3.png", "1-4.png"]
    assert len(list(Path("masks").iterdir())) == 4


def test_without_a_folder_there_is_no_mask(files: tuple[str, ...], run: Run, quick: Config) -> None:
    (row,) = results.predict(run, quick, [files[0]])
    assert not row["mask"]
