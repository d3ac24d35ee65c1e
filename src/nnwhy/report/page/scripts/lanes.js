// Which steps' results are still needed at each row, drawn as lanes: a branch is a lane that goes on beside the step that took from it.

/** For rows [{step, takes: [row…]}] the lanes before and after each, and the column of its own dot. */
function laneRows(rows) {
  const last = new Map();
  rows.forEach((row, index) => row.takes.forEach((maker) => last.set(maker, index)));
  let lanes = [];
  return rows.map((row, index) => {
    const before = lanes.slice();
    if (row.header) return { before, after: before, column: null, joins: [] };
    const joins = before.flatMap((maker, column) => (row.takes.includes(maker) ? [column] : []));
    const after = before.map((maker) => (row.takes.includes(maker) && last.get(maker) === index ? null : maker));
    const moves = [];
    let column = joins.length ? joins[0] : free(after, 0);
    if (joins.length && after[column] !== null) {
      // The result is needed further on: it steps aside and leaves its column to the main way.
      const aside = free(after, column + 1);
      moves.push([column, aside]);
      after[aside] = after[column];
    }
    after[column] = last.has(index) ? index : null;
    while (after.length && after[after.length - 1] === null) after.pop();
    lanes = after;
    return { before, after: after.slice(), column, joins, moves };
  });
}

function free(lanes, from) {
  for (let column = from; column < lanes.length; column += 1) {
    if (lanes[column] === null || lanes[column] === undefined) return column;
  }
  return Math.max(lanes.length, from);
}

/** The lanes of one row as a picture as high as the row; the dot stands at `y` pixels. */
function drawLanes(row, width, gap) {
  const y = 19;
  const x = (column) => 9 + column * gap;
  const picture = svg("svg", { "aria-hidden": "true", focusable: "false" });
  const moved = new Map(row.moves || []);
  row.before.forEach((maker, column) => {
    if (maker === null || maker === undefined) return;
    const joins = row.joins.includes(column);
    if (joins) picture.append(svg("path", { d: bend(x(column), 0, x(row.column), y) }));
    if (moved.has(column)) picture.append(svg("path", { d: bend(x(column), 0, x(moved.get(column)), y) }));
    else if (row.after[column] === maker) picture.append(line(x(column), "0", "100%"));
  });
  for (const aside of moved.values()) picture.append(line(x(aside), y, "100%"));
  if (row.column !== null) {
    if (row.after[row.column] !== null && row.after[row.column] !== undefined) picture.append(line(x(row.column), y, "100%"));
    picture.append(svg("circle", { cx: x(row.column), cy: y, r: 5 }));
  }
  return picture;
}

const line = (x, top, bottom) => svg("line", { x1: x, x2: x, y1: top, y2: bottom });
const bend = (x1, y1, x2, y2) => (x1 === x2 ? `M${x1} ${y1}V${y2}` : `M${x1} ${y1}C${x1} ${y2 * 0.7} ${x2} ${y2 * 0.3} ${x2} ${y2}`);
