// The input's sizes in boxes: a change runs through all shapes by their formulas, and what no longer fits turns red.

function makeSizes() {
  if (!inputs.some((input) => input.sizes)) {
    fill(byId("sizes"), el("h2", { id: "sizes-heading" }, "The input"));
    return;
  }
  fill(byId("sizes"),
    el("h2", { id: "sizes-heading" }, "The input"),
    data.reason && el("p", { class: "dim small" }, data.reason),
    inputs.map((input) => el("div", { class: "boxes" },
      el("span", { class: "input-name" }, input.name || "input"),
      (input.sizes || []).map((position, axis) => sizeBox(input, position, axis)),
      el("span", { class: "dim small" }, input.dtype))),
    el("p", null, el("button", { type: "button", id: "reset", hidden: true, onclick: resetSizes }, "Back to the recorded sizes")),
    el("div", { id: "status", class: "status" }),
    data.contract && el("details", { class: "small" }, el("summary", null, "Which inputs fit"),
      el("ul", { class: "conditions" }, data.contract.map((condition) => el("li", { "data-cause": condition.cause },
        el("b", null, condition.text), condition.cause && el("span", { class: "dim" }, ` for ${condition.cause}`),
        condition.examples && el("span", { class: "dim" }, `: such as ${condition.examples.join(", ")}`))))));
  drawStatus();
}

function sizeBox(input, position, axis) {
  const name = numbers[position].axisName || `axis ${axis}`;
  const letter = input.letters[axis] || String(axis);
  const box = el("span", { class: "box" }, el("label", { for: `size-${position}`, title: name }, letter),
    el("input", { id: `size-${position}`, type: "number", min: 1, step: 1, value: numbers[position].value, inputmode: "numeric", "aria-label": `${letter}, ${name} of ${input.name || "the input"}`,
      oninput: (event) => resize(position, event.target) }));
  return box;
}

function resize(position, field) {
  const value = Number(field.value);
  const good = Number.isInteger(value) && value >= 1 && value <= 1e9;
  if (good) field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
  if (!good) return;
  choose(position, value);
  field.parentElement.classList.toggle("changed", chosen.has(position));
  redraw();
}

function resetSizes() {
  chosen.clear();
  known = new Map();
  for (const field of document.querySelectorAll(".box input")) {
    field.value = numbers[Number(field.id.slice(5))].value;
    field.removeAttribute("aria-invalid");
    field.parentElement.classList.remove("changed");
  }
  redraw();
}

function redraw() {
  drawStatus();
  if (lit.number !== null) drawNumber();
  else light();
}

function drawStatus() {
  const wrong = broken();
  const status = byId("status");
  byId("reset").hidden = chosen.size === 0;
  status.className = `status ${wrong.length ? "wrong" : "fits"}`;
  const causes = new Set(wrong.map((one) => one.cause));
  document.querySelectorAll(".conditions li").forEach((item) => item.classList.toggle("note", causes.has(item.dataset.cause)));
  const ends = steps.map((_, index) => index).filter((index) => steps[index].parent === undefined).pop();
  const result = ends === undefined ? "" : (steps[ends].sizes || []).map((size) => shownNumber(valueOf(size))).join(" × ");
  const where = chosen.size ? "This input fits" : "The recorded input fits";
  if (data.failed && chosen.size === 0) fill(status, el("p", null, `The pass failed: ${data.failed}`));
  else if (!wrong.length) fill(status, el("p", null, `${where}${result ? `: the network gives ${result}` : ""}.`));
  else fill(status, el("ul", null, wrong.slice(0, 8).map((one) => el("li", null, one.text)), wrong.length > 8 && el("li", null, `and ${wrong.length - 8} more`)));
  if (!chosen.size) return;
  say(status.textContent);
  status.append(el("p", { class: "small dim" }, "Costs, fields and maps stay those of the recorded input."));
}
