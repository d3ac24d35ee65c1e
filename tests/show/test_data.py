"""Where data come from, and how they are made to fit."""

import numpy as np
import pytest
import torch
from torch import nn

from nnwhy.errors import InputError
from nnwhy.facts.contract import InputSpec
from nnwhy.show import images
from nnwhy.show.data import read

GREY = InputSpec(("N", 1, 28, 28))
NET = nn.Conv2d(1, 4, 3)


def test_digits_come_one_of_each_and_named():
    data = read("digits[:12]", NET, (GREY,))
    (x,) = data.args
    assert x.shape == (12, 1, 28, 28) and x.dtype is torch.float32
    assert data.samples == tuple(f"digit {label}" for label in (*range(10), 0, 1))
    assert "12 handwritten digits" in data.source
    assert read("digits[3]", NET, ()).samples == ("digit 3",)
    assert read("digits[-1]", NET, ()).samples == ("digit 9",)
    assert read("digits[1:9:2]", NET, ()).samples == ("digit 1", "digit 3", "digit 5", "digit 7")
    assert len(read("digits", NET, ()).args[0]) == 8
    assert len(read("digits[:]", NET, ()).args[0]) == 64


@pytest.mark.parametrize(
    "sizes, shape, words",
    [
        (("N", 3, 64, 64), (2, 3, 64, 64), "repeated to 3, resized from 28×28 to 64×64"),
        (("N", 784), (2, 784), "flattened to 784 values"),
        (("N", 100), (2, 100), "resized from 28×28 to 10×10"),
        (("N", 102), (2, 102), "2 zeros added"),
        (("N", 28, 28), (2, 28, 28), "rows of an image are the steps"),
        (("N", 1, "H", "W"), (2, 1, 28, 28), "taken off"),
    ],
)
def test_digits_are_made_to_fit_and_it_is_told(sizes, shape, words):
    data = read("digits[:2]", NET, (InputSpec(sizes),))
    assert data.args[0].shape == shape
    assert words in data.source


def picture(path, colour=(200, 10, 10), size=(20, 10), mode="RGB"):
    from PIL import Image

    Image.new(mode, size, colour).save(path)
    return path


def test_an_image_in_colour_and_in_grey(tmp_path):
    path = picture(tmp_path / "red.png")
    data = read(str(path), NET, (InputSpec(("N", 3, 32, 48)),))
    (x,) = data.args
    assert x.shape == (1, 3, 32, 48)
    assert x[0, 0, 0, 0].item() == pytest.approx((200 / 255 - images.MEAN[0]) / images.DEVIATION[0], abs=1e-5)
    assert data.samples == ("red.png",) and "ImageNet" in data.source
    grey = read(str(path), NET, (GREY,))
    assert grey.args[0].shape == (1, 1, 28, 28) and "grey" in grey.source
    assert read(str(path), NET, ()).args[0].shape == (1, 3, 10, 20)


def test_a_folder_of_images(tmp_path):
    for name in ("b.png", "a.png", "c.jpg"):
        picture(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no image")
    data = read(str(tmp_path), NET, (InputSpec(("N", 3, 8, 8)),))
    assert data.args[0].shape == (3, 3, 8, 8) and data.samples == ("a.png", "b.png", "c.jpg")
    assert read(f"{tmp_path}[1]", NET, ()).samples == ("b.png",)
    assert "(of 3)" in read(f"{tmp_path}[:2]", NET, ()).source


def test_without_pillow_it_is_said(tmp_path, monkeypatch):
    path = picture(tmp_path / "red.png")
    monkeypatch.setattr(images, "import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    with pytest.raises(InputError, match="pip install pillow"):
        read(str(path), NET, ())


def test_arrays(tmp_path):
    np.save(tmp_path / "x.npy", np.ones((100, 1, 5, 5)))
    data = read(str(tmp_path / "x.npy"), NET, ())
    assert data.args[0].shape == (64, 1, 5, 5) and data.args[0].dtype is torch.float32
    assert "float64 as float32" in data.source and "64 of its 100" in data.source
    assert len(read(f"{tmp_path / 'x.npy'}[:3]", NET, ()).args[0]) == 3
    np.save(tmp_path / "bytes.npy", np.full((2, 1, 5, 5), 255, dtype=np.uint8))
    assert read(str(tmp_path / "bytes.npy"), NET, ()).args[0].unique().tolist() == [1.0]
    np.savez(tmp_path / "named.npz", input=np.ones((2, 1, 5, 5), dtype=np.float32), other=np.ones(2))
    named = read(str(tmp_path / "named.npz"), NET, ())
    assert list(named.kwargs) == ["input"] and named.args == ()
    np.savez(tmp_path / "other.npz", images=np.ones((2, 1, 5, 5)), labels=np.ones(2))
    assert "its first array, images, of 2" in read(str(tmp_path / "other.npz"), NET, ()).source


def test_tensors(tmp_path):
    torch.save(torch.ones(3, 1, 5, 5), tmp_path / "x.pt")
    assert read(str(tmp_path / "x.pt"), NET, ()).args[0].shape == (3, 1, 5, 5)
    torch.save([torch.ones(3, 2), torch.ones(3, 4)], tmp_path / "two.pt")
    assert [part.shape[1] for part in read(f"{tmp_path / 'two.pt'}[:2]", NET, ()).args] == [2, 4]


class Sentences(nn.Module):
    def __init__(self, tokenizer=None):
        super().__init__()
        self.embed = nn.Embedding(300, 4)
        if tokenizer is not None:
            self.tokenizer = tokenizer


class Characters:
    def encode(self, text):
        return [ord(letter) for letter in text]

    def decode(self, numbers):
        return "".join(map(chr, numbers))


def test_text_by_the_tokenizer_of_the_network():
    data = read("text:why [1]", Sentences(Characters()), ())
    assert data.args[0].tolist() == [[119, 104, 121, 32, 91, 49, 93]]
    assert data.tokens == tuple("why [1]")
    table = read("text:the cat xx", Sentences({"the": 1, "cat": 2, "<unk>": 0}), ())
    assert table.args[0].tolist() == [[1, 2, 0]] and "1 are not in its table" in table.source
    called = read("text:ab", Sentences(lambda text: {"input_ids": [[7, 8]]}), ())
    assert called.args[0].tolist() == [[7, 8]] and called.tokens == ("7", "8")


class Trap:
    """Unpickling it would make a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_no_pickled_object_is_ever_loaded(tmp_path):
    made = tmp_path / "made"
    torch.save({"x": Trap(made)}, tmp_path / "trap.pt")
    np.save(tmp_path / "trap.npy", np.array([Trap(made)], dtype=object), allow_pickle=True)
    for name in ("trap.pt", "trap.npy"):
        with pytest.raises(InputError):
            read(str(tmp_path / name), NET, ())
    assert not made.exists()


@pytest.mark.parametrize(
    "description, words",
    [
        ("nowhere.png", "digits[:8]"),
        ("digits[9000]", "empty"),
        ("digits[::0]", "steps of 0"),
        ("text:hello", "brings no tokenizer"),
        ("text:", "brings no tokenizer"),
        ("empty", "holds no images"),
        ("bad.png", "cannot be read as an image"),
        ("bad.npy", "cannot be read as arrays"),
        ("bad.pt", "cannot be loaded as tensors"),
        ("words.npy", "not numbers that torch has"),
        ("number.pt", "without a tensor"),
        ("data.csv", "no file of data"),
    ],
)
def test_bad_data_say_what_would_be_right(tmp_path, monkeypatch, description, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for name in ("bad.png", "bad.npy", "bad.pt", "data.csv"):
        (tmp_path / name).write_text("nonsense")
    np.save(tmp_path / "words.npy", np.array(["a", "b"]))
    torch.save({"epoch": 3}, tmp_path / "number.pt")
    with pytest.raises(InputError) as raised:
        read(description, NET, ())
    assert words in str(raised.value) and "\n" not in str(raised.value)
