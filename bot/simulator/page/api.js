// Talks to the simulator, and knows nothing about the page.

const BASE = "/simulator";

export class ApiError extends Error {
  constructor(status) {
    super(`simulator answered ${status}`);
    this.status = status;
  }
}

async function call(path, { method = "GET", json, form, signal } = {}) {
  const headers = {};
  if (method === "POST") headers["X-Simulator"] = "1";
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  const response = await fetch(BASE + path, { method, headers, body, signal, cache: "no-store" });
  if (!response.ok) throw new ApiError(response.status);
  return response.json();
}

const of = (persona) => `/personas/${encodeURIComponent(persona)}`;

export const getState = () => call("/state");
export const getMessages = (persona, after, wait, signal) =>
  call(`${of(persona)}/messages?after=${encodeURIComponent(after)}&wait=${wait}`, { signal });
export const getExchange = (id, signal) => call(`/exchanges/${encodeURIComponent(id)}`, { signal });
export const act = (persona, action) => call(`${of(persona)}/actions`, { method: "POST", json: action });
export const setFaults = (faults) => call("/faults", { method: "POST", json: faults });
export const newPersona = () => call("/personas", { method: "POST", json: {} });

export function sendPhoto(persona, file) {
  const form = new FormData();
  form.append("file", file, file.name);
  return call(`${of(persona)}/photo`, { method: "POST", form });
}
