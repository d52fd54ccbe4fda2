"use strict";
// Gives Select2's boxes the name of their field, which they lack: a screen reader would say only what is chosen.
{
    const nameThem = (root) => {
        for (const select of root.querySelectorAll("select.admin-autocomplete")) {
            const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
            const box = select.nextElementSibling?.querySelector(".select2-selection");
            if (label && box && !box.dataset.named) {
                label.id ||= `${select.id}_label`;
                box.dataset.named = "yes";
                box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") ?? ""}`.trim());
                box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
                box.querySelector("[role=textbox]:not(input)")?.setAttribute("aria-labelledby", label.id);
            }
        }
    };
    // After every other script's own ready handler, in which the boxes are made.
    django.jQuery(() => {
        setTimeout(() => nameThem(document));
        django.jQuery(document).on("select2:open", (event) => {
            const label = document.querySelector(`label[for="${CSS.escape(event.target.id)}"]`);
            const search = document.querySelector(".select2-container--open .select2-dropdown .select2-search__field");
            if (label && search) {
                search.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
            }
        });
    });
    document.addEventListener("formset:added", (event) => setTimeout(() => nameThem(event.target)));
}
