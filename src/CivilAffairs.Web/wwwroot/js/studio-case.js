// The diagram of a case: brings the step at which the case stands into sight, marks what was done and what no longer can be, and lets the words beside
// the diagram show their step on it. Only looks: nothing of the Studio's own state is changed but its view.
(() => {
  const hold = document.querySelector("#studio");
  const story = document.querySelector(".studio-story");
  if (!hold || !story) return;
  const places = JSON.parse(hold.dataset.places || "{}");
  const steps = selector => [...new Set([...story.querySelectorAll(`${selector} [data-step]`)].map(line => line.dataset.step))];
  const now = steps("#story-now");
  const passed = (hold.dataset.passed ?? "").split(" ").filter(Boolean);

  // By rules and not on the nodes themselves: the diagram draws only what is in sight, anew each time.
  const card = id => `#studio .x6-node[data-cell-id="${CSS.escape(id)}"] .elsa-activity`;
  const mark = id => `${card(id)} { outline: 3px solid #0b5cad; outline-offset: 2px; }`;
  const rules = document.createElement("style");
  rules.textContent = [
    ...steps("#story-happened").map(id => `${card(id)} { border-color: #1b6e3c; background: #edf7f0; }`),
    ...passed.map(id => `${card(id)} { border-style: dashed; opacity: .55; }`),
    ...now.map(id => `${card(id)} { outline: 3px solid #c05a00; background: #fff1e0; }`),
    mark(""),
  ].join("\n");
  document.head.append(rules);

  const graph = () => hold.querySelector(".x6-graph");
  const matrix = of => of.querySelector(".x6-graph-svg-viewport")?.transform.baseVal.consolidate()?.matrix;

  // As a hand would draw the sheet: pressed on its ground, moved, let go.
  function bring() {
    const [x, y, width = 180, height = 60] = places[sought] ?? [];
    const sheet = graph();
    const at = sheet && matrix(sheet);
    if (taken || x === undefined || !at) return;
    const box = sheet.getBoundingClientRect();
    const seen = { width: Math.min(box.width, innerWidth - box.x), height: Math.min(box.height, innerHeight - box.y) };
    const dx = seen.width / 2 - at.a * (x + width / 2) - at.e;
    const dy = seen.height / 2 - at.d * (y + height / 2) - at.f;
    if (Math.abs(dx) < 2 && Math.abs(dy) < 2) return;
    const fire = (target, type, left, top) => target.dispatchEvent(new MouseEvent(type, {
      bubbles: true, cancelable: true, view: window, clientX: left, clientY: top, button: 0, buttons: type === "mouseup" ? 0 : 1 }));
    fire(sheet.querySelector(".x6-graph-svg"), "mousedown", box.x + 5, box.y + 5);
    fire(document.body, "mousemove", box.x + 5 + dx, box.y + 5 + dy);
    fire(document.body, "mouseup", box.x + 5 + dx, box.y + 5 + dy);
  }

  // The Studio puts the middle of the whole diagram into the middle of its place whenever it finds that the place has another size, seconds later too:
  // the step that is sought is brought back each time, until somebody takes the sheet in hand.
  let taken = false, sought = null, due = 0;
  const soon = () => { due ||= requestAnimationFrame(() => { due = 0; bring(); }); };
  function seek(id) {
    [taken, sought] = [false, id];
    soon();
  }
  for (const name of ["pointerdown", "wheel"]) hold.addEventListener(name, () => { taken = true; }, { passive: true, capture: true });
  new MutationObserver(changes => {
    if (changes.some(change => change.target.classList?.contains("x6-graph-svg-viewport"))) soon();
  }).observe(hold, { subtree: true, attributes: true, attributeFilter: ["transform"] });
  // The sheet may be drawn before it can be moved, and nothing tells of that.
  setInterval(soon, 1000);

  const drawn = new MutationObserver(() => {
    if (document.body.dataset.drawn !== "true") return;
    drawn.disconnect();
    for (const line of story.querySelectorAll("[data-step]")) {
      if (!places[line.dataset.step]) continue;
      const first = line.firstChild;
      const button = Object.assign(document.createElement("button"), { type: "button", title: hold.dataset.show });
      first.replaceWith(button);
      button.append(first);
      button.addEventListener("click", () => {
        rules.sheet.deleteRule(rules.sheet.cssRules.length - 1);
        rules.sheet.insertRule(mark(line.dataset.step), rules.sheet.cssRules.length);
        seek(line.dataset.step);
      });
    }
    details.hidden = false;
    const first = now.filter(id => places[id]).at(-1) ?? steps("#story-happened").filter(id => places[id]).at(-1);
    if (first) seek(first);
  });
  drawn.observe(document.body, { attributes: true, attributeFilter: ["data-drawn"] });

  const details = document.querySelector("#studio-details");
  details.addEventListener("click", () => {
    const shown = document.querySelector(".studio-case").classList.toggle("detailed");
    details.setAttribute("aria-pressed", shown);
    dispatchEvent(new Event("resize"));
    taken = false;
    soon();
  });
})();
