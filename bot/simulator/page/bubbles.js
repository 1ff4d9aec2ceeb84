// One item of the conversation as a list entry.

import { accountAvatar, avatar, h, icon } from "./dom.js";
import { outside, plainText, richText, safeHref } from "./richtext.js";

function card(item, look, ...parts) {
  const href = safeHref(item.url);
  return h(href ? "a" : "div", { class: `card ${look}`, ...(href ? outside(href) : {}) }, parts);
}

function pictureArea(item, look) {
  const src = safeHref(item.picture);
  return h("span", { class: look }, src ? h("img", { src, alt: "" }) : icon("bridge"));
}

const line = (look, words) => (words ? h("span", { class: look }, words) : null);

function text(item, say) {
  if (item.via === "template") return template(item, say);
  return h("div", { class: "bubble" }, richText(item.text, say));
}

function template(item, say) {
  const more = safeHref(item.url) ? h("a", { class: "card-more", ...outside(safeHref(item.url)) }, "查看详情") : null;
  return h("div", { class: "card template" },
    line("card-title", item.title),
    h("div", { class: "card-text" }, richText(item.text || item.description, say)),
    more);
}

function image(item) {
  const src = safeHref(item.picture || item.url);
  const alt = item.text || "图片";
  if (!src) return h("div", { class: "bubble" }, icon("photo"), alt);
  return h("a", { class: "picture", "aria-label": `${alt}，看大图`, ...outside(src) }, h("img", { src, alt }));
}

const voice = (item) =>
  h("div", { class: "bubble voice" }, icon("sound"), h("span", { class: "voice-words" }, item.text || "语音"));

const video = (item) =>
  h("div", { class: "video", role: "img", "aria-label": item.text || "视频" },
    safeHref(item.picture) ? h("img", { src: safeHref(item.picture), alt: "" }) : null,
    h("span", { class: "video-play" }, icon("play")));

const place = (item) =>
  card(item, "place",
    line("card-title", item.title || item.text || "位置"),
    line("card-text", item.description),
    h("span", { class: "map" }, icon("place")));

const link = (item) =>
  card(item, "link-card",
    line("card-title", item.title || item.url || "链接"),
    h("span", { class: "card-row" }, h("span", { class: "card-text" }, item.description || item.text || item.url || ""),
      pictureArea(item, "thumb")));

const news = (item) =>
  card(item, "news",
    pictureArea(item, "cover"),
    line("card-title", item.title),
    line("card-text", item.description || item.text));

const KINDS = { text, image, voice, video, location: place, link, news };

export function spoken(item) {
  return plainText([item.title, item.text, item.description].filter(Boolean).join("，")) || "新消息";
}

export function entry(item, { persona, say }) {
  if (item.from === "system" || item.kind === "event" || !(item.kind in KINDS)) {
    return h("li", { class: "system" }, h("span", {}, richText(item.text || item.title || "", say)));
  }
  const mine = item.from === "me";
  const wide = item.kind === "news" || item.via === "template";
  const who = h("span", { class: "unseen" }, mine ? "我：" : "公众号：");
  const body = h("div", { class: "said" }, who, KINDS[item.kind](item, say));
  const face = wide && !mine ? null : mine ? avatar(persona) : accountAvatar();
  return h("li", { class: `message ${mine ? "mine" : "theirs"}${wide ? " wide" : ""}` }, mine ? [body, face] : [face, body]);
}
