// Conveniences for forms; every form works without them.
"use strict";

(function () {
  // Entries that are not saved yet: leaving the page asks first.
  function written(form) {
    const entries = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "version");
    return JSON.stringify(entries);
  }

  for (const form of document.querySelectorAll("form[data-guard]")) {
    // A form that came back with mistakes holds entries that are not saved either.
    const before = document.getElementById("form-errors") ? null : written(form);
    let leaving = false;
    form.addEventListener("submit", () => {
      if (leaving) return;
      leaving = true;
      // A second click while the first is on its way sends nothing.
      setTimeout(() => form.querySelectorAll("button:not([type])").forEach((button) => { button.disabled = true; }));
    });
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      leaving = false;
      form.querySelectorAll("button:not([type])").forEach((button) => { button.disabled = false; });
    });
    window.addEventListener("beforeunload", (event) => {
      if (!leaving && written(form) !== before) event.preventDefault();
    });
  }

  // Long lists of accounts: a field above the list narrows it.
  const LONG = 15;
  for (const select of document.querySelectorAll("select[data-narrow]")) {
    const all = [...select.children].map((child) => child.cloneNode(true));
    if (select.options.length < LONG || select.matches(":disabled")) continue;
    const field = document.createElement("input");
    field.type = "search";
    field.className = "narrow-list";
    field.autocomplete = "off";
    field.placeholder = select.dataset.narrow;
    field.setAttribute("aria-label", `${select.labels[0].firstChild.textContent.trim()}: ${select.dataset.narrow}`);
    field.addEventListener("input", (event) => {
      event.stopPropagation();
      const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      const chosen = select.value;
      const fits = (option) =>
        !option.value || option.value === chosen || words.every((word) => option.text.toLocaleLowerCase().includes(word));
      const left = all.map((child) => child.cloneNode(true));
      for (const group of left) for (const option of group.querySelectorAll("option")) if (!fits(option)) option.remove();
      const shown = (child) => (child.nodeName === "OPTGROUP" ? child.childElementCount > 0 : fits(child));
      select.replaceChildren(...left.filter(shown));
      select.value = chosen;
    });
    field.addEventListener("change", (event) => event.stopPropagation());
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    select.before(field);
  }
})();
