"""What a reader does on the page, in a browser: every interaction changes what it should, and nothing else is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Page, expect

from networks import ResNet50
from nnwhy.examples.recipe import Net

Open = Callable[..., Page]


def lines(page: Page) -> list[str]:
    return [" ".join(line.split()) for line in page.locator("#panel .lines li").all_inner_texts()]


def shapes(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("#flow .shape").all_inner_texts()]


def test_a_number_opens_its_derivation_with_its_steps_lit_and_its_line_beside(opened: Open) -> None:
    page = opened("recipe")
    page.click('#flow .shape .num:text-is("9216")')
    assert lines(page) == [
        "9216 = 64 × 12 × 12 torch.flatten(x, 1) net.py:25",
        "64 conv2.out_channels net.py:12",
        "12 = ⌊24 / 2⌋ F.max_pool2d(x, 2), height and width net.py:23",
        "24 = 26 − 3 + 1 conv2, kernel_size 3 net.py:12",
        "26 = 28 − 3 + 1 conv1, kernel_size 3 net.py:11",
        "28 the height of the input x",
    ]
    expect(page.locator("#panel .closed")).to_contain_text("64·⌊(H − 4)/2⌋·⌊(W − 4)/2⌋")
    lit = page.locator("#flow .row.lit .name").all_inner_texts()
    assert lit == ["x", "conv1", "conv2", "F.max_pool2d(x, 2)", "torch.flatten(x, 1)"]
    expect(page.locator("#source .here mark")).to_have_text("torch.flatten(x, 1)")
    page.locator("#panel .lines .where").nth(1).click()
    expect(page.locator("#source .here")).to_contain_text("self.conv2")


def test_a_layer_shows_its_numbers_its_finding_with_the_fix_and_its_card(opened: Open) -> None:
    page = opened("recipe")
    page.click('#flow .name:text-is("dropout2")')
    panel = page.locator("#panel")
    expect(panel.locator(".finding .tag")).to_have_text("warning · dropout-rank")
    expect(panel.locator(".finding ins")).to_have_text("+ self.dropout2 = nn.Dropout(0.5)")
    expect(panel.locator(".card h3").first).to_have_text("torch.nn.Dropout2d")
    page.click('#flow .name:text-is("fc1")')
    panel.get_by_role("button", name="9216").first.click()
    assert lines(page)[0].startswith("9216 = 64 × 12 × 12")
    page.click("#back")
    expect(panel.locator("h2")).to_have_text("fc1")


def test_another_input_size_runs_through_all_shapes_and_what_breaks_turns_red(opened: Open) -> None:
    page = opened("recipe")
    before = shapes(page)
    page.get_by_label("H, height of x").fill("32")
    assert page.locator("#flow .row.wrong .name").all_inner_texts() == ["fc1"]
    expect(page.locator("#status li")).to_have_text("fc1 is built for 9216 features and would get 10752")
    assert shapes(page)[1] == "N × 32 channels × 30 × 26"
    page.get_by_text("Which inputs fit").click()
    expect(page.locator(".conditions .note b")).to_have_text("⌊(H − 4)/2⌋·⌊(W − 4)/2⌋ = 144")
    page.get_by_label("H, height of x").fill("29")
    expect(page.locator(".conditions .note")).to_have_count(0)
    expect(page.locator("#flow .row.wrong")).to_have_count(0)
    page.get_by_label("C, channels of x").fill("3")
    expect(page.locator("#status")).to_contain_text("conv1 is built for 1 channel and would get 3")
    page.click("#reset")
    assert shapes(page) == before


@pytest.mark.filterwarnings("ignore:dropout2d")
@pytest.mark.parametrize("height, width", [(29, 29), (12, 76), (28, 28)])
def test_the_changed_shapes_are_those_that_torch_gives(opened: Open, height: int, width: int) -> None:
    page = opened("recipe")
    page.get_by_label("H, height of x").fill(str(height))
    page.get_by_label("W, width of x").fill(str(width))
    torch_shapes: list[str] = []
    net = Net().eval()
    for name in ("conv1", "conv2", "dropout1", "fc1", "fc2"):
        net.get_submodule(name).register_forward_hook(
            lambda _module, _args, made: torch_shapes.append("×".join(map(str, made.shape[1:])))
        )
    net(torch.zeros(1, 1, height, width))
    shown = {
        row.locator(".name").inner_text(): re.sub(r"[^\d×]", "", row.locator(".shape").inner_text()).lstrip(
            "×"
        )
        for row in page.locator("#flow .row").all()
    }
    assert [shown[name] for name in ("conv1", "conv2", "dropout1", "fc1", "fc2")] == torch_shapes


def test_a_large_network_follows_a_new_size_as_torch_does(opened: Open) -> None:
    page = opened("resnet")
    page.get_by_label("H, height of x").fill("97")
    made: dict[str, tuple[int, ...]] = {}
    net = ResNet50().eval()
    for name in ("conv1", "maxpool", "avgpool", "fc"):
        net.get_submodule(name).register_forward_hook(
            lambda _m, _a, out, name=name: made.update({name: out.shape})
        )
    with torch.no_grad():
        net(torch.zeros(1, 3, 97, 224))
    for name, shape in made.items():
        row = page.locator("#flow .row", has=page.locator(f'.name:text-is("{name}")'))
        assert re.findall(r"\d+", row.locator(".shape").inner_text()) == [str(size) for size in shape[1:]]


def test_a_pixel_shows_which_pixels_of_the_input_it_sees(opened: Open) -> None:
    page = opened("recipe")
    page.click('#flow .name:text-is("F.max_pool2d(x, 2)")')
    tile = page.locator("#panel .tile").first
    box = tile.locator("canvas").bounding_box()
    assert box is not None
    tile.click(position={"x": box["width"] * 3.5 / 12, "y": box["height"] * 2.5 / 12})
    told = page.locator("#panel .picture p")
    expect(told).to_have_text(
        "Row 2, column 3 of channel 0 sees rows 4 to 9 and columns 6 to 11 of the input: 6 × 6 of its 28 × 28 pixels."
    )
    page.keyboard.press("ArrowDown")
    expect(told).to_contain_text("Row 3, column 3 of channel 0 sees rows 6 to 11")


def measures(page: Page) -> dict[str, tuple[float, float]]:
    rows = [row.split("\t") for row in page.locator("#bench-measures tr").all_inner_texts()]
    return {name: (float(before.split()[0]), float(after.split()[0])) for name, before, after in rows}


def test_the_bench_drops_whole_maps_single_values_or_nothing(opened: Open) -> None:
    page = opened("recipe")
    expect(page.locator("#bench-p-shown")).to_have_text("0.25")
    dropped = page.locator("#bench-tiles .dropped")
    assert 0 < dropped.count() < 16
    whole = measures(page)["correlation of neighbours, dropped maps left out"][1]
    page.locator("#bench").get_by_label("Dropout", exact=True).check()
    expect(dropped).to_have_count(0)
    assert measures(page)["correlation of neighbours, dropped maps left out"][1] < whole * 0.9
    page.locator("#bench-p").fill("0.5")
    assert 35 < measures(page)["kept"][1] < 65
    assert measures(page)["variance"][1] > measures(page)["variance"][0] * 1.3
    first = measures(page)
    page.click("#bench-again")
    assert measures(page) != first
    for label in ("eval", "none"):
        page.locator("#bench").get_by_label(label).check()
        assert all(was == now for was, now in measures(page).values())
        page.locator("#bench").get_by_label("train").check()


def test_the_bench_says_that_flat_data_has_no_maps(opened: Open) -> None:
    page = opened("recipe")
    page.click('#flow .name:text-is("dropout2")')
    page.get_by_role("button", name="Try it on the dropout bench").click()
    expect(page.locator("#bench-says")).to_contain_text("no maps, only features")
    expect(page.locator("#bench-p-shown")).to_have_text("0.50")


def test_a_network_without_dropout_has_a_bench_on_its_maps(opened: Open) -> None:
    page = opened("resnet")
    expect(page.locator("#bench-source option").first).to_have_text("what conv1 gives")


def test_repeated_blocks_are_folded_and_open(opened: Open) -> None:
    page = opened("encoder")
    expect(page.locator("#flow .chip").first).to_have_text("the same 6 times")
    block = page.locator("#flow .row", has=page.locator(".chip")).first
    rows = page.locator("#flow .row").count()
    block.locator(".fold").click()
    assert page.locator("#flow .row").count() < rows
    expect(block.locator(".fold")).to_have_attribute("aria-expanded", "false")
    block.locator(".fold").press("Enter")
    expect(page.locator("#flow .row")).to_have_count(rows)


def test_a_residual_branch_is_drawn_beside_the_main_way(opened: Open) -> None:
    page = opened("resnet")
    block = page.locator("#flow .row", has=page.locator('.name:text-is("layer1.0")'))
    if block.locator(".fold").get_attribute("aria-expanded") == "false":
        block.locator(".fold").click()
    centres = {
        row.locator(".name").inner_text(): row.locator("circle").first.get_attribute("cx")
        for row in page.locator("#flow .row:has(circle)").all()
    }
    assert centres["layer1.0.conv1"] == centres["layer1.0.conv3"] != centres["layer1.0.downsample"]


def test_the_page_can_be_used_with_the_keyboard_alone(opened: Open) -> None:
    page = opened("recipe", width=400, height=800)
    page.locator("#flow .name").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_have_class(re.compile("open"))
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).not_to_have_class(re.compile("open"))


@pytest.mark.parametrize("name", ["recipe", "resnet"])
def test_nothing_is_wider_than_the_screen(opened: Open, name: str) -> None:
    page = opened(name)
    page.locator("#flow .num").nth(4).click()
    for width in (360, 700, 1440, 3840):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
