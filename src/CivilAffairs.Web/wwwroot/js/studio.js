// The page that holds Elsa Studio: starts it where there is room for it, says how a save ended, goes on after the session was lost without losing a
// stroke, and puts the Studio's own texts into Chinese. Nothing here reaches what is saved.
(() => {
  const page = document.body.dataset;
  const chinese = page.language === "zh-CN";
  const api = location.origin + page.api;
  const words = globalThis.studioWords ?? {};
  const say = key => page[key] ?? "";
  const one = selector => document.querySelector(selector);

  // Read once, before the Studio starts: dates, paging, the texts of its component library.
  localStorage.setItem("BlazorCulture", chinese ? "zh-CN" : "en-US");

  const narrow = matchMedia("(max-width: 899px)");
  if (page.installed === "true") narrow.matches ? narrow.addEventListener("change", begin, { once: true }) : begin();

  function begin() {
    const hold = one("#studio");
    if (!hold || hold.childElementCount) return;
    one("#studio-wait").hidden = false;
    const provider = document.createElement("elsa-backend-provider");
    const element = document.createElement(page.element);
    for (const made of [provider, element]) made.setAttribute("remote-endpoint", api);
    element.setAttribute(page.idName, page.id);
    hold.append(provider, element);
    for (const href of page.styles.split(" ")) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = href;
      document.head.append(link);
    }
    // One after the other, in this order; the last one starts the Studio.
    for (const src of page.scripts.split(" ")) {
      const script = document.createElement("script");
      script.async = false;
      script.src = src;
      document.body.append(script);
    }
    const drawn = new MutationObserver(() => {
      if (!hold.querySelector(".x6-node, .react-flow__node")) return;
      one("#studio-wait").hidden = true;
      document.body.dataset.drawn = "true";
      drawn.disconnect();
    });
    drawn.observe(hold, { childList: true, subtree: true });
  }

  // Trying out one activity alone has no counterpart here: its tab is the only one of that name.
  new MutationObserver(() => {
    for (const tab of document.querySelectorAll(".mud-tab:not(.studio-unused)")) if (["Test", words.Test].includes(tab.textContent.trim())) tab.classList.add("studio-unused");
  }).observe(document.body, { childList: true, subtree: true });

  // ---- What the Studio sends: how saves end, and what to do when nobody is signed in any more.
  const fetchPlain = globalThis.fetch.bind(globalThis);
  const saves = (url, method) => method === "POST" && /\/workflow-definitions\/?$/.test(url.pathname);

  globalThis.fetch = async (input, init) => {
    const request = input instanceof Request ? input : null;
    const url = new URL(request ? request.url : input, document.baseURI);
    if (url.origin !== location.origin || !url.pathname.startsWith("/elsa/api")) return fetchPlain(input, init);
    const method = (init?.method ?? request?.method ?? "GET").toUpperCase();
    // A body can be read once: what is sent again is a copy.
    const send = () => fetchPlain(request ? request.clone() : input, init);
    if (saves(url, method)) state("saving");
    for (let tries = 0; ; tries++) {
      let answer = null;
      try {
        answer = await send();
      } catch (error) {
        if (init?.signal?.aborted) throw error;
      }
      if (answer?.status === 401) {
        await signedIn();
        continue;
      }
      if (answer && answer.status !== 503 && answer.status !== 502) {
        if (saves(url, method)) await ended(answer.clone());
        return answer;
      }
      // The network or the server is away for a moment: the Studio would break, so it waits.
      notice("lost-network", say("offline"));
      await new Promise(wake => setTimeout(wake, Math.min(15000, 1000 * 2 ** tries)));
      clear("lost-network");
    }
  };

  async function ended(answer) {
    if (answer.ok) {
      state("saved");
      clear("refused");
      refresh();
      return;
    }
    state("unsaved");
    let reasons = [];
    try {
      reasons = Object.values((await answer.json()).errors ?? {}).flat();
    } catch { /* no body: the general sentence stands */ }
    notice("refused", [say("refused"), ...reasons].join("\n"));
  }

  let waiting = null;
  function signedIn() {
    // However many calls fail: asked once, and all go on together.
    waiting ??= new Promise(go => {
      notice("lost-session", say("sessionLost"), say("signInText"), () => open(page.signIn, "civilaffairs-sign-in", "width=520,height=720"));
      const timer = setInterval(ask, 2000);
      const channel = new BroadcastChannel("civilaffairs-studio");
      channel.onmessage = ask;
      async function ask() {
        try {
          const answer = await fetchPlain(`${api}/session`, { cache: "no-store" });
          if (!answer.ok) return;
          // Somebody else at the same machine must not save this one's work under their name.
          if ((await answer.json()).account !== page.account) {
            notice("lost-session", say("otherPerson"), say("signInText"), () => open(page.signIn, "civilaffairs-sign-in", "width=520,height=720"));
            return;
          }
          clearInterval(timer);
          channel.close();
          clear("lost-session");
          waiting = null;
          go();
        } catch { /* asked again in a moment */ }
      }
    });
    return waiting;
  }

  // ---- The page's own header.
  function state(name) {
    const shown = one("#studio-state");
    if (!shown) return;
    shown.dataset.state = name;
    shown.textContent = say(name);
  }

  async function refresh() {
    if (!page.state) return;
    try {
      const answer = await fetchPlain(page.state, { cache: "no-store" });
      if (!answer.ok) return;
      const now = await answer.json();
      one("#studio-version").textContent = now.version;
      one("#studio-check summary").textContent = now.check;
      one("#studio-check").dataset.good = now.faults.length === 0;
      one("#studio-check ul").replaceChildren(...now.faults.concat(now.gone ?? []).map(text => Object.assign(document.createElement("li"), { textContent: text })));
    } catch { /* the next save asks again */ }
  }

  function notice(id, text, action, does) {
    clear(id);
    const box = document.createElement("div");
    box.id = id;
    box.className = "studio-notice";
    box.setAttribute("role", "alert");
    for (const line of text.split("\n")) box.append(Object.assign(document.createElement("p"), { textContent: line }));
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: action ?? say("close") });
    button.addEventListener("click", does ?? (() => clear(id)));
    box.append(button);
    one("#studio-notices").append(box);
  }

  function clear(id) {
    document.getElementById(id)?.remove();
  }

  // ---- Chinese. What people wrote is left alone: fields, code, the drawing itself and cells of tables, except for labels.
  if (!chinese) return;
  const patterns = Object.entries(words).filter(([key]) => key.includes("{0}")).map(([key, value]) => [
    new RegExp("^" + key.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\d)\}/g, "(?<p$1>.+?)") + "$"), value]);
  const written = ".monaco-editor, .x6-graph, .x6-cell, .react-flow, input, textarea, code, pre, [contenteditable=true], #studio-notices, .studio-head";
  const attributes = ["title", "aria-label", "placeholder"];

  function translate(text) {
    const trimmed = text.trim();
    if (!trimmed || !/[A-Za-z]/.test(trimmed)) return text;
    const star = trimmed.endsWith("*") ? "*" : "";
    const key = star ? trimmed.slice(0, -1).trim() : trimmed;
    let found = Object.hasOwn(words, key) ? words[key] : null;
    if (found === null) for (const [pattern, value] of patterns) {
      const match = pattern.exec(key);
      if (match) { found = value.replace(/\{(\d)\}/g, (_, n) => match.groups[`p${n}`] ?? ""); break; }
    }
    return found === null ? text : text.replace(trimmed, () => found + star);
  }

  // A table without a head is a panel: its first column holds labels, and some of its values are the Studio's own words.
  const states = ["Published", "Draft", "Yes", "No", "Running", "Finished", "Suspended", "Faulted", "Default", "Open filtered logs"];
  const isOwn = (cell, text) => !cell.closest("table").tHead && (cell.cellIndex === 0 || states.includes(text.trim()));
  const outcomes = JSON.parse(page.outcomes || "{}");
  function visit(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement;
      // Beside a port stands its outcome: said as officers say it, the code stays in the definition.
      if (parent?.closest(".x6-port-label")) {
        if (Object.hasOwn(outcomes, node.data)) node.data = outcomes[node.data];
        return;
      }
      if (!parent || parent.closest(written)) return;
      const cell = parent.closest("td");
      if (cell && !isOwn(cell, node.data) && !parent.closest("td button, td .mud-chip")) return;
      const now = translate(node.data);
      if (now !== node.data) node.data = now;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of attributes) {
      const value = node.getAttribute(name);
      if (value) {
        const now = translate(value);
        if (now !== value) node.setAttribute(name, now);
      }
    }
    if (node.matches(".monaco-editor, .studio-head")) return;
    node.childNodes.forEach(visit);
  }

  new MutationObserver(changes => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(visit);
      else visit(change.target);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: attributes });
  visit(document.body);

  // What a closed list shows is a field's value, which nothing announces: looked at now and then, and only where it cannot be typed into.
  setInterval(() => {
    for (const field of document.querySelectorAll("#studio .mud-select input[readonly]")) {
      const now = translate(field.value);
      if (now !== field.value) field.value = now;
    }
  }, 800);
})();
