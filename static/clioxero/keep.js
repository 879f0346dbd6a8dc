/* The swap "keep": what comes from the server is merged into what stands on the page, element by element, so that a page
   which refreshes itself loses no place, no focus, nothing that is opened and nothing that is typed. Elements are the
   same by their id, else by their place. What is gone and carries the class "fades" fades out first.

   Left alone: whether <details> are open; a field that was changed, or has the focus; what is inside [data-keep]. */
(() => {
  "use strict";

  const FADE = 200;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  const isTyped = (field) => {
    if (field === document.activeElement) return true;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.type !== "hidden" && field.value !== field.defaultValue;
  };

  const isField = (element) => ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName);

  /* A select without a chosen option shows its first one, which no option has as its default. */
  const isUntouched = (select) => select.tagName === "SELECT" && select.selectedIndex <= 0
    && ![...select.options].some((option) => option.defaultSelected);

  const mergeAttributes = (before, after) => {
    for (const { name } of [...before.attributes]) {
      if (after.hasAttribute(name)) continue;
      if (name === "open" && before.tagName === "DETAILS") continue;
      if (name === "class" && before.classList.contains("leaving")) continue;
      before.removeAttribute(name);
    }
    for (const { name, value } of [...after.attributes]) {
      if (name === "open" && before.tagName === "DETAILS") continue;
      if (before.getAttribute(name) !== value) before.setAttribute(name, value);
    }
    before.classList?.remove("leaving");
  };

  const isSame = (before, after) => before.nodeType === after.nodeType
    && before.nodeName === after.nodeName && (before.id || "") === (after.id || "");

  const leave = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.remove();
    const held = node.contains(document.activeElement);
    const next = held && placeAfter(node);
    const remove = () => node.remove();
    if (node.classList.contains("fades") && !still.matches) {
      node.classList.add("leaving");
      node.inert = true;
      window.setTimeout(() => node.classList.contains("leaving") && remove(), FADE);
    } else {
      remove();
    }
    if (next) next.focus({ preventScroll: true });
  };

  /* Where the focus goes when what had it is gone: the next problem, else the one before, else the section's heading. */
  const placeAfter = (node) => {
    const stays = (element) => element && !element.classList.contains("leaving");
    const beside = [node.nextElementSibling, node.previousElementSibling].find(stays);
    const heading = beside?.querySelector("h3[tabindex]") || node.closest("section")?.querySelector("h2[tabindex]");
    return heading || document.getElementById("content");
  };

  const merge = (before, after, added) => {
    if (before.nodeType !== Node.ELEMENT_NODE) {
      if (before.nodeValue !== after.nodeValue) before.nodeValue = after.nodeValue;
      return;
    }
    if (isField(before)) {
      if (isTyped(before) && !(isUntouched(before) && before !== document.activeElement)) return;
      if (before.tagName === "SELECT") {
        if (!before.isEqualNode(after)) before.replaceWith(after);
        return;
      }
      mergeAttributes(before, after);
      before.value = after.value;
      if ("checked" in before) before.checked = after.checked;
      return;
    }
    mergeAttributes(before, after);
    if (before.hasAttribute("data-keep")) return;
    mergeChildren(before, after, added);
  };

  const mergeChildren = (before, after, added) => {
    const waiting = [...before.childNodes].filter((node) => !node.classList?.contains("leaving"));
    const named = new Map(waiting.filter((node) => node.id).map((node) => [node.id, node]));
    const wanted = [...after.childNodes];
    const found = wanted.map((node) => {
      const match = node.id ? named.get(node.id) : waiting.find((one) => !one.id && isSame(one, node));
      if (!match || !isSame(match, node)) return undefined;
      waiting.splice(waiting.indexOf(match), 1);
      return match;
    });
    waiting.forEach(leave);
    let place = before.firstChild;
    wanted.forEach((node, at) => {
      const match = found[at];
      if (!match) {
        before.insertBefore(node, place);
        added.push(node);
        return;
      }
      while (place && place !== match && place.classList?.contains("leaving")) place = place.nextSibling;
      /* Moved only where the order changed: a node that is moved loses the focus. */
      if (match !== place) {
        const held = match.contains(document.activeElement) && document.activeElement;
        before.insertBefore(match, place);
        if (held) held.focus({ preventScroll: true });
      }
      place = match.nextSibling;
      merge(match, node, added);
    });
  };

  const showCount = (target) => {
    const count = Number(target.dataset.openErrors || 0);
    for (const mark of document.querySelectorAll(".nav .nav-count, .fold > summary .nav-count")) {
      mark.hidden = !count;
      const figure = [...mark.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim());
      if (figure) figure.nodeValue = String(count);
    }
  };

  htmx.defineExtension("keep", {
    isInlineSwap: (style) => style === "keep",
    handleSwap: (style, target, fragment) => {
      if (style !== "keep") return false;
      const fresh = fragment.firstElementChild;
      const added = [];
      if (fresh && target.isConnected) merge(target, fresh, added);
      showCount(target);
      return added.filter((node) => node.nodeType === Node.ELEMENT_NODE);
    },
  });

  /* Refused for who asks or for what is gone: the form or the link goes as it would without scripts, whose answer says why. */
  document.addEventListener("htmx:responseError", (event) => {
    const { elt, xhr } = event.detail;
    if (![403, 404, 409].includes(xhr.status)) return;
    if (elt instanceof HTMLFormElement) elt.submit();
    else if (elt instanceof HTMLAnchorElement) window.location.assign(elt.href);
  });

  /* What was done stands in its messages, so the fields that were sent begin anew and what held them closes. */
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = event.detail;
    if (!(elt instanceof HTMLFormElement) || !(xhr?.getResponseHeader("HX-Trigger") || "").includes("acted")) return;
    elt.reset();
    const fold = elt.closest("details.ignore");
    if (fold) {
      fold.open = false;
      fold.querySelector("summary")?.focus({ preventScroll: true });
    }
  });
})();
