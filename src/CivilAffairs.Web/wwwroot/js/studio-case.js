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
  const rules = document.createElement("style");
  rules.textContent = [
    ...steps("#story-happened").map(id => `${card(id)} { border-color: #1b6e3c; background: #edf7f0; }`),
    ...passed.map(id => `${card(id)} { border-style: dashed; opacity: .55; }`),
    ...now.map(id => `${card(id)} { outline: 3px solid #c05a00; background: #fff1e0; }`),
    "#studio .x6-node.sought .elsa-activity { outline: 3px solid #0b5cad; outline-offset: 2px; }",
  ].join("\n");
  document.head.append(rules);

  const graph = () => hold.querySelector(".x6-graph");
  const matrix = of => of.querySelector(".x6-graph-svg-viewport")?.transform.baseVal.consolidate()?.matrix;
  const pause = ms => new Promise(wake => setTimeout(wake, ms));

  // As a hand would draw the sheet: pressed on its ground, moved, let go.
  async function bring(id) {
    const [x, y, width = 180, height = 60] = places[id] ?? [];
    const sheet = graph();
    const at = sheet && matrix(sheet);
    if (x === undefined || !at) return false;
    const box = sheet.getBoundingClientRect();
    const seen = { width: Math.min(box.width, innerWidth - box.x), height: Math.min(box.height, innerHeight - box.y) };
    const dx = seen.width / 2 - at.a * (x + width / 2) - at.e;
    const dy = seen.height / 2 - at.d * (y + height / 2) - at.f;
    if (Math.abs(dx) < 2 && Math.abs(dy) < 2) return true;
    const fire = (target, type, left, top) => target.dispatchEvent(new MouseEvent(type, {
      bubbles: true, cancelable: true, view: window, clientX: left, clientY: top, button: 0, buttons: type === "mouseup" ? 0 : 1 }));
    fire(sheet.querySelector(".x6-graph-svg"), "mousedown", box.x + 5, box.y + 5);
    fire(document.body, "mousemove", box.x + 5 + dx, box.y + 5 + dy);
    fire(document.body, "mouseup", box.x + 5 + dx, box.y + 5 + dy);
    await pause(50);
    return false;
  }

  // The Studio puts the middle of the whole diagram into the middle of its place, and again whenever the place changes its size: after that it is brought
  // once more, until it has stayed. Whoever takes the sheet in hand meanwhile has it.
  let taken = false, sought = null;
  async function settle(id) {
    [taken, sought] = [false, id];
    const until = performance.now() + 120_000;
    let stayed = 0;
    while (stayed < 3 && performance.now() < until && !taken && sought === id) {
      stayed = await bring(id) ? stayed + 1 : 0;
      await pause(250);
    }
    if (stayed >= 3) document.body.dataset.brought = id;
  }
  for (const name of ["pointerdown", "wheel"]) hold.addEventListener(name, () => { taken = true; }, { passive: true, capture: true });

  const drawn = new MutationObserver(() => {
    if (document.body.dataset.drawn !== "true") return;
    drawn.disconnect();
    for (const line of story.querySelectorAll("[data-step]")) {
      if (!places[line.dataset.step]) continue;
      const first = line.firstChild;
      const button = Object.assign(document.createElement("button"), { type: "button", title: hold.dataset.show });
      first.replaceWith(button);
      button.append(first);
      button.addEventListener("click", () => seek(line.dataset.step));
    }
    details.hidden = false;
    const first = now.filter(id => places[id]).at(-1) ?? steps("#story-happened").filter(id => places[id]).at(-1);
    if (first) settle(first);
  });
  drawn.observe(document.body, { attributes: true, attributeFilter: ["data-drawn"] });

  async function seek(id) {
    await settle(id);
    if (sought !== id) return;
    for (const node of hold.querySelectorAll(".x6-node.sought")) node.classList.remove("sought");
    hold.querySelector(`.x6-node[data-cell-id="${CSS.escape(id)}"]`)?.classList.add("sought");
  }

  const details = document.querySelector("#studio-details");
  details.addEventListener("click", () => {
    const shown = document.querySelector(".studio-case").classList.toggle("detailed");
    details.setAttribute("aria-pressed", shown);
    dispatchEvent(new Event("resize"));
    const id = document.body.dataset.brought;
    if (id) settle(id);
  });
})();
