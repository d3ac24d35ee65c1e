// The dropout bench: zero values or whole maps with a probability, and see what becomes of mean, variance and neighbours.

const SHOWN = 16;
const bench = { source: 0, kind: "Dropout2d", p: 0.5, training: true, seed: 1 };

/** The maps to try on: what goes into the network's dropout layers, else any of its maps, else a sample. */
const benchSources = (() => {
  const found = [];
  const add = (maps, label, layer) => maps && maps.rows * maps.columns * maps.channels.length > 1 && found.push({ maps, label, layer });
  steps.forEach((step) => {
    if (!/^(Alpha|Feature)*\w*[dD]ropout/.test(step.type || "")) return;
    const maker = (step.takes || []).find((taken) => taken >= 0 && steps[taken].maps);
    add(maker !== undefined ? steps[maker].maps : step.maps, `what ${step.written} gets`, step);
  });
  if (!found.length) steps.forEach((step) => step.maps?.kind === "maps" && add(step.maps, `what ${step.written} gives`, null));
  add(data.sample, "a sample: eight handwritten digits as eight channels", null);
  return found;
})();

/** A small generator of random numbers in [0, 1), the same for the same seed. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Dropout as torch does it: survivors are multiplied by 1 / (1 − p); in evaluation nothing happens. */
function dropped(maps, { kind, p, training, seed }) {
  const next = random(seed);
  const flat = maps.kind !== "maps";
  return maps.channels.map((_, index) => {
    const values = valuesOf(maps, index);
    if (!training || kind === "none") return { values, kept: values.length, gone: false };
    const factor = p < 1 ? 1 / (1 - p) : 0;
    const together = kind === "Dropout2d" && !flat;
    const all = next() >= p;
    let kept = 0;
    const made = values.map((value) => {
      const stays = together ? all : next() >= p;
      kept += stays ? 1 : 0;
      return stays ? value * factor : 0;
    });
    return { values: made, kept, gone: together && !all };
  });
}

/** Mean, variance, and the correlation of each value with its right and lower neighbour, over maps that were kept. */
function measured(parts, rows, columns) {
  let [count, sum, squares] = [0, 0, 0];
  const pairs = { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 };
  for (const { values, gone } of parts) {
    values.forEach((value, index) => {
      count += 1;
      sum += value;
      squares += value * value;
      if (gone) return;
      if ((index + 1) % columns) pair(pairs, value, values[index + 1]);
      if (index + columns < rows * columns) pair(pairs, value, values[index + columns]);
    });
  }
  const mean = sum / count;
  const cov = pairs.xy / pairs.n - (pairs.x / pairs.n) * (pairs.y / pairs.n);
  const spread = Math.sqrt((pairs.xx / pairs.n - (pairs.x / pairs.n) ** 2) * (pairs.yy / pairs.n - (pairs.y / pairs.n) ** 2));
  return { mean, variance: squares / count - mean * mean, neighbours: pairs.n && spread > 0 ? cov / spread : NaN };
}

function pair(sums, x, y) {
  sums.n += 1;
  sums.x += x;
  sums.y += y;
  sums.xx += x * x;
  sums.yy += y * y;
  sums.xy += x * y;
}

function makeBench() {
  fill(byId("bench"),
    el("h2", { id: "bench-heading" }, "Dropout bench"),
    el("p", { class: "dim" }, "Move p, switch the kind, draw again: which values vanish, and what that does to the mean, the variance and neighbouring pixels."),
    el("div", { class: "controls" },
      benchSources.length > 1 && el("label", null, "On ", el("select", { id: "bench-source", onchange: (event) => { useSource(Number(event.target.value)); drawBench(); } },
        benchSources.map((source, index) => el("option", { value: index }, source.label)))),
      radios("Kind", "bench-kind", [["Dropout", "Dropout"], ["Dropout2d", "Dropout2d"], ["none", "none"]], (value) => { bench.kind = value; }),
      radios("Mode", "bench-mode", [["train", "train"], ["eval", "eval"]], (value) => { bench.training = value === "train"; })),
    el("div", { class: "controls" },
      el("label", null, "p ", el("input", { type: "range", id: "bench-p", min: 0, max: 0.95, step: 0.05, oninput: (event) => { bench.p = Number(event.target.value); drawBench(); } }), el("output", { id: "bench-p-shown", for: "bench-p" })),
      el("button", { type: "button", id: "bench-again", onclick: () => { bench.seed += 1; drawBench(); say("drawn again"); } }, "Draw again")),
    el("p", { id: "bench-says" }),
    el("div", { class: "tiles", id: "bench-tiles" }),
    el("table", { class: "measures" },
      el("thead", null, el("tr", null, el("th", { scope: "col" }, "over all values"), el("th", { scope: "col" }, "before"), el("th", { scope: "col" }, "after"))),
      el("tbody", { id: "bench-measures" })));
  useSource(0);
  drawBench();
}

function radios(legend, name, options, change) {
  return el("fieldset", null, el("legend", null, legend), options.map(([value, label]) =>
    el("label", null, el("input", { type: "radio", name, value, onchange: () => { change(value); drawBench(); } }), label)));
}

/** Take a source, with the kind and p of its own dropout layer where it has one. */
function useSource(index) {
  bench.source = index;
  const layer = benchSources[index].layer;
  const p = layer && Number((layer.arguments || []).find((argument) => argument.name === "p")?.text);
  if (layer) bench.kind = /\dd$/.test(layer.type) ? "Dropout2d" : "Dropout";
  if (layer && p >= 0 && p <= 0.95) bench.p = p;
}

/** Try the bench on what a layer of the network gets. */
function benchFor(step) {
  const index = benchSources.findIndex((source) => source.layer === step);
  if (index < 0) return;
  useSource(index);
  const select = byId("bench-source");
  if (select) select.value = index;
  drawBench();
  byId("bench").scrollIntoView({ block: "start" });
  (select || byId("bench-p")).focus({ preventScroll: true });
}

function drawBench() {
  const { maps, layer } = benchSources[bench.source];
  const before = maps.channels.map((_, index) => ({ values: valuesOf(maps, index), gone: false }));
  const after = dropped(maps, bench);
  document.querySelectorAll('[name="bench-kind"]').forEach((radio) => { radio.checked = radio.value === bench.kind; });
  document.querySelectorAll('[name="bench-mode"]').forEach((radio) => { radio.checked = (radio.value === "train") === bench.training; });
  byId("bench-p").value = bench.p;
  byId("bench-p-shown").textContent = bench.p.toFixed(2);
  byId("bench-says").textContent = benchSays(maps, layer, after);
  const factor = bench.training && bench.kind !== "none" ? 1 / (1 - bench.p) : 1;
  const scale = maps.kind === "maps" ? scaleFor(maps, 72) : Math.max(1, Math.min(5, Math.floor(560 / maps.columns)));
  const high = Math.max(maps.high, maps.high * factor);
  fill(byId("bench-tiles"), after.slice(0, SHOWN).map((part, index) => {
    const canvas = el("canvas", { role: "img", "aria-label": `map ${maps.channels[index]}, ${part.gone ? "dropped" : "kept"}` });
    paint(canvas, part.values, maps.rows, maps.columns, Math.min(maps.low, maps.low * factor), high, scale);
    return el("span", { class: part.gone ? "tile dropped" : "tile" }, canvas, el("small", null, part.gone ? "dropped" : maps.kind === "maps" ? `${maps.channels[index]}` : ""));
  }));
  const [was, is] = [measured(before, maps.rows, maps.columns), measured(after, maps.rows, maps.columns)];
  const total = after.reduce((sum, part) => sum + part.values.length, 0);
  const kept = after.reduce((sum, part) => sum + part.kept, 0);
  fill(byId("bench-measures"),
    measureRow("kept", "100 %", `${Math.round((kept / total) * 100)} %`),
    measureRow("mean", digits(was.mean), digits(is.mean)),
    measureRow("variance", digits(was.variance), digits(is.variance)),
    measureRow("correlation of neighbours, dropped maps left out", digits(was.neighbours), digits(is.neighbours)));
}

const digits = (value) => (Number.isNaN(value) ? "–" : value.toFixed(3));
const measureRow = (name, before, after) => el("tr", null, el("th", { scope: "row" }, name), el("td", null, before), el("td", null, after));

function benchSays(maps, layer, after) {
  const more = maps.channels.length > SHOWN ? ` The first ${SHOWN} of ${maps.channels.length} maps are drawn; the numbers are over all of them.` : "";
  if (!bench.training) return `In evaluation nothing is dropped: the output is the input.${more}`;
  if (bench.kind === "none") return `Without dropout the output is the input.${more}`;
  const factor = (1 / (1 - bench.p)).toFixed(2);
  if (bench.kind === "Dropout2d" && maps.kind !== "maps") {
    return `This input has no maps, only features: Dropout2d then drops single values, as Dropout does. Survivors are multiplied by ${factor}.`;
  }
  if (bench.kind === "Dropout2d") {
    return `Whole maps vanish: ${after.filter((part) => part.gone).length} of ${maps.channels.length}. Inside a kept map neighbours stay as alike as they were. Survivors are multiplied by ${factor}.${more}`;
  }
  return `Single values vanish; their neighbours, which hold almost the same, stay. Survivors are multiplied by ${factor}.${more}`;
}
