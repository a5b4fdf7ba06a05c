// Keys of the desk: / to search, j and k through the rows, Enter opens (it is a link). Nothing works only by keys.
document.addEventListener("keydown", event => {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || at.closest("input, textarea, select, [contenteditable], [role=dialog]")) return;
  if (event.key === "/") {
    const search = document.getElementById("term") ?? document.getElementById("bar-search");
    if (search) { event.preventDefault(); search.focus(); }
    return;
  }
  if (event.key !== "j" && event.key !== "k") return;
  const rows = [...document.querySelectorAll("[data-rows] tbody a")];
  if (rows.length === 0) return;
  const here = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, here + (event.key === "j" ? 1 : -1)))].focus();
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
