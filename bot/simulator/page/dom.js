// Building nodes. Nothing here ever parses HTML, so nothing from the wire can become markup.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const button = (label, onclick, props = {}) => h("button", { type: "button", onclick, ...props }, label);

export function avatar(persona) {
  const name = persona?.name ?? "我";
  const sum = [...String(persona?.id ?? name)].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return h("span", { class: `avatar tint-${sum % 6}`, "aria-hidden": "true" }, [...name][0]);
}

export const accountAvatar = () =>
  h("img", { class: "avatar", src: "/simulator/page/account.svg", alt: "", width: 40, height: 40 });

let hush;
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  clearTimeout(hush);
  hush = setTimeout(() => { node.textContent = ""; }, 3000);
}
