// The conversation: entries in order, time separators, and staying at the newest line.

import { h } from "./dom.js";
import { entry, spoken } from "./bubbles.js";
import { chatTime } from "./times.js";

const GAP = 5 * 60_000;
const NEAR = 60;
const MARGIN = 8;

export function createChat({ scroller, list, newer, live, say }) {
  let persona = null;
  let seen = new Set();
  let previous = null;
  let stuck = true;

  let head = null; // the first line of the answer that just came: a long one is read from there

  const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };
  function settle() {
    if (!stuck) return;
    const end = scroller.scrollHeight - scroller.clientHeight;
    const start = head ? scroller.scrollTop + head.getBoundingClientRect().top - scroller.getBoundingClientRect().top - MARGIN : end;
    scroller.scrollTop = Math.min(start, end);
  }

  scroller.addEventListener("scroll", () => {
    stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    if (stuck) newer.hidden = true;
  });
  newer.addEventListener("click", () => { newer.hidden = true; stuck = true; head = null; toEnd(); scroller.focus(); });
  const watcher = new ResizeObserver(settle); // pictures arrive late and the keyboard takes height away
  watcher.observe(list);
  watcher.observe(scroller);

  function separate(at) {
    if (Number.isNaN(at.getTime())) return;
    if (previous === null || at - previous > GAP) {
      list.append(h("li", { class: "time" }, h("time", { datetime: at.toISOString() }, chatTime(at))));
    }
    previous = at;
  }

  function announce(items) {
    const words = items.filter((item) => item.from !== "me").map(spoken);
    if (words.length) live.textContent = words.join("。");
  }

  return {
    reset(to) {
      persona = to;
      seen = new Set();
      previous = null;
      stuck = true;
      head = null;
      newer.hidden = true;
      live.textContent = "";
      list.replaceChildren();
    },
    /** Returns the items not shown before. History is shown without being read aloud. */
    add(items, { history = false } = {}) {
      const fresh = items.filter((item) => !seen.has(item.id) && seen.add(item.id));
      if (fresh.length) head = null;
      for (const item of fresh) {
        separate(new Date(item.at));
        const node = entry(item, { persona, say });
        node.classList.toggle("arriving", !history);
        list.append(node);
        head = history || item.from === "me" ? null : head ?? node;
      }
      if (!fresh.length) return fresh;
      if (fresh.some((item) => item.from === "me")) stuck = true;
      settle();
      if (!history) announce(fresh);
      newer.hidden = stuck || history;
      return fresh;
    },
    settle,
    begun: () => seen.size > 0,
    /** Whoever acts wants to see the answer, wherever they had scrolled to. */
    follow() { stuck = true; head = null; newer.hidden = true; toEnd(); },
  };
}
