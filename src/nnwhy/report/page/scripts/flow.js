// The data's way from the inputs to the output, one row a step; blocks open and close.

const LINES = 60;
const opened = new Set();
const lit = { steps: new Set(), numbers: new Set(), step: null, number: null };

/** Open blocks as deep as fits into about LINES rows. */
function openByDefault() {
  for (let depth = 0; depth < 12; depth += 1) {
    const level = visibleSteps().filter((index) => inside(index).length && !opened.has(index));
    if (!level.length) return;
    level.forEach((index) => opened.add(index));
    if (visibleSteps().length > LINES) {
      level.forEach((index) => opened.delete(index));
      return;
    }
  }
}

function visibleSteps(parent = -1) {
  return inside(parent).flatMap((index) => (opened.has(index) ? [index, ...visibleSteps(index)] : [index]));
}

/** The step itself, or the closed block that hides it. */
function visibleFor(index) {
  let shown = index;
  for (let at = index; at !== undefined; at = steps[at].parent) {
    if (at !== index && !opened.has(at)) shown = at;
  }
  return shown;
}

function depthOf(index) {
  let depth = 0;
  for (let at = steps[index].parent; at !== undefined; at = steps[at].parent) depth += 1;
  return depth;
}

/** Draw all rows anew: after a block was opened or closed. */
function drawFlow() {
  const visible = visibleSteps();
  const rows = [...inputs.map((_, index) => ({ input: index, takes: [] })), ...visible.map((step) => ({ step, takes: [], header: opened.has(step) }))];
  const rowOf = new Map(rows.map((row, index) => [row.step === undefined ? -1 - row.input : row.step, index]));
  rows.forEach((row, index) => {
    if (row.step === undefined || row.header) return;
    const makers = (steps[row.step].takes || []).map((maker) => rowOf.get(maker < 0 ? maker : visibleFor(lastInside(maker, index, rowOf))));
    row.takes = [...new Set(makers)].filter((maker) => maker !== undefined && maker < index);
  });
  const lanes = laneRows(rows);
  const widest = Math.max(1, ...lanes.map((row) => Math.max(row.before.length, row.after.length, (row.column ?? 0) + 1)));
  const gap = Math.min(14, 70 / widest);
  const width = 18 + (widest - 1) * gap;
  fill(byId("flow"), rows.map((row, index) => {
    const gutter = el("div", { class: "lanes" }, drawLanes(lanes[index], width, gap));
    gutter.style.width = `${width}px`;
    return row.step === undefined ? inputRow(row.input, gutter) : stepRow(row.step, gutter);
  }));
  light();
}

/** An open block's result is that of the last step inside it. */
function lastInside(index, _row, rowOf) {
  let at = index;
  while (opened.has(at) && rowOf.has(at)) at = inside(at)[inside(at).length - 1];
  return at;
}

function inputRow(index, gutter) {
  const input = inputs[index];
  return el("li", { class: "row", "data-input": index }, gutter,
    el("div", { class: "step" },
      el("div", { class: "head" }, el("span", { class: "name" }, input.name || "input"), el("span", { class: "what" }, "what goes in")),
      el("div", { class: "facts" }, el("span", { class: "shape" }, shapeOf(input.sizes || [], input.letters.map((letter, axis) => (input.free[axis] ? letter : "")), [], input.dtype)))));
}

function stepRow(index, gutter) {
  const step = steps[index];
  const block = inside(index).length > 0;
  const open = opened.has(index);
  const title = step.repeats ? `${step.repeated[0]} … ${step.repeated[1]}` : step.written;
  const row = el("li", { class: `row${block ? " group" : ""}`, "data-step": index }, gutter,
    el("div", { class: "step" },
      el("div", { class: "head" }, el("div", { class: "title" },
        block && el("button", { type: "button", class: "fold", "aria-expanded": String(open), "aria-label": `Steps inside ${title}`, onclick: () => toggle(index) }, open ? "▾" : "▸"),
        el("button", { type: "button", class: "name", onclick: () => showStep(index) }, title),
        step.repeats && el("span", { class: "chip" }, `the same ${step.repeats} times`),
        findingsAt(index).map((finding) => el("span", { class: `chip ${finding.severity}` }, finding.check)),
        el("span", { class: "what" }, open ? "" : step.what ? wordsOf(step) : step.name !== title && step.name)),
        step.place && el("span", { class: "where" }, placeText(step.place))),
      el("div", { class: "facts" },
        el("span", { class: "shape" }, !open && shapeOf(step.sizes || [], step.letters || [], step.axes || [], "")),
        el("span", { class: "costs" }, costs(step, open).flatMap((text, at) => [at ? " · " : "", el("button", { type: "button", class: "cost", onclick: () => showStep(index) }, text)]))),
      step.note && el("p", { class: "note" }, step.note)));
  row.querySelector(".step").style.marginLeft = `${Math.min(depthOf(index), 6) * 14}px`;
  return row;
}

function costs(step, open) {
  const times = step.repeats ? ` × ${step.repeats}` : "";
  return [
    step.parameters && `${thousands(step.parameters)} parameter${step.parameters === 1 ? "" : "s"}${times}`,
    step.multiplyAdds && `${short(step.multiplyAdds)} multiply-adds${times}`,
    step.field && !open && `sees ${step.field.join("×")}`,
  ].filter(Boolean);
}

/** "3 × 3" as an argument and "3×3" in words; also "3" where it holds for each axis. */
function saysTheSame(argument, words) {
  const [first, ...rest] = words.split("×");
  return argument.replaceAll(" × ", "×") === words || (argument === first && rest.length > 0 && rest.every((part) => part === first));
}

/** A step's words, its arguments' numbers in them as buttons. */
function wordsOf(step) {
  const left = (step.arguments || []).filter((argument) => argument.number !== undefined);
  return (step.what || "").split(/(\d+(?:×\d+)*(?![\d.]))/).map((part, at) => {
    const found = at % 2 ? left.findIndex((argument) => saysTheSame(argument.text, part)) : -1;
    if (found < 0) return part;
    const [argument] = left.splice(found, 1);
    return el("button", { type: "button", class: "num", title: argument.name, onclick: () => showNumber(argument.number) }, part);
  });
}

const NAMED = { channels: " channels", features: " features" };

/** "N × 32 channels × 26 × 26", each number a button. */
function shapeOf(sizes, letters, axes, dtype) {
  if (!sizes.length) return ["one number"];
  return [sizes.map((position, axis) => [
    axis ? " × " : "",
    axes[axis] === "length" ? "length " : "",
    numberButton(position, letters[axis], axes[axis]),
    NAMED[axes[axis]] || "",
  ]), dtype ? ` ${dtype}` : ""];
}

function numberButton(position, letter, axis) {
  const button = el("button", { type: "button", class: "num", "data-number": position, onclick: () => showNumber(position) }, letter || shownNumber(valueOf(position)));
  if (letter) button.dataset.letter = letter;
  button.title = letter ? `${letter} = ${valueOf(position)}` : axis ? `${axis}: where it comes from` : "where it comes from";
  return button;
}

function toggle(index) {
  const open = !opened.has(index);
  if (open) opened.add(index);
  else opened.delete(index);
  drawFlow();
  byId("flow").querySelector(`[data-step="${index}"] .fold`)?.focus({ preventScroll: true });
}

function toggleAll() {
  const blocks = steps.map((_, index) => index).filter((index) => inside(index).length);
  const all = blocks.every((index) => opened.has(index));
  blocks.forEach((index) => (all ? opened.delete(index) : opened.add(index)));
  drawFlow();
}

const findingsAt = (index) => findings.filter((finding) => finding.step === index);

/** Light up what belongs to the number or step in the panel, and mark what the chosen sizes break. */
function light() {
  const rows = new Set([...lit.steps].filter((step) => step >= 0).map(visibleFor));
  const wrong = new Set(broken().filter((one) => one.step !== undefined).map((one) => visibleFor(one.step)));
  for (const row of byId("flow").children) {
    const index = Number(row.dataset.step);
    const isStep = row.dataset.step !== undefined;
    row.classList.toggle("lit", isStep ? rows.has(index) : lit.steps.has(-1 - Number(row.dataset.input)));
    row.classList.toggle("chosen", isStep && lit.step !== null && visibleFor(lit.step) === index);
    row.classList.toggle("wrong", isStep && wrong.has(index));
  }
  for (const button of document.querySelectorAll(".num[data-number]")) {
    const position = Number(button.dataset.number);
    const value = valueOf(position);
    button.textContent = button.dataset.letter || shownNumber(value);
    button.classList.toggle("chosen", lit.number === position);
    button.classList.toggle("lit", lit.numbers.has(position) && lit.number !== position);
    button.classList.toggle("changed", value !== numbers[position].value);
    button.classList.toggle("wrong", value < 1);
  }
}
