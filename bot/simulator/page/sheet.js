// A sheet that slides up inside the phone, and the side panels that slide over it on a small screen.

import { byId, h } from "./dom.js";

const FOCUSABLE = "button:not([disabled]), a[href], input, select, textarea, summary";
let before = null;

export function openSheet(title, ...content) {
  before ??= document.activeElement;
  byId("sheet-title").textContent = title;
  byId("sheet-content").replaceChildren(...content);
  byId("sheet").hidden = false;
  byId("screen").inert = true;
  (byId("sheet-content").querySelector(FOCUSABLE) ?? byId("sheet-close")).focus();
}

export function closeSheet() {
  if (byId("sheet").hidden) return;
  byId("sheet").hidden = true;
  byId("screen").inert = false;
  before?.focus();
  before = null;
}

/** fields: [{name, label, value, type, ...}]; calls send with an object of their values. */
export function form(fields, label, send) {
  const rows = fields.map(({ name, label: words, ...rest }) =>
    h("label", { class: "field" }, h("span", {}, words), h("input", { name, autocomplete: "off", ...rest })));
  return h("form", { class: "sheet-form", onsubmit: (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    closeSheet();
    send(values);
  } }, rows, h("button", { class: "primary" }, label));
}

export function createPanels({ phone, scrim, small }) {
  let open = null;
  let opener = null;

  function close() {
    if (!open) return;
    open.classList.remove("open");
    scrim.hidden = true;
    phone.inert = false;
    open = null;
    opener?.focus();
  }

  function show(panel) {
    const focus = () => (panel.querySelector("[aria-current]") ?? panel.querySelector(FOCUSABLE))?.focus();
    if (!small.matches) return focus();
    opener = document.activeElement;
    open = panel;
    panel.classList.add("open");
    scrim.hidden = false;
    phone.inert = true;
    focus();
  }

  scrim.addEventListener("click", close);
  small.addEventListener("change", close);
  document.querySelectorAll(".panel-close").forEach((node) => node.addEventListener("click", close));
  byId("sheet-close").addEventListener("click", closeSheet);
  byId("sheet").querySelector(".sheet-scrim").addEventListener("click", closeSheet);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open ? close() : closeSheet();
  });
  return { show, close };
}
