// The + panel: photo, voice, place, video, link.

import { button, h, icon } from "./dom.js";
import { form, openSheet } from "./sheet.js";

const PLACES = [
  { label: "武汉市洪山区珞喻路 光谷广场", latitude: 30.5066, longitude: 114.4000 },
  { label: "宜昌市西陵区 夷陵广场", latitude: 30.6953, longitude: 111.2881 },
  { label: "襄阳市樊城区 人民广场", latitude: 32.0450, longitude: 112.1440 },
];

function askPlace(send) {
  const fields = form([
    { name: "label", label: "地名", value: PLACES[0].label, required: true },
    { name: "latitude", label: "纬度", value: PLACES[0].latitude, type: "number", step: "any", min: -90, max: 90, required: true },
    { name: "longitude", label: "经度", value: PLACES[0].longitude, type: "number", step: "any", min: -180, max: 180, required: true },
  ], "发送位置", ({ label, latitude, longitude }) =>
    send({ action: "location", label, latitude: Number(latitude), longitude: Number(longitude) }));
  const fill = (place) => () => {
    for (const [name, value] of Object.entries(place)) fields.elements[name].value = value;
  };
  openSheet("位置", h("div", { class: "chips" }, PLACES.map((place) => button(place.label.slice(0, 3), fill(place), { class: "chip" }))), fields);
}

function askLink(send) {
  openSheet("链接", form([
    { name: "title", label: "标题", value: "专利开放许可制度问答", required: true },
    { name: "description", label: "说明", value: "从朋友圈转来的一篇文章" },
    { name: "url", label: "网址", value: "https://www.cnipa.gov.cn/", type: "url", required: true },
  ], "发送链接", (values) => send({ action: "link", ...values })));
}

export function createExtras({ panel, send, photo, close }) {
  const file = h("input", { type: "file", accept: "image/*", hidden: true, tabindex: -1, "aria-hidden": "true" });
  file.addEventListener("change", () => {
    if (file.files[0]) photo(file.files[0]);
    file.value = "";
  });
  const choices = [
    ["照片", "photo", () => file.click()],
    ["语音", "voice", () => send({ action: "voice" })],
    ["位置", "place", () => askPlace(send)],
    ["视频", "video", () => send({ action: "video" })],
    ["链接", "link", () => askLink(send)],
  ];
  panel.append(file, ...choices.map(([name, picture, choose]) =>
    h("button", { type: "button", class: "extra", onclick: () => { choose(); close(); } },
      h("span", { class: "extra-tile" }, icon(picture)), name)));
}
