// A text as WeChat shows it: <a href> and bare addresses become links, everything else stays literal text.

import { button, h } from "./dom.js";

const LINK = /<a\b([^>]*)>([\s\S]*?)<\/a>|https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi;
const HREF = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;
const MENU = /^weixin:\/\/bizmsgmenu\b/i;

export function safeHref(address) {
  if (!address) return null;
  try {
    const url = new URL(address, window.location.origin);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

export const outside = (href) => ({ href, target: "_blank", rel: "noopener noreferrer" });

function linkToken(label, address) {
  if (MENU.test(address)) {
    const query = new URLSearchParams(address.slice(address.indexOf("?") + 1));
    const say = query.get("msgmenucontent");
    return say ? { label, say } : { text: label };
  }
  const href = safeHref(address);
  return href ? { label, href } : { text: label };
}

function tokens(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    const [whole, attributes, label] = match;
    const parts = HREF.exec(attributes ?? "");
    const address = parts ? (parts[1] ?? parts[2] ?? parts[3]).replaceAll("&amp;", "&").trim() : "";
    found.push(attributes === undefined ? linkToken(whole, whole) : linkToken(label, address));
    from = match.index + whole.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

// A link with a line to itself becomes a full-width target that a thumb can hit, and swallows its line breaks.
function markAlone(found) {
  const opens = (token) => token === undefined || (token.text ?? "").endsWith("\n");
  const closes = (token) => token === undefined || (token.text ?? "").startsWith("\n");
  found.forEach((token, n) => {
    if (token.label !== undefined) token.alone = opens(found[n - 1]) && closes(found[n + 1]);
  });
  found.forEach((token, n) => {
    if (token.text === undefined) return;
    if (found[n + 1]?.alone) token.text = token.text.replace(/\n$/, "");
    if (found[n - 1]?.alone) token.text = token.text.replace(/^\n/, "");
  });
  return found;
}

export function richText(text, say) {
  const parts = document.createDocumentFragment();
  for (const token of markAlone(tokens(text ?? ""))) {
    const look = token.alone ? "link alone" : "link";
    if (token.say) parts.append(button(token.label, () => say(token.say), { class: look }));
    else if (token.href) parts.append(h("a", { class: look, ...outside(token.href) }, token.label));
    else parts.append(token.text);
  }
  return parts;
}

export const plainText = (text) => (text ?? "").replace(/<a\b[^>]*>([\s\S]*?)<\/a>/gi, "$1");
