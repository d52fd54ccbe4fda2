/* With a row of a comparison in focus, j and k go on to the next row and back. Nothing on the page needs it. */
for (const table of document.querySelectorAll("[data-steps]")) {
  const rows = [...table.children];
  rows.forEach((row, number) => { row.tabIndex = number ? -1 : 0; });
  table.addEventListener("keydown", (event) => {
    const by = { j: 1, k: -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[at + by];
    if (!next) return;
    rows.forEach((row) => { row.tabIndex = row === next ? 0 : -1; });
    next.focus();
    event.preventDefault();
  });
}
for (const hint of document.querySelectorAll("[data-steps-hint]")) hint.classList.add("steps-work");
