/* What every page has; all of it works without this. */
(() => {
  "use strict";

  /* Links that stand in for what scripts do by themselves are hidden. */
  document.documentElement.classList.add("has-script");

  /* Menus close on Escape, with the focus back on what opened them, and on a click elsewhere. */
  const open = () => [...document.querySelectorAll("details.menu[open]")];

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    /* Of a menu inside a menu the inner one first; with the focus elsewhere, whichever is open. */
    const menus = open();
    const menu = menus.findLast((one) => one.contains(document.activeElement)) || menus.at(-1);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
})();
