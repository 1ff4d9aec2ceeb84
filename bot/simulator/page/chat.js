// The conversation: entries in order, time separators, and staying at the newest line.

import { h } from "./dom.js";
import { entry, spoken } from "./bubbles.js";
import { chatTime } from "./times.js";

const GAP = 5 * 60_000;
const NEAR = 60;

export function createChat({ scroller, list, newer, live, say }) {
  let persona = null;
  let seen = new Set();
  let previous = null;
  let stuck = true;

  const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };
  const settle = () => { if (stuck) toEnd(); };

  scroller.addEventListener("scroll", () => {
    stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    if (stuck) newer.hidden = true;
  });
  newer.addEventListener("click", () => { newer.hidden = true; stuck = true; toEnd(); scroller.focus(); });
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
      newer.hidden = true;
      live.textContent = "";
      list.replaceChildren();
    },
    /** Returns the items not shown before. History is shown without being read aloud. */
    add(items, { history = false } = {}) {
      const fresh = items.filter((item) => !seen.has(item.id) && seen.add(item.id));
      for (const item of fresh) {
        separate(new Date(item.at));
        const node = entry(item, { persona, say });
        node.classList.toggle("arriving", !history);
        list.append(node);
      }
      if (!fresh.length) return fresh;
      if (fresh.some((item) => item.from === "me")) stuck = true;
      settle();
      if (!history) announce(fresh);
      newer.hidden = stuck || history;
      return fresh;
    },
    settle,
    /** Whoever acts wants to see the answer, wherever they had scrolled to. */
    follow() { stuck = true; newer.hidden = true; toEnd(); },
  };
}
