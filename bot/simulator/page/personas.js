// Whose phone it is.

import { avatar, h } from "./dom.js";

export function createPersonas({ list, choose }) {
  return {
    show(personas, chosen) {
      list.replaceChildren(...personas.map((persona) => h("li", {},
        h("button", { type: "button", class: "persona", "aria-current": persona.id === chosen ? "true" : null, onclick: () => choose(persona.id) },
          avatar(persona),
          h("span", { class: "persona-words" },
            h("span", { class: "persona-name" }, persona.name, h("span", { class: "badge" }, persona.following ? "已关注" : "未关注")),
            h("span", { class: "persona-about" }, persona.description))))));
    },
  };
}
