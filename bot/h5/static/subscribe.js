// Lets the platform's own button work on this page: asks us for the signature, hands it to the platform's script, and says
// what came of a tap. What was agreed to reaches the office by the platform's event.
"use strict";

const box = document.getElementById("subscribe");
const status = document.getElementById("subscribed");

async function begin() {
  if (!window.wx) {
    status.textContent = status.dataset.absent;
    return;
  }
  const here = location.href.split("#")[0];
  const answer = await fetch("/h5/jssdk?url=" + encodeURIComponent(here));
  if (!answer.ok) {
    status.textContent = status.dataset.failed;
    return;
  }
  window.wx.config({ ...(await answer.json()), jsApiList: [], openTagList: ["wx-open-subscribe"] });
}

if (box && status) {
  box.addEventListener("success", () => { status.textContent = status.dataset.done; });
  box.addEventListener("error", () => { status.textContent = status.dataset.failed; });
  begin().catch(() => { status.textContent = status.dataset.failed; });
}
