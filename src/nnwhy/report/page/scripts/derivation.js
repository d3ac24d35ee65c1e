// Where a number comes from: its steps down to inputs and arguments, in the order and words of the terminal.

const MOST = 40;

/** The lines of a derivation as [indent, position, note]; chains that say the same along two axes are told once. */
function derivationLines(root) {
  const told = new Set();
  const lines = [];
  const tell = (start, indent, note) => {
    let [at, alike] = [start, note];
    for (;;) {
      told.add(at);
      lines.push([indent, at, alike]);
      const below = termsBelow(at, told);
      if (below.length === 1 && indent > 0) {
        [at, alike] = below[0];
        continue;
      }
      below.forEach(([child, same]) => tell(child, indent + 1, same));
      return;
    }
  };
  tell(root, 0, "");
  return lines;
}

function termsBelow(position, told) {
  const number = numbers[position];
  const found = [];
  for (const term of new Set(terms(number.made))) {
    if (told.has(term) || standsBeside(number, term)) continue;
    const twin = found.find(([other]) => sameStory(other, term));
    if (twin) {
      twin[1].push(numbers[term].axisName || "");
      told.add(term);
    } else found.push([term, []]);
  }
  return found.map(([term, twins]) => [term, twins.length ? `, ${namesAlike(numbers[term].axisName || "", twins)}` : ""]);
}

/** An argument of the layer whose step this is stands beside it; that of another layer gets a line. */
function standsBeside(number, position) {
  const term = numbers[position];
  const bare = Array.isArray(number.made) && number.made[0] === "#" && number.made[1] === position;
  return term.kind === "argument" && number.kind === "call" && !bare && (term.module || "") === (number.module || "") && (term.module || term.about.includes("("));
}

function sameStory(left, right) {
  const todo = [[left, right]];
  const text = (number) => (number.made === undefined ? "" : withNumbers(number.made, valueOf));
  while (todo.length) {
    const [one, other] = todo.pop().map((position) => numbers[position]);
    if (one.value !== other.value || one.kind !== other.kind || one.module !== other.module || one.step !== other.step || text(one) !== text(other)) return false;
    if (one.kind === "argument" && String(one.names) !== String(other.names)) return false;
    if (one.kind === "input" && !one.axisName && !other.axisName) return false;
    const [mine, theirs] = [terms(one.made), terms(other.made)];
    if (mine.length !== theirs.length) return false;
    mine.forEach((term, index) => term !== theirs[index] && todo.push([term, theirs[index]]));
  }
  return valueOf(left) === valueOf(right);
}

function namesAlike(first, twins) {
  const rest = twins.filter(Boolean);
  return first && rest.length ? `${first} and ${rest.join(" and ")}` : `${twins.length + 1} axes alike`;
}

function equation(position) {
  const number = numbers[position];
  const value = shownNumber(valueOf(position));
  const plain = number.made === undefined || !Array.isArray(number.made) || number.made[0] === "#";
  return plain ? value : `${value} = ${withNumbers(number.made, valueOf)}`;
}

function reason(position) {
  const number = numbers[position];
  switch (number.kind) {
    case "unknown": return `unknown: ${number.cause}`;
    case "input": return number.axisName ? `the ${number.axisName} of the input ${number.about}` : `axis ${number.axis} of the input ${number.about}`;
    case "argument": return number.about;
    case "parameter": return `axis ${number.axis} of ${number.about}`;
    case "constant": return number.about || "a constant";
    default: return [number.about || "", ...beside(number)].filter(Boolean).join(", ");
  }
}

/** The layer's own arguments in the expression: "kernel_size 3". */
function beside(number) {
  const found = new Map();
  for (const position of terms(number.made)) {
    const term = numbers[position];
    if (number.module && standsBeside(number, position) && term.names && !found.has(term.names[0])) {
      found.set(term.names[0], `${term.names[0]} ${valueOf(position)}`);
    }
  }
  return found.values();
}

/** What the number is: "the channels of what conv1 gives". */
function meaning(position) {
  const number = numbers[position];
  const axis = number.axisName ? (number.axisName === "batch" ? "the batch size" : `the ${number.axisName}`) : `axis ${number.axis}`;
  if (number.kind === "argument") return `${number.about}: chosen here`;
  if (number.kind === "input") return reason(position);
  if (number.kind === "parameter") return `axis ${number.axis} of ${number.about}`;
  return number.about ? `${axis} of what ${number.about} gives` : axis;
}

/** Show where a number comes from, and light up its way. */
function showNumber(position) {
  remember(() => showNumber(position));
  lit.number = position;
  lit.step = null;
  drawNumber();
  openPanel(`${shownNumber(valueOf(position))}: ${meaning(position)}`);
}

/** The panel of the chosen number, also after the sizes have changed. */
function drawNumber() {
  const position = lit.number;
  const number = numbers[position];
  const lines = derivationLines(position);
  const places = lines.map(([, at]) => numbers[at].place).filter(Boolean);
  const below = [...dependents(position)];
  lit.numbers = new Set(lines.map(([, at]) => at));
  lit.steps = new Set(lines.map(([, at]) => stepOf(at)).filter((step) => step !== undefined));
  fill(byId("detail"),
    el("h2", null, "Where ", el("span", { class: "big" }, shownNumber(valueOf(position))), " comes from"),
    el("p", { class: "dim" }, meaning(position)),
    linesList(lines, MOST, places),
    el("p", { class: "closed", hidden: !number.closed }, "for any input: ", el("span", { class: "mono" }, number.closed || "")),
    number.full && el("details", { class: "small" }, el("summary", null, "The general formula"), el("p", { class: "mono" }, `${number.value} = ${number.full}`)),
    dependentsList(number, below),
  );
  fill(byId("more"));
  showSource(number.place || places[0], places);
  light();
}

function linesList(lines, most, places) {
  const list = el("ol", { class: "lines" }, lines.slice(0, most).map(([indent, at, note]) => derivationLine(indent, at, note, places)));
  if (lines.length > most) {
    const more = el("button", { type: "button", onclick: () => list.replaceWith(linesList(lines, Infinity, places)) }, `${lines.length - most} more steps`);
    list.append(el("li", null, more));
  }
  return list;
}

function derivationLine(indent, at, note, places) {
  const number = numbers[at];
  const go = number.place && el("button", { type: "button", class: "where", onclick: () => showSource(number.place, places) }, placeText(number.place));
  const item = el("li", null, el("span", { class: "is" }, equation(at)), el("span", { class: "because" }, reason(at) + note), go);
  item.style.setProperty("--depth", Math.min(indent, 8));
  item.addEventListener("mouseenter", () => number.place && showSource(number.place, places));
  return item;
}

/** The step that tells a number; an input's own row for an input's size. */
function stepOf(position) {
  const number = numbers[position];
  if (number.kind === "input") return -1 - inputs.findIndex((input) => (input.sizes || []).includes(position));
  if (number.step !== undefined) return number.step;
  const owner = number.module ? steps.findIndex((step) => step.module === number.module) : -1;
  return owner < 0 ? undefined : owner;
}

/** What would change with this number: layers built for it first. */
function dependentsList(number, below) {
  const reached = new Set(below);
  const fixed = steps.flatMap((step) => (step.arguments || [])
    .filter((argument) => argument.fixed && (reached.has(argument.number) || (argument.number === lit.number && number.kind !== "argument")))
    .map((argument) => `${step.module || step.written}.${argument.name}`));
  if (!fixed.length && !below.length) return null;
  const shown = [...new Set(fixed)];
  return el("p", { class: "small dim" },
    shown.length ? `Built for it: ${shown.slice(0, 8).join(", ")}${shown.length > 8 ? ` and ${shown.length - 8} more` : ""}. ` : "",
    below.length ? `${below.length} number${below.length === 1 ? "" : "s"} of this page follow${below.length === 1 ? "s" : ""} from it.` : "");
}
