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
