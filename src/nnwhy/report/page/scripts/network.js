// The network's facts, and its numbers for the sizes that the reader has chosen.

const data = JSON.parse(byId("data").textContent);
const { numbers = [], steps = [], inputs = [], demands = [], findings = [], cards = {}, files = [] } = data;

const children = new Map();
steps.forEach((step, index) => {
  const parent = step.parent === undefined ? -1 : step.parent;
  if (!children.has(parent)) children.set(parent, []);
  children.get(parent).push(index);
});
const inside = (index) => children.get(index) || [];

/** The sizes that the reader has changed, by the position of the number. */
const chosen = new Map();
let known = new Map();

/** A number's value for the chosen sizes; NaN where it is not known for them. */
function valueOf(position) {
  if (chosen.size === 0) return numbers[position].value;
  if (!known.has(position)) known.set(position, worth(position));
  return known.get(position);
}

function worth(position) {
  const number = numbers[position];
  if (chosen.has(position)) return chosen.get(position);
  if (number.kind === "unknown") return NaN;
  return number.made === undefined ? number.value : evaluate(number.made, valueOf);
}

function choose(position, value) {
  if (value === numbers[position].value) chosen.delete(position);
  else chosen.set(position, value);
  known = new Map();
}

/** The demands that the chosen sizes do not meet, and the steps of which nothing would be left. */
function broken() {
  const found = [];
  for (const demand of demands) {
    const left = evaluate(demand.left, valueOf);
    const right = evaluate(demand.right, valueOf);
    if (!Number.isNaN(left) && !Number.isNaN(right) && !related(left, demand.relation, right)) {
      found.push({ step: demand.step, cause: demand.cause, text: complaint(demand, left, right) });
    }
  }
  const told = new Set(found.map((one) => one.step));
  steps.forEach((step, index) => {
    if (chosen.size && !told.has(index) && !inside(index).length && (step.sizes || []).some((size) => valueOf(size) < 1)) {
      found.push({ step: index, text: `${step.written}: nothing is left of the data` });
    }
  });
  return found.sort((one, other) => (one.step ?? Infinity) - (other.step ?? Infinity));
}

function complaint(demand, left, right) {
  const noun = { features: " feature", channels: " channel" }[demand.kind] || "";
  const unit = noun && (right === 1 ? noun : `${noun}s`);
  switch (demand.relation) {
    case "==": return `${demand.cause} is built for ${right}${unit} and would get ${left}`;
    case "%": return `${demand.cause}: ${left} is no multiple of ${right}`;
    case ">=": return `${demand.cause} needs at least ${right} and would get ${left}`;
    default: return `${demand.cause}: ${left} ${demand.relation} ${right} does not hold`;
  }
}

/** The numbers that are made of `position`, directly or through others. */
function dependents(position) {
  const alike = sameArgument(position);
  const reached = new Set(alike);
  const users = usersOf();
  const todo = [...alike];
  while (todo.length) {
    for (const user of users.get(todo.pop()) || []) {
      if (!reached.has(user)) {
        reached.add(user);
        todo.push(user);
      }
    }
  }
  alike.forEach((one) => reached.delete(one));
  return reached;
}

/** An argument is met under several numbers: as the layer holds it, and as its call got it. */
function sameArgument(position) {
  const number = numbers[position];
  if (number.kind !== "argument") return [position];
  const stem = (text) => text.replace(/\[\d+\]$/, "");
  return numbers.flatMap((other, index) => (other.kind === "argument" && stem(other.about) === stem(number.about) ? [index] : []));
}

let users = null;
function usersOf() {
  if (!users) {
    users = new Map();
    numbers.forEach((number, index) => {
      for (const term of terms(number.made)) {
        if (!users.has(term)) users.set(term, []);
        users.get(term).push(index);
      }
    });
  }
  return users;
}
