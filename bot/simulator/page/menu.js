// The three-column service menu with its pop-up submenus.

import { button, h } from "./dom.js";

export function createMenu({ nav, choose }) {
  let opened = null;

  function close({ refocus = false } = {}) {
    if (!opened) return;
    opened.list.hidden = true;
    opened.head.setAttribute("aria-expanded", "false");
    if (refocus) opened.head.focus();
    opened = null;
  }

  function open(head, list, last = false) {
    close();
    list.hidden = false;
    head.setAttribute("aria-expanded", "true");
    opened = { head, list };
    const items = list.querySelectorAll("button");
    items[last ? items.length - 1 : 0]?.focus();
  }

  function walk(event) {
    if (!opened) return;
    const items = [...opened.list.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape") close({ refocus: true });
    else if (event.key === "Tab") close();
    else if (next !== undefined) items[(next + items.length) % items.length].focus();
    else return;
    if (event.key !== "Tab") event.preventDefault();
  }

  const pick = (entry) => () => { close({ refocus: true }); choose(entry); };

  function column(entry) {
    if (!entry.sub_button?.length) return h("div", { class: "column" }, button(entry.name, pick(entry), { class: "menu-head" }));
    const list = h("ul", { class: "submenu", role: "menu", "aria-label": entry.name, hidden: true },
      entry.sub_button.map((sub) => h("li", { role: "none" }, button(sub.name, pick(sub), { role: "menuitem" }))));
    const head = button(entry.name, () => (opened?.head === head ? close() : open(head, list)),
      { class: "menu-head has-more", "aria-haspopup": "menu", "aria-expanded": "false" });
    head.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" || opened) return;
      event.preventDefault();
      event.stopPropagation();
      open(head, list, true);
    });
    return h("div", { class: "column" }, list, head);
  }

  nav.addEventListener("keydown", walk);
  document.addEventListener("pointerdown", (event) => { if (!nav.contains(event.target)) close(); });

  return {
    show(entries) {
      opened = null;
      nav.replaceChildren(...entries.map(column));
    },
    close,
  };
}
