// The long poll of one persona, kept up until its signal is aborted.

import { getMessages } from "./api.js";

const HOLD_S = 20;
const RETRY_MS = 2000;
const BREATH_MS = 400; // a server that answers empty at once must not be asked in a tight loop

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function listen(persona, { signal, onBatch, onRestart, onTrouble, onGone }) {
  let after = 0;
  let history = true;
  while (!signal.aborted) {
    try {
      const asked = performance.now();
      const batch = await getMessages(persona, after, history ? 0 : HOLD_S, signal);
      if (signal.aborted) return;
      onTrouble(false);
      if (batch.last < after) { // the server started afresh and counts from the beginning again
        after = 0;
        history = true;
        onRestart();
        continue;
      }
      onBatch(batch, history);
      const idle = !history && batch.items.length === 0 && performance.now() - asked < BREATH_MS;
      after = batch.last;
      history = false;
      if (idle) await pause(BREATH_MS);
    } catch (error) {
      if (signal.aborted) return;
      onTrouble(true);
      await pause(RETRY_MS);
      if (signal.aborted) return;
      if (error.status === 404) return void onGone(); // this server has never met the persona
    }
  }
}
