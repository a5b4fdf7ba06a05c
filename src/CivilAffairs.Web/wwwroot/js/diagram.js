// Two versions of a diagram beside each other: what moves one moves the other, and two buttons go through what differs.
(() => {
  const pairOf = node => node.closest("[data-sketch-pair]");
  const sheets = pair => [...pair.querySelectorAll(".sketch-sheet")];
  let led = null;

  document.addEventListener("scroll", event => {
    const sheet = event.target;
    if (!(sheet instanceof Element) || !sheet.matches(".sketch-sheet") || led === sheet) return;
    for (const other of sheets(pairOf(sheet))) {
      if (other === sheet || (other.scrollLeft === sheet.scrollLeft && other.scrollTop === sheet.scrollTop)) continue;
      // What is moved along tells of it as well, once, and must not lead back.
      led = other;
      other.scrollTo(sheet.scrollLeft, sheet.scrollTop);
      requestAnimationFrame(() => requestAnimationFrame(() => { led = null; }));
    }
  }, { capture: true, passive: true });

  // Marked steps of both sheets from left to right; one that stands in both counts once.
  function places(pair) {
    const found = new Map();
    for (const step of pair.querySelectorAll('.sketch-step:not([data-mark="same"])')) {
      const box = step.querySelector("rect");
      if (!found.has(step.dataset.step)) found.set(step.dataset.step, { step, x: +box.getAttribute("x"), y: +box.getAttribute("y") });
    }
    return [...found.values()].sort((a, b) => a.x - b.x || a.y - b.y);
  }

  function show(pair, at) {
    const all = places(pair);
    if (all.length === 0) return;
    const index = (at + all.length) % all.length;
    pair.dataset.at = index;
    for (const step of pair.querySelectorAll(".sketch-step.sought")) step.classList.remove("sought");
    for (const step of pair.querySelectorAll(`.sketch-step[data-step="${CSS.escape(all[index].step.dataset.step)}"]`)) step.classList.add("sought");
    const sheet = all[index].step.closest(".sketch-sheet");
    const scale = sheet.querySelector("svg").getBoundingClientRect().width / sheet.querySelector("svg").viewBox.baseVal.width;
    sheet.scrollTo((all[index].x + 90) * scale - sheet.clientWidth / 2, (all[index].y + 30) * scale - sheet.clientHeight / 2);
  }

  document.addEventListener("click", event => {
    const button = event.target.closest("[data-sketch-go]");
    if (!button) return;
    const pair = pairOf(button);
    show(pair, +(pair.dataset.at ?? -1) + +button.dataset.sketchGo);
  });

  // Each begins at its first difference.
  new MutationObserver(() => {
    for (const pair of document.querySelectorAll("[data-sketch-pair]:not([data-begun])")) {
      pair.dataset.begun = "true";
      show(pair, 0);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
