// Puts the page together: who holds the phone, what they do, and what comes back.

import * as api from "./api.js";
import { createAccount } from "./account.js";
import { createChat } from "./chat.js";
import { createComposer } from "./composer.js";
import { createControls } from "./controls.js";
import { button, byId, h, toast } from "./dom.js";
import { createDrawer } from "./drawer.js";
import { createExtras } from "./extras.js";
import { listen } from "./listen.js";
import { createMenu } from "./menu.js";
import { createPersonas } from "./personas.js";
import { safeHref } from "./richtext.js";
import { closeSheet, createPanels } from "./sheet.js";
import { hourMinute } from "./times.js";

const SHOWN_EXCHANGES = 30;
const TYPING_AFTER_MS = 300; // an answer quicker than this would only make the title flicker
const MODES = { plain: "明文模式", compatible: "兼容模式", safe: "安全模式" };

let state = null;
let persona = null;
let listening = new AbortController();
let typingTimer;

const small = window.matchMedia("(max-width: 899px)");
const panels = createPanels({ phone: byId("phone"), scrim: byId("scrim"), small });
const chat = createChat({
  scroller: byId("scroller"), list: byId("log"), newer: byId("newer"), live: byId("live"),
  say: (text) => act({ action: "say", text }),
});
const drawer = createDrawer({
  list: byId("exchanges"), empty: byId("no-exchanges"), windowLine: byId("window"), onRunning: showTyping,
});
const controls = createControls({ panel: byId("controls"), newPersona: meetSomeone });
const account = createAccount({ phone: byId("phone"), card: byId("follow-card"), send: act, onResize: chat.settle });
const personas = createPersonas({ list: byId("personas"), choose: (id) => { panels.close(); hold(id); } });
const composer = createComposer({
  bar: byId("bottom"), toggle: byId("toggle"), form: byId("composer"), words: byId("words"), plus: byId("plus"),
  send: byId("send"), extras: byId("extras"), menu: createMenu({ nav: byId("menu"), choose: chooseMenu }),
  submit: (text) => act({ action: "say", text }),
});
createExtras({ panel: byId("extras"), send: act, photo: sendPhoto, close: composer.closeExtras });

function showTyping(on) {
  clearTimeout(typingTimer);
  const name = state?.account.name ?? "";
  if (!on) byId("title").textContent = name;
  else typingTimer = setTimeout(() => { byId("title").textContent = "对方正在输入…"; }, TYPING_AFTER_MS);
}

async function begin(send) {
  const sender = persona;
  const request = Symbol("request");
  chat.follow();
  drawer.busy(request, true);
  try {
    const { exchanges } = await send(sender);
    if (persona === sender) exchanges.forEach((id) => drawer.watch(id, { fresh: true }));
    return true;
  } catch (error) {
    toast(error.status ? `没发出去（${error.status}）` : "没发出去，请再试");
    return false;
  } finally {
    drawer.busy(request, false);
  }
}

function act(action) {
  const options = controls.takeOptions();
  return begin((sender) => api.act(sender, { ...action, ...options }));
}

function sendPhoto(file) {
  return begin((sender) => api.sendPhoto(sender, file));
}

function chooseMenu(entry) {
  if (entry.type !== "view") return act({ action: "tap", key: entry.key });
  const href = safeHref(entry.url);
  if (!href) return toast("这个网址打不开");
  window.open(href, "_blank", "noopener,noreferrer");
  return act({ action: "view", url: entry.url });
}

function greet({ words, tries }) {
  const chips = tries.map((text) => button(text, () => act({ action: "say", text }), { class: "chip" }));
  byId("hello").replaceChildren(h("p", {}, words), h("div", { class: "chips" }, chips));
}

function setFollowing(following) {
  account.setFollowing(following);
  byId("bottom").hidden = !following;
  const mine = state.personas.find((one) => one.id === persona);
  if (mine.following === following) return;
  mine.following = following;
  personas.show(state.personas, persona);
}

function hear(batch, history) {
  drawer.showWindow(batch.window);
  const fresh = chat.add(batch.items, { history });
  setFollowing(batch.following);
  byId("hello").hidden = !batch.following || chat.begun();
  chat.settle();
  const exchanges = fresh.map((item) => item.exchange).filter((id) => id != null);
  const old = new Set(history ? [...new Set(exchanges)].slice(0, -SHOWN_EXCHANGES) : []);
  for (const item of fresh) {
    if (item.exchange != null && !old.has(item.exchange)) drawer.watch(item.exchange);
    if (item.from === "account" && item.exchange != null) drawer.answered(item.exchange);
    drawer.delivered(item);
  }
}

function hold(id) {
  listening.abort();
  listening = new AbortController();
  const mine = state.personas.find((one) => String(one.id) === String(id)) ?? state.personas[0];
  persona = mine.id;
  history.replaceState(null, "", `#${encodeURIComponent(persona)}`);
  closeSheet();
  document.cookie = `simulator_holder=${encodeURIComponent(persona)};path=/simulator;samesite=lax`; // who is asked for first
  byId("who").textContent = mine.name;
  personas.show(state.personas, persona);
  composer.setOwner(persona);
  drawer.reset();
  chat.reset(mine);
  byId("hello").hidden = true;
  setFollowing(mine.following);
  listen(persona, {
    signal: listening.signal,
    onBatch: hear,
    onRestart: () => { chat.reset(mine); drawer.reset(); },
    onTrouble: (on) => { byId("trouble").hidden = !on; },
    onGone: start,
  });
}

async function meetSomeone() {
  try {
    const fresh = await api.newPersona();
    state = await api.getState();
    panels.close();
    hold(fresh.id);
  } catch {
    toast("没有加上，请再试");
  }
}

const wanted = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } };

async function start() {
  try {
    state = await api.getState();
  } catch {
    byId("trouble").hidden = false;
    setTimeout(start, 2000);
    return;
  }
  byId("trouble").hidden = true;
  document.title = `${state.account.name} · 模拟器`;
  byId("title").textContent = state.account.name;
  byId("demo").hidden = !state.demo;
  byId("wire").textContent = `${MODES[state.mode] ?? state.mode} · ${state.format.toUpperCase()}`;
  drawer.setLimit(state.limits.reply_ms);
  controls.show(state.faults);
  account.show(state);
  greet(state.hello);
  composer.setMenu(state.menu);
  if (!state.personas.length) return meetSomeone();
  hold(wanted());
}

function tick() {
  byId("clock").textContent = hourMinute(new Date());
}

// iOS lays its keyboard over the page instead of resizing it; a pinch zoom is not a keyboard.
function fitAboveKeyboard() {
  const { height, scale } = window.visualViewport;
  const covered = small.matches && scale === 1 && window.innerHeight - height > 1;
  byId("phone").style.height = covered ? `${height}px` : "";
  if (covered) window.scrollTo(0, 0);
}

tick();
setInterval(tick, 10_000);
byId("more").addEventListener("click", account.openProfile);
byId("back").addEventListener("click", () => panels.show(byId("picker")));
byId("open-picker").addEventListener("click", () => panels.show(byId("picker")));
byId("open-drawer").addEventListener("click", () => panels.show(byId("drawer")));
document.querySelector("[data-do=new-persona]").addEventListener("click", meetSomeone);
window.visualViewport?.addEventListener("resize", fitAboveKeyboard);
window.addEventListener("hashchange", () => { if (state && wanted() !== String(persona)) hold(wanted()); });
start();
