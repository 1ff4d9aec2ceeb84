// One exchange in the drawer: what was posted, what came back, and how much of the five seconds it took.

import { h } from "./dom.js";
import { pretty } from "./pretty.js";

const KINDS = {
  text: "文字", image: "图片", voice: "语音", video: "视频", shortvideo: "小视频", location: "位置", link: "链接",
  subscribe: "关注", unsubscribe: "取消关注", click: "点菜单", view: "打开菜单网页", scan: "扫码",
  say: "文字", tap: "点菜单", follow: "关注", unfollow: "取消关注", photo: "图片",
};
const VERDICTS = {
  answered: "已回复", replied: "已回复", passive: "已回复", ok: "已回复", success: "收到，不回复", silent: "收到，不回复", empty: "收到，不回复",
  unavailable: "服务出现故障",
};
const RUNNING = new Set([null, undefined, "", "running", "pending", "waiting", "open"]);

export const isRunning = (exchange) => RUNNING.has(exchange.verdict);

const kindName = (kind) => KINDS[String(kind).toLowerCase().split(/[.:/]/).pop()] ?? kind;
const verdictName = (exchange) => (isRunning(exchange) ? "进行中" : VERDICTS[exchange.verdict] ?? exchange.verdict);

function speed(ms) {
  if (ms < 1000) return "fast";
  return ms < 4500 ? "slow" : "late";
}

function bar(post, limit) {
  const known = Number.isFinite(post.ms);
  const ms = known ? Math.round(post.ms) : 0;
  const fill = h("i", { class: `fill ${speed(ms)}` });
  fill.style.width = `${Math.max(2, Math.min(100, (ms / limit) * 100))}%`;
  const notes = [post.timed_out && "超时", post.dropped && "回应已丢掉"].filter(Boolean).join("，");
  return h("span", { class: "time-row" },
    h("span", { class: "time-n" }, `第${post.n}次`),
    h("span", { class: "track", "aria-hidden": "true" }, known ? fill : null),
    h("span", { class: "time-ms" }, known ? `${ms} 毫秒` : "等待中"),
    notes ? h("span", { class: "time-note" }, notes) : null);
}

function body(title, text, open) {
  if (!text) return null;
  return h("details", { class: "body", open }, h("summary", {}, title), h("pre", { tabindex: "0", "aria-label": title }, pretty(text)));
}

// In plain mode the wire and its meaning are the same text; it is then shown once.
function bodies(name, wire, plain) {
  const same = !plain || plain === wire;
  return same ? [body(name, wire, true)] : [body(`${name}（解密）`, plain, true), body(`${name}（原文）`, wire, false)];
}

function post(one) {
  const outcome = one.status == null ? "没有回应" : `HTTP ${one.status}`;
  return h("div", { class: "post" },
    h("h4", {}, `第${one.n}次 · ${outcome}`),
    h("code", { class: "post-url" }, one.url),
    bodies("请求", one.request_body, one.plain_request),
    bodies("回应", one.response_body, one.plain_response));
}

export function createEntry(id, limit) {
  const head = h("summary", {}, h("span", { class: "hint" }, `往来 ${id}，读取中…`));
  const inside = h("div", { class: "posts" });
  const node = h("li", { class: "exchange" }, h("details", {}, head, inside));
  let shown = "";
  return {
    node,
    show(exchange) {
      const now = JSON.stringify(exchange);
      if (now === shown) return; // keeps what the reader has unfolded
      shown = now;
      const posts = exchange.posts ?? [];
      const look = isRunning(exchange) ? "running" : exchange.verdict === "unavailable" ? "bad" : "good";
      head.replaceChildren(
        h("span", { class: "exchange-head" },
          h("span", { class: "exchange-kind" }, kindName(exchange.kind)),
          h("span", { class: `verdict ${look}` }, verdictName(exchange))),
        ...posts.map((one) => bar(one, limit)));
      inside.replaceChildren(...posts.map(post));
    },
  };
}
