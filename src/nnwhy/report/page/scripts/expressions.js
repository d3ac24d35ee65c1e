// Expressions over the page's numbers: a number, ["#", position], or [operator, parts...]; null where a part is not known.

const MEANING = {
  "+": (v) => v.reduce((a, b) => a + b, 0),
  "*": (v) => v.reduce((a, b) => a * b, 1),
  "-": (v) => (v.length === 1 ? -v[0] : v[0] - v[1]),
  "//": (v) => (v[1] === 0 ? NaN : Math.floor(v[0] / v[1])),
  ceil: (v) => (v[1] === 0 ? NaN : Math.ceil(v[0] / v[1])),
  "%": (v) => (v[1] === 0 ? NaN : v[0] - v[1] * Math.floor(v[0] / v[1])),
  max: (v) => Math.max(...v),
  min: (v) => Math.min(...v),
  "**": (v) => v[0] ** v[1],
};

/** The value of an expression; NaN where it cannot be known. */
function evaluate(expression, valueOf) {
  if (expression === null) return NaN;
  if (typeof expression === "number") return expression;
  if (expression[0] === "#") return valueOf(expression[1]);
  return MEANING[expression[0]](expression.slice(1).map((part) => evaluate(part, valueOf)));
}

/** The expression with each leaf's value in its place: "64 × 12 × 12". */
function withNumbers(expression, valueOf) {
  if (expression === null) return "?";
  if (typeof expression === "number") return String(expression);
  if (expression[0] === "#") return shownNumber(valueOf(expression[1]));
  const [operator, ...operands] = expression;
  const parts = operands.map((part) => withNumbers(part, valueOf));
  const inner = parts.map((text, index) => {
    const part = operands[index];
    return Array.isArray(part) && (part[0] === "+" || part[0] === "-") ? `(${text})` : text;
  });
  switch (operator) {
    case "+": return parts.join(" + ");
    case "-": return parts.length === 1 ? `−${inner[0]}` : `${parts[0]} − ${inner[1]}`;
    case "*": return inner.join(" × ");
    case "//": return `⌊${inner[0]} / ${inner[1]}⌋`;
    case "ceil": return `⌈${inner[0]} / ${inner[1]}⌉`;
    case "%": return `${inner[0]} mod ${inner[1]}`;
    case "**": return `${inner[0]}^${inner[1]}`;
    default: return `${operator}(${parts.join(", ")})`;
  }
}

/** The numbers that an expression is made of, from left to right. */
function terms(expression) {
  if (!Array.isArray(expression)) return [];
  return expression[0] === "#" ? [expression[1]] : expression.slice(1).flatMap(terms);
}

const shownNumber = (value) => (Number.isNaN(value) ? "?" : String(value));

function related(left, relation, right) {
  switch (relation) {
    case "==": return left === right;
    case "!=": return left !== right;
    case "<": return left < right;
    case "<=": return left <= right;
    case ">": return left > right;
    case ">=": return left >= right;
    default: return right !== 0 && left % right === 0;
  }
}
