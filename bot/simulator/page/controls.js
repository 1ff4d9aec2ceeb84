// The knobs of the drawer: how the next message is delivered, and which part of the system is made to fail.

import { getState, setFaults } from "./api.js";
import { button, h, toast } from "./dom.js";

const DELAYS = [0, 3, 10];
const REDIS = { up: "关掉 Redis", down: "Redis 已停", absent: "没有 Redis" };
const RECHECK_MS = 3000;

function onceSwitch(label, about) {
  const node = h("button", { type: "button", class: "switch", role: "switch", "aria-checked": "false" },
    h("span", {}, label, h("small", {}, about)), h("i", { class: "knob" }));
  node.addEventListener("click", () => node.setAttribute("aria-checked", String(node.getAttribute("aria-checked") !== "true")));
  return {
    node,
    take() {
      const on = node.getAttribute("aria-checked") === "true";
      node.setAttribute("aria-checked", "false");
      return on;
    },
  };
}

export function createControls({ panel, newPersona }) {
  const twice = onceSwitch("下一条发两次", "同一条消息推送两遍");
  const again = onceSwitch("像微信那样重发", "下一条的第一次回应丢掉，再推一次");
  const redis = button(REDIS.up, () => change({ kill_redis: true }), { class: "wide-button" });
  const delays = DELAYS.map((seconds) => h("label", { class: "segment" },
    h("input", { type: "radio", name: "delay", value: seconds, onchange: () => change({ nlu_delay_s: seconds }) }),
    h("span", {}, `${seconds} 秒`)));
  let known = null;
  let recheck;

  async function change(faults) {
    try {
      show(await setFaults(faults));
    } catch {
      toast("没有改成，请再试");
      if (known) show(known);
    }
  }

  // Someone may start Redis again by hand; the button follows without a reload.
  async function look() {
    try { show((await getState()).faults); } catch { recheck = setTimeout(look, RECHECK_MS); }
  }

  function show(faults) {
    known = faults;
    delays.forEach((label, n) => { label.firstElementChild.checked = DELAYS[n] === faults.nlu_delay_s; });
    redis.textContent = REDIS[faults.redis] ?? faults.redis;
    redis.disabled = faults.redis !== "up";
    clearTimeout(recheck);
    if (faults.redis === "down") recheck = setTimeout(look, RECHECK_MS);
  }

  panel.append(twice.node, again.node,
    h("fieldset", {}, h("legend", {}, "让理解变慢"), h("div", { class: "segments" }, delays)),
    h("div", { class: "pair" }, redis, button("换一个新人", newPersona, { class: "wide-button" })));

  return {
    show,
    /** The options armed for one message; taking them disarms them. */
    takeOptions() {
      const options = {};
      if (twice.take()) options.copies = 2;
      if (again.take()) options.drop_first = true;
      return options;
    },
  };
}
