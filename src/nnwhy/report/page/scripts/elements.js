// Elements are made with text only: nothing that comes from a network is ever read as markup.

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  return fill(node, ...children);
}

/** Put these in the place of what an element holds; what is empty is left out. */
function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

const byId = (id) => document.getElementById(id);

/** Text in which `words` between backticks are code. */
function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? el("code", null, part) : part));
}

const thousands = (number) => number.toLocaleString("en-US");

/** A large number in three digits, as the terminal writes it: 23,984,896 is "24.0 M". */
function short(number) {
  if (number < 10000) return thousands(number);
  let value = number;
  for (const unit of ["k", "M", "G", "T", "P", "E"]) {
    value /= 1000;
    if (value < 999.5) return `${value < 100 ? value.toPrecision(3) : Math.round(value)} ${unit}`;
  }
  return number.toExponential(2);
}

/** Tell a screen reader. */
function say(text) {
  byId("live").textContent = text;
}
