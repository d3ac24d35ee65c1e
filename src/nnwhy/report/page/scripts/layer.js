// One step: what it does here, its arguments, the mistakes found at it, its maps, and the card of its kind.

function showStep(index) {
  remember(() => showStep(index));
  const step = steps[index];
  Object.assign(lit, { step: index, number: null, numbers: new Set(), steps: new Set([index]) });
  const card = cards[step.card];
  fill(byId("detail"),
    el("h2", { class: "mono" }, step.module || step.written),
    el("p", { class: "dim" }, [step.type && step.type !== (step.module || step.written) && step.type, step.repeats && `told once for ${step.repeats} equal blocks, ${step.repeated[0]} to ${step.repeated[1]}`].filter(Boolean).join(" · ")),
    step.what && el("p", null, wordsOf(step)),
    findingsAt(index).map(findingView),
    stepFacts(index),
    step.type && /[dD]ropout/.test(step.type) && benchSources.some((source) => source.layer === step) &&
      el("p", null, el("button", { type: "button", onclick: () => benchFor(step) }, "Try it on the dropout bench")),
    mapsView(index));
  fill(byId("more"), card && cardView(card));
  const place = step.constructed || step.place;
  showSource(place, [step.constructed, step.place].filter(Boolean));
  light();
  openPanel(step.module || step.written);
}

function stepFacts(index) {
  const step = steps[index];
  const rows = [];
  const add = (name, ...content) => rows.push(el("dt", null, name), el("dd", null, ...content));
  const makers = (step.takes || []).map((maker) => (maker < 0 ? inputs[-1 - maker].name || "the input" : null) ?? stepLink(maker));
  const takers = steps.flatMap((other, at) => (!inside(at).length && (other.takes || []).includes(index) ? [stepLink(at)] : []));
  if (makers.length) add("takes", makers.flatMap((maker, at) => (at ? [", ", maker] : [maker])));
  if (step.sizes) add("gives", shapeOf(step.sizes, step.letters || [], step.axes || [], step.dtype));
  if (takers.length) add("goes to", takers.slice(0, 6).flatMap((taker, at) => (at ? [", ", taker] : [taker])));
  for (const argument of step.arguments || []) add(argument.name, argumentView(argument));
  if (step.parameters) add("parameters", `${thousands(step.parameters)}${shareOf(step.parameters, data.totals[0])}`);
  for (const [name, sizes] of step.weights || []) add(name, shapeOf(sizes, [], [], ""), sizes.length > 1 && ` = ${thousands(sizes.reduce((product, size) => product * numbers[size].value, 1))}`);
  if (step.multiplyAdds) add("multiply-adds", `${thousands(step.multiplyAdds)}${data.per || ""}${shareOf(step.multiplyAdds, data.totals[1])}`);
  if (step.bytes) add("result", `${step.bytes}${data.per || ""}`);
  if (step.field) add("one value sees", `${step.field.join(" × ")} values of the input`);
  if (step.place) add("called at", placeLink(step.place));
  if (step.constructed) add("built at", placeLink(step.constructed));
  return el("dl", { class: "pairs" }, rows);
}

const shareOf = (part, whole) => (whole ? `, ${((part / whole) * 100).toFixed(1)} % of the network` : "");
const stepLink = (index) => el("button", { type: "button", class: "num mono", onclick: () => showStep(index) }, steps[index].written);
const placeLink = (place) => el("button", { type: "button", class: "num mono", onclick: () => showSource(place, [place]) }, placeText(place));

/** An argument's value: a button to its derivation where it has one; what it must be where that is another number. */
function argumentView(argument) {
  if (argument.number === undefined) return [argument.text];
  const button = el("button", { type: "button", class: "num", onclick: () => showNumber(argument.number) }, argument.text);
  if (!argument.fixed) return [button];
  const must = valueOf(argument.number);
  return must === argument.value
    ? [button, el("span", { class: "dim" }, " must be what comes in")]
    : [button, el("span", { class: "note" }, ` but ${shownNumber(must)} comes in`)];
}

function findingView(finding) {
  return el("div", { class: `finding ${finding.severity}` },
    el("p", null, el("span", { class: "tag" }, `${finding.severity} · ${finding.check}`)),
    el("p", null, finding.sentence, finding.place && [" ", placeLink(finding.place)]),
    (finding.because || []).map((because) => el("p", { class: "small" }, because)),
    (finding.fits || []).map((fits) => el("p", { class: "small dim" }, fits)),
    (finding.fixes || []).map((fix) => el("div", { class: "small" },
      el("p", null, el("b", null, fix.proved ? "fix, tried and works: " : "hint: "), fix.label, fix.means && `; ${fix.means}`),
      (fix.edits || []).map(editView))));
}

/** The lines that an edit changes, before and after. */
function editView(edit) {
  if (!edit.place) return null;
  const [file, first, column, last, end] = edit.place;
  const lines = fileView(file).lines;
  const before = [];
  for (let number = first; number <= last; number += 1) before.push(lines.get(number)?.line ?? "");
  const after = before[0].slice(0, column - 1) + edit.text + before[before.length - 1].slice(end - 1);
  return el("code", { class: "edit" }, el("del", null, `− ${before.join("\n").trim()}`), el("ins", null, `+ ${after.trim()}`));
}

function cardView(card) {
  return el("section", { class: "card" },
    el("h3", null, card.path),
    el("p", null, prose(card.sentence)),
    (card.sections || []).map(([heading, text]) => [el("h3", null, heading), text.split("\n").map((part) => el("p", null, prose(part)))]),
    card.arguments?.length && [el("h3", null, "Arguments"), el("dl", { class: "pairs" }, card.arguments.map(([name, value, means, larger]) => [
      el("dt", { class: "mono" }, value ? `${name} = ${value}` : name), el("dd", null, prose(means), larger && [" Larger: ", prose(larger)])]))],
    card.pitfalls && [el("h3", null, "Pitfalls"), el("ul", null, card.pitfalls.map((text) => el("li", null, prose(text))))],
    card.neighbours && [el("h3", null, "Which one when"), tableView(card.neighbours)],
    card.references && [el("h3", null, "References"), el("ul", null, card.references.map((reference) => el("li", null, reference.text, reference.link && [" ", el("span", { class: "dim mono" }, reference.link)])))]);
}

function tableView([heading, ...rows]) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Which one when" }, el("table", null,
    el("thead", null, el("tr", null, heading.map((cell) => el("th", { scope: "col" }, prose(cell))))),
    el("tbody", null, rows.map((row) => el("tr", null, row.map((cell) => el("td", null, prose(cell))))))));
}
