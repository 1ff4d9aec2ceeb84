// Stands in for the platform's script on pages of the demonstration: wx.config, and wx-open-subscribe with its question.
"use strict";

window.wx = { config(given) { window.wx.given = given; } };

class OpenSubscribe extends HTMLElement {
  connectedCallback() {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.querySelector("script:not([slot])")?.textContent.replace(/<[^>]*>/g, "").trim() || "subscribe";
    button.addEventListener("click", () => this.ask());
    this.append(button);
  }

  async ask() {
    const chosen = {};
    for (const id of this.getAttribute("template").split(",").slice(0, 3)) {
      const name = document.querySelector(`[data-template="${CSS.escape(id)}"]`)?.textContent.replace("· ", "") || id;
      chosen[id] = window.confirm(name) ? "accept" : "reject";
    }
    const answer = await fetch("/simulator/subscribe", {
      method: "POST",
      headers: { "X-Simulator": "1", "Content-Type": "application/json" },
      body: JSON.stringify(chosen),
    });
    this.dispatchEvent(new CustomEvent(answer.ok ? "success" : "error", { detail: { subscribeDetails: JSON.stringify(chosen) } }));
  }
}

customElements.define("wx-open-subscribe", OpenSubscribe);
