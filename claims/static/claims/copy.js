"use strict";

// Buttons that copy the text of an element, shown only where the browser can; without them the text can be selected.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    button.after(said);
    button.hidden = false;
    button.addEventListener("click", async () => {
      const parts = document.getElementById(button.dataset.copies);
      const lines = parts.children.length ? [...parts.children] : [parts];
      try {
        await navigator.clipboard.writeText(lines.map((line) => line.textContent.trim()).join("\n"));
        said.textContent = button.dataset.done;
      } catch {
        getSelection().selectAllChildren(parts);
      }
    });
  }
}
