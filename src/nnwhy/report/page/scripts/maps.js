// Maps as pictures; a pixel of a map shows which pixels of the input it sees.

const decoded = new WeakMap();

/** The levels of maps as bytes. */
function levelsOf(maps) {
  if (!decoded.has(maps)) {
    const text = atob(maps.levels);
    decoded.set(maps, Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  }
  return decoded.get(maps);
}

/** Values of map `index`, from the 256 levels. */
function valuesOf(maps, index) {
  const size = maps.rows * maps.columns;
  const levels = levelsOf(maps).subarray(index * size, (index + 1) * size);
  return Float32Array.from(levels, (level) => maps.low + (level / 255) * (maps.high - maps.low));
}

/** Draw values in grey, `low` black and `high` white, enlarged to whole pixels. */
function paint(canvas, values, rows, columns, low, high, scale) {
  canvas.width = columns;
  canvas.height = rows;
  canvas.style.width = `${columns * scale}px`;
  const context = canvas.getContext("2d");
  const picture = context.createImageData(columns, rows);
  const span = high - low || 1;
  for (let index = 0; index < values.length; index += 1) {
    const level = Math.max(0, Math.min(255, ((values[index] - low) / span) * 255));
    picture.data.set([level, level, level, 255], index * 4);
  }
  context.putImageData(picture, 0, 0);
}

/** The size of a pixel on the screen, so that a map is about `wanted` wide. */
const scaleFor = (maps, wanted) => Math.max(1, Math.min(24, Math.round(wanted / Math.max(maps.rows, maps.columns))));

/** The maps of a step as tiles, and the input beneath them on which the clicked pixel's field is drawn. */
function mapsView(index) {
  const step = steps[index];
  const maps = step.maps;
  if (!maps) return null;
  const spatial = maps.kind === "maps";
  const from = inputs.find((input) => input.maps);
  const sees = spatial && step.sight && inputs.length > 0;
  const picture = sees ? fieldView(step, from) : null;
  const scale = spatial ? scaleFor(maps, 84) : maps.kind === "row" ? Math.max(1, Math.min(4, Math.floor(440 / maps.columns))) : scaleFor(maps, 300);
  const cursor = { tile: 0, row: Math.floor(maps.rows / 2), column: Math.floor(maps.columns / 2) };
  const choosePixel = (tile, row, column) => {
    Object.assign(cursor, { tile, row: clamp(row, maps.rows), column: clamp(column, maps.columns) });
    tiles.forEach((other, number) => drawTile(other.firstChild, maps, number, scale, number === tile ? cursor : null));
    picture?.point(cursor.row * maps.skip, cursor.column * maps.skip, maps.channels[tile]);
  };
  const tiles = maps.channels.map((channel, number) => {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const label = maps.kind === "maps" ? `channel ${channel}` : maps.kind === "grid" ? "positions by features" : "features";
    const tile = sees
      ? el("button", { type: "button", class: "tile", "aria-label": `${label} of ${step.written}: arrow keys move the pixel`, onclick: (event) => clicked(event, number), onkeydown: (event) => moved(event, number) }, canvas)
      : el("span", { class: "tile", role: "img", "aria-label": label }, canvas);
    drawTile(canvas, maps, number, scale, null);
    return tile;
  });
  const clicked = (event, number) => {
    const box = tiles[number].firstChild.getBoundingClientRect();
    if (event.detail === 0 || !box.width) return choosePixel(number, cursor.row, cursor.column);
    return choosePixel(number, Math.floor(((event.clientY - box.top) / box.height) * maps.rows), Math.floor(((event.clientX - box.left) / box.width) * maps.columns));
  };
  const moved = (event, number) => {
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] || [];
    if (down === undefined) return;
    event.preventDefault();
    choosePixel(number, cursor.row + down, cursor.column + right);
  };
  const many = maps.of > maps.channels.length ? `${maps.channels.length} of ${maps.of} channels` : spatial ? `${maps.of} channel${maps.of === 1 ? "" : "s"}` : "";
  return el("section", null,
    el("h3", null, "What it gives for ", data.data.split(":")[0]),
    el("p", { class: "small dim" }, [many, `black ${rounded(maps.low)}, white ${rounded(maps.high)}`, maps.skip > 1 && `every ${maps.skip}th pixel`, "in evaluation mode"].filter(Boolean).join(" · ")),
    sees && el("p", { class: "small" }, "Click a pixel to see which part of the input it sees."),
    el("div", { class: "tiles" }, tiles),
    picture?.node);
}

const clamp = (value, size) => Math.max(0, Math.min(size - 1, value));
const rounded = (value) => Number(value.toPrecision(3)).toString().replace("-", "−");

function drawTile(canvas, maps, number, scale, cursor) {
  paint(canvas, valuesOf(maps, number), maps.rows, maps.columns, maps.low, maps.high, scale);
  if (!cursor) return;
  const context = canvas.getContext("2d");
  context.fillStyle = "#f50057";
  context.fillRect(cursor.column, cursor.row, 1, 1);
}

/** The input with a frame around the pixels that one value of the step sees. */
function fieldView(step, from) {
  const shape = (from || inputs[0]).sizes.map((position) => numbers[position].value);
  const [height, width] = shape.length >= 4 ? shape.slice(-2) : [1, shape[shape.length - 1]];
  const scale = Math.max(1, Math.min(10, Math.floor(260 / Math.max(height, width))));
  const canvas = el("canvas", { "aria-hidden": "true" });
  const told = el("p", { class: "small", "aria-live": "polite" });
  const node = el("figure", { class: "picture", hidden: true }, canvas, told);
  const [stride, first, last, whole] = step.sight;
  const range = (at, axis, size) => (whole[axis] ? [0, size - 1] : [first, last].map((ends) => Math.round(at * stride[axis] + ends[axis][at % ends[axis].length])));
  const point = (row, column, channel) => {
    node.hidden = false;
    const rows = stride.length > 1 ? range(row, 0, height) : [0, 0];
    const columns = range(column, stride.length - 1, width);
    drawInput(canvas, from, height, width, scale);
    const context = canvas.getContext("2d");
    context.lineWidth = 2;
    context.strokeStyle = "#f50057";
    context.strokeRect(columns[0] * scale + 1, rows[0] * scale + 1, (columns[1] - columns[0] + 1) * scale - 2, (rows[1] - rows[0] + 1) * scale - 2);
    const beyond = rows[0] < 0 || columns[0] < 0 || rows[1] >= height || columns[1] >= width;
    const tall = rows[1] - rows[0] + 1;
    const wide = columns[1] - columns[0] + 1;
    told.textContent = `Row ${row}, column ${column} of channel ${channel} sees rows ${rows[0]} to ${rows[1]} and columns ${columns[0]} to ${columns[1]} of the input: ${tall} × ${wide} of its ${height} × ${width} pixels.${beyond ? " What lies outside is padding." : ""}`;
  };
  return { node, point };
}

function drawInput(canvas, from, height, width, scale) {
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.fillStyle = "#808080";
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (!from) return;
  const maps = from.maps;
  const small = el("canvas", null);
  paint(small, valuesOf(maps, 0), maps.rows, maps.columns, maps.low, maps.high, 1);
  context.drawImage(small, 0, 0, maps.columns * maps.skip * scale, maps.rows * maps.skip * scale);
}
