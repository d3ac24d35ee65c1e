// Putting the page together, and the panel's own buttons.

const trail = [];

/** The panel goes back to what was shown before. */
function remember(show) {
  if (trail.returning) return;
  trail.push(show);
  byId("back").hidden = trail.length < 2;
}

function goBack() {
  trail.pop();
  trail.returning = true;
  trail[trail.length - 1]?.();
  trail.returning = false;
  byId("back").hidden = trail.length < 2;
}

function openPanel(told) {
  byId("panel").classList.add("open");
  byId("panel").scrollTop = 0;
  byId("close").hidden = false;
  document.body.classList.add("with-panel");
  say(told);
}

function closePanel() {
  byId("panel").classList.remove("open");
  document.body.classList.remove("with-panel");
  Object.assign(lit, { step: null, number: null, numbers: new Set(), steps: new Set() });
  light();
}

function welcome() {
  fill(byId("detail"),
    el("h2", null, "How to read this page"),
    el("p", null, "Click a number to see where it comes from: the steps that make it light up, and the line of the source stands beside it."),
    el("p", null, "Click a name to see what that step does, its arguments, its maps, and what is to be known about its kind."),
    el("p", null, "Change a size of the input and all shapes follow."));
  const first = steps.find((step) => step.place);
  if (first) showSource(first.place, steps.map((step) => step.place).filter(Boolean));
}

function makeFindings() {
  if (!findings.length) return;
  const box = byId("findings");
  box.hidden = false;
  fill(box, el("h2", { id: "findings-heading" }, findings.length === 1 ? "One thing to look at" : `${findings.length} things to look at`), findings.map(findingView));
}

byId("target").textContent = data.target || "";
fill(byId("summary"), data.summary.map(([number, unit]) => el("li", null, el("b", null, number), ` ${unit}`)));
byId("how").textContent = [data.how, data.data && `The maps show ${data.data}`, data.unused && `Never called: ${data.unused.join(", ")}`].filter(Boolean).join(". ");
byId("back").addEventListener("click", goBack);
byId("close").addEventListener("click", closePanel);
document.addEventListener("keydown", (event) => event.key === "Escape" && closePanel());
openByDefault();
drawFlow();
if (children.size > 1) byId("way-tools").append(el("button", { type: "button", class: "small", onclick: toggleAll }, "Open or close all blocks"));
makeSizes();
makeFindings();
makeBench();
welcome();
