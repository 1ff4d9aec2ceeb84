// The bottom bar: menu or keyboard, the text being written, and the + panel.

import { icon } from "./dom.js";

const TALLEST = 128;

export function createComposer({ bar, toggle, form, words, plus, send, extras, menu, submit }) {
  const drafts = new Map();
  let owner = null;
  let hasMenu = false;

  function refit() {
    const blank = words.value.trim() === "";
    send.hidden = blank;
    plus.hidden = !blank;
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight, TALLEST)}px`;
  }

  function showExtras(open) {
    extras.hidden = !open;
    plus.setAttribute("aria-expanded", String(open));
  }

  function mode(name) {
    bar.dataset.mode = name;
    menu.close();
    showExtras(false);
    const typing = name === "text";
    toggle.hidden = !hasMenu;
    toggle.setAttribute("aria-label", typing ? "换成菜单" : "换成键盘");
    toggle.replaceChildren(icon(typing ? "menu" : "keyboard"));
    refit();
  }

  toggle.addEventListener("click", () => {
    mode(bar.dataset.mode === "text" ? "menu" : "text");
    if (bar.dataset.mode === "text") words.focus();
  });
  plus.addEventListener("click", () => showExtras(extras.hidden));
  words.addEventListener("input", refit);
  words.addEventListener("focus", () => showExtras(false));
  words.addEventListener("keydown", (event) => {
    // 229: Safari reports the Enter that ends an IME composition after isComposing is already false
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = words.value;
    if (text.trim() === "") return;
    const sender = owner;
    words.value = "";
    refit();
    words.focus();
    if (await submit(text)) return;
    if (owner !== sender) drafts.set(sender, text);
    else if (words.value === "") words.value = text;
    refit();
  });
  extras.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    showExtras(false);
    plus.focus();
  });

  return {
    setMenu(entries) {
      hasMenu = entries.length > 0;
      menu.show(entries);
      mode("text");
    },
    setOwner(persona) {
      if (owner !== null) drafts.set(owner, words.value);
      owner = persona;
      words.value = drafts.get(persona) ?? "";
      mode("text"); // whoever meets the account for the first time must see where to type
    },
    closeExtras: () => showExtras(false),
  };
}
