// The frame's own script. Without it every page still works: it only adds keys, dialogs and small comforts.
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  const isTyping = (target) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  const openDialog = () => document.querySelector("dialog[open]");

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    // Sent once: a second click changes nothing. Released again when the browser comes back to the page.
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

  // Keys: never while a field has the focus, an IME composes, or a dialog is open; G waits a second for its letter.
  let waitsForLetter = 0;
  const rows = () => [...document.querySelectorAll("a.rowlink")];
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) next.focus();
  };
  const keys = {
    "?": () => document.getElementById("shortcuts")?.showModal(),
    "/": () => document.querySelector("[data-search]")?.focus(),
    j: () => step(1),
    k: () => step(-1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      return;
    }
    if (!("shortcuts" in document.body.dataset) || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || openDialog()) return;
    if (Date.now() < waitsForLetter) {
      waitsForLetter = 0;
      const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); return; }
    }
    if (event.key === "g") { waitsForLetter = Date.now() + 1000; return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  addEventListener("DOMContentLoaded", () => document.querySelector("[data-focus]")?.focus());
  document.querySelector("[data-focus]")?.focus();
})();
