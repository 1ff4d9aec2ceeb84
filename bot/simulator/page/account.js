// The account as the follower sees it: the ⋯ sheet, the card for those who do not follow, and large letters.

import { accountAvatar, button, h } from "./dom.js";
import { closeSheet, openSheet } from "./sheet.js";

const LARGE = "simulator.large";

const remembered = () => { try { return localStorage.getItem(LARGE) === "1"; } catch { return false; } };
const remember = (on) => { try { localStorage.setItem(LARGE, on ? "1" : "0"); } catch { /* private window: forget it */ } };

export function createAccount({ phone, card, send, onResize }) {
  let state = null;
  let following = false;

  function setLarge(on) {
    phone.classList.toggle("large", on);
    onResize();
  }
  setLarge(remembered());

  const done = (action) => () => { closeSheet(); send(action); };

  const face = () => h("div", { class: "account" }, accountAvatar(),
    h("div", {}, h("p", { class: "account-name" }, state.account.name), h("p", { class: "account-about" }, state.account.description)));

  function scenes() {
    if (!state.scenes.length) return null;
    const scan = (scene) => (following ? { action: "scan", scene: scene.key } : { action: "follow", scene: scene.key });
    return h("div", { class: "group", role: "group", "aria-label": "扫二维码" },
      h("p", { class: "group-name" }, following ? "扫一扫" : "扫码关注"),
      h("div", { class: "chips" }, state.scenes.map((scene) => button(scene.name, done(scan(scene)), { class: "chip" }))));
  }

  function largeSwitch() {
    const node = h("button", { type: "button", class: "switch", role: "switch", "aria-checked": String(remembered()) },
      h("span", {}, "大字"), h("i", { class: "knob" }));
    node.addEventListener("click", () => {
      const on = node.getAttribute("aria-checked") !== "true";
      node.setAttribute("aria-checked", String(on));
      remember(on);
      setLarge(on);
    });
    return node;
  }

  const followButton = () => button("关注公众号", done({ action: "follow", scene: null }), { class: "primary" });
  const leaveButton = () => button("不再关注", done({ action: "unfollow" }), { class: "danger" });

  return {
    show(newState) { state = newState; },
    setFollowing(now) {
      if (now === following && card.childElementCount) return;
      following = now;
      card.hidden = now;
      card.replaceChildren(...[face(), followButton(), scenes()].filter(Boolean));
    },
    openProfile() {
      if (!state) return;
      openSheet("公众号资料", ...[face(), scenes(), largeSwitch(), following ? leaveButton() : followButton()].filter(Boolean));
    },
  };
}
