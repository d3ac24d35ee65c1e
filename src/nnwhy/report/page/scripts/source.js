// The user's own lines beside the numbers.

const drawn = new Map();

/** The lines of a file as a list; made once a file. */
function fileView(file) {
  if (!drawn.has(file)) {
    const list = el("ol", { class: "code", tabindex: "0", "aria-label": `Source of ${files[file].name}` });
    const lines = new Map();
    (files[file].stretches || []).forEach(([start, text], index) => {
      if (index) list.append(el("li", { class: "gap" }, el("span", { class: "no" }, "⋯")));
      text.replace(/\n$/, "").split("\n").forEach((line, offset) => {
        const item = el("li", null, el("span", { class: "no" }, String(start + offset)), el("span", null, line || " "));
        lines.set(start + offset, { item, line });
        list.append(item);
      });
    });
    drawn.set(file, { list, lines });
  }
  return drawn.get(file);
}

/** Show the file of `here` with that stretch marked and the lines of `others` lit. */
function showSource(here, others) {
  const box = byId("source");
  if (!here) {
    box.hidden = true;
    return;
  }
  const [file, line] = here;
  const view = fileView(file);
  box.hidden = false;
  if (box.dataset.file !== String(file)) {
    box.dataset.file = file;
    fill(box, el("h3", { class: "mono" }, files[file].name), view.list);
  }
  view.list.querySelectorAll(".lit, .here").forEach((item) => item.classList.remove("lit", "here"));
  view.list.querySelectorAll("mark").forEach((mark) => mark.replaceWith(mark.textContent));
  for (const place of others) {
    if (place && place[0] === file) view.lines.get(place[1])?.item.classList.add("lit");
  }
  const found = view.lines.get(line);
  if (!found) return;
  found.item.classList.add("here");
  markStretch(found, here);
  view.list.scrollTop = Math.max(0, found.item.offsetTop - view.list.offsetTop - view.list.clientHeight / 2 + 12);
}

function markStretch({ item, line }, [, first, column, last, end]) {
  const from = column - 1;
  const to = last === first ? end - 1 : line.length;
  item.lastChild.replaceChildren(line.slice(0, from), el("mark", null, line.slice(from, to)), line.slice(to));
}

const placeText = (place) => (place ? `${files[place[0]].name.split(/[\\/]/).pop()}:${place[1]}` : "");
