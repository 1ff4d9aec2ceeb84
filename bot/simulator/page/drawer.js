// 幕后: the list of exchanges, kept up to date until each has its verdict.

import { getExchange } from "./api.js";
import { h } from "./dom.js";
import { createEntry, isRunning } from "./exchange.js";
import { plainText } from "./richtext.js";
import { until } from "./times.js";

const MOST = 40;
const ASK_MS = 400;
const PATIENCE_MS = 90_000;
const MARKS = { customer_service: "客服消息", template: "模板消息" };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function createDrawer({ list, empty, windowLine, onRunning }) {
  let entries = new Map();
  let running = new Set();
  let answered = new Set();
  let listening = new AbortController();
  let limit = 5000;

  function prepend(node) {
    list.prepend(node);
    empty.hidden = true;
    while (list.childElementCount > MOST) list.lastElementChild.remove();
  }

  function setRunning(id, on) {
    on ? running.add(id) : running.delete(id);
    onRunning(running.size > 0);
  }

  async function keepUp(id, entry, signal) {
    const giveUp = performance.now() + PATIENCE_MS;
    let failures = 0;
    while (!signal.aborted && performance.now() < giveUp && failures < 5) {
      try {
        const exchange = await getExchange(id, signal);
        if (signal.aborted) return;
        entry.show(exchange);
        if (!isRunning(exchange)) break;
        if (!answered.has(id)) setRunning(id, true);
      } catch {
        failures += 1;
      }
      await pause(ASK_MS);
    }
    if (!signal.aborted) setRunning(id, false);
  }

  return {
    setLimit(ms) { limit = ms; },
    reset() {
      listening.abort();
      listening = new AbortController();
      entries = new Map();
      running = new Set();
      answered = new Set();
      onRunning(false);
      list.replaceChildren();
      empty.hidden = false;
    },
    /** fresh: begun just now by this page, so the account is known to be thinking. */
    watch(id, { fresh = false } = {}) {
      const key = String(id);
      if (entries.has(key)) return;
      const entry = createEntry(key, limit);
      entries.set(key, entry);
      prepend(entry.node);
      if (fresh) setRunning(key, true);
      keepUp(key, entry, listening.signal);
    },
    /** Marks a request on its way, for a server that only answers it when the account has. */
    busy(request, on) { setRunning(request, on); },
    answered(id) {
      answered.add(String(id));
      setRunning(String(id), false);
    },
    delivered(item) {
      const mark = MARKS[item.via];
      if (!mark) return;
      const words = plainText(item.title || item.text).replace(/\s+/g, " ");
      prepend(h("li", { class: "delivery" }, h("span", { class: "mark" }, mark), h("span", {}, words)));
    },
    showWindow(window) {
      const ends = new Date((window?.until ?? 0) * 1000); // the simulator counts in seconds
      windowLine.textContent = ends < new Date() ? "客服窗口：已关" : `客服窗口：还能发 ${window.left} 条，到${until(ends)}`;
    },
  };
}
