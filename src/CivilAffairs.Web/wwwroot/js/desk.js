// Keys of the desk: / to search, j and k or the arrows through the rows, Enter opens (it is a link). Nothing works only by keys.
document.addEventListener("keydown", event => {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || at.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=dialog]")) return;
  if (event.key === "/") {
    const search = document.getElementById("term") ?? document.getElementById("bar-search");
    if (search) { event.preventDefault(); search.focus(); }
    return;
  }
  if (at.closest("input")) return; // a choice has its own arrows
  const rows = [...document.querySelectorAll("[data-rows] tbody tr")].map(row => row.querySelector("a")).filter(link => link);
  if (rows.length === 0) return;
  const here = rows.findIndex(link => link.closest("tr").contains(document.activeElement));
  // The arrows scroll the page unless the keyboard is in the table already.
  const step = event.key === "j" || (event.key === "ArrowDown" && here >= 0) ? 1 : event.key === "k" || (event.key === "ArrowUp" && here >= 0) ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, here + step))].focus();
});

// The component library opens dialogs without a name: their title names them for who hears the page.
new MutationObserver(() => {
  for (const dialog of document.querySelectorAll("[role=dialog]:not([aria-labelledby])")) {
    const title = dialog.querySelector(".mud-dialog-title");
    if (!title) continue;
    title.id ||= `${dialog.id}-title`;
    dialog.setAttribute("aria-labelledby", title.id);
  }
}).observe(document, { childList: true, subtree: true });

// In a dense form Enter goes to the next field, as clerks expect; in a list, a text of several lines or a button it keeps its meaning.
document.addEventListener("keydown", event => {
  const at = event.target;
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || !at.matches("[data-enter-next] input:not([type=file])") || at.closest("form")) return;
  event.preventDefault();
  const fields = [...at.closest("[data-enter-next]").querySelectorAll("input, select, textarea, button")].filter(f => !f.disabled && f.offsetParent !== null);
  fields[fields.indexOf(at) + 1]?.focus();
});
document.addEventListener("click", event => {
  if (event.target.closest("[data-print]")) window.print();
});

// Pressing a button takes the keyboard from a field; where its fault then goes, the button slides away under the mouse, and the
// browser makes no click of what was pressed here and let go there. A mouse that stood still meant the button: it is clicked.
let pressed = null;
document.addEventListener("pointerdown", event => {
  const button = event.isPrimary && event.button === 0 ? event.target.closest("button, summary, [role=button]") : null;
  pressed = button && { button, top: button.getBoundingClientRect().top, x: event.clientX, y: event.clientY };
}, { capture: true });
document.addEventListener("pointerup", event => {
  const was = pressed;
  pressed = null;
  if (!was?.button.isConnected || was.button.contains(event.target) || Math.hypot(event.clientX - was.x, event.clientY - was.y) > 8) return;
  if (was.button.getBoundingClientRect().top !== was.top) was.button.click();
}, { capture: true });

// A long text that something follows as it is typed: told at each pause, not at each key.
const pauses = new WeakMap();
const live = field => field.dispatchEvent(new Event("change", { bubbles: true }));
document.addEventListener("input", event => {
  const field = event.target;
  if (!field.matches("textarea[data-live]")) return;
  clearTimeout(pauses.get(field));
  pauses.set(field, setTimeout(() => live(field), 400));
});
// What a list offers is put where the cursor stands in its text; a fault leads to its line.
document.addEventListener("click", event => {
  const offer = event.target.closest("[data-insert], [data-line]");
  const field = offer && document.getElementById(offer.dataset.into);
  if (!field) return;
  if (offer.dataset.insert !== undefined) {
    field.setRangeText(offer.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    live(field);
  } else {
    const lines = field.value.split("\n"), at = Math.min(Number(offer.dataset.line), lines.length) - 1;
    const from = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
    field.setSelectionRange(from, from + lines[at].length);
    field.scrollTop = field.scrollHeight * at / lines.length - field.clientHeight / 2;
  }
  field.focus();
});

// Where the keyboard goes on after something on the page changed; called by the desk's components.
window.desk = {
  focus(id) {
    const found = document.getElementById(id);
    (found?.matches("input, select, textarea, button, a, [tabindex]") ? found : found?.querySelector("[tabindex], input:not([disabled]), select, textarea, button:not([disabled]), a"))?.focus();
    found?.scrollIntoView({ block: "center" });
  },
  focusFirstEmpty(id) {
    const fields = [...(document.getElementById(id)?.querySelectorAll("input, select, textarea") ?? [])];
    (fields.find(f => f.type !== "checkbox" && f.value === "") ?? fields[0])?.focus();
  },
};
