// Uploads in chunks: form[data-upload]. Asks which chunks are there, sends the rest, each with its SHA-256; what breaks
// off goes on where it stood, also tomorrow and in another browser. Without WebCrypto (no https) the plain form is used.

import { all, one } from "./time.js";

const TRIES = 8;
const wait = (ms) => new Promise((ready) => setTimeout(ready, ms));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

class Refused extends Error {
  constructor(said) { super(said.message || ""); this.code = said.code; this.wayOut = said.way_out || ""; }
}

async function ask(url, options, form) {
  const headers = { "X-CSRFToken": one("[name=csrfmiddlewaretoken]", form).value, Accept: "application/json", ...options.headers };
  const answer = await fetch(url, { ...options, headers, credentials: "same-origin", redirect: "error" });
  let said = {};
  try { said = await answer.json(); } catch { /* no words */ }
  if (answer.ok) return said;
  if (answer.status >= 500 && answer.status !== 507) throw new TypeError(`${answer.status}`); // tried again, as a broken line is
  throw new Refused({ message: `${answer.status}`, ...said });
}

/** Try again after a broken connection, more slowly each time; what was refused is refused. */
async function patiently(act, tell, words) {
  for (let turn = 1; ; turn += 1) {
    try { return await act(); } catch (fault) {
      const damaged = fault instanceof Refused && fault.code === "upload.wrong_hash";
      if ((fault instanceof Refused && !damaged) || turn >= TRIES) throw fault;
      tell(words.again);
      await wait(Math.min(500 * 2 ** turn, 30000));
    }
  }
}

function begun(form, file, fresh) {
  const body = new FormData();
  body.set("name", file.name);
  body.set("size", file.size);
  const giver = one("[name=organisation]", form);
  if (giver) body.set("organisation", giver.value);
  if (fresh) body.set("fresh", "1");
  return ask(`${form.dataset.upload}begin/`, { method: "POST", body }, form);
}

async function sendAll(form, file, upload, show, tell, words) {
  const have = new Set(upload.have), place = `${form.dataset.upload}uploads/${upload.key}/`;
  if (have.size) tell(words.resumed);
  for (let number = 0; number < upload.chunks; number += 1) {
    if (!have.has(number)) {
      const start = number * upload.chunk;
      const bytes = await file.slice(start, Math.min(start + upload.chunk, file.size)).arrayBuffer();
      const digest = hex(await crypto.subtle.digest("SHA-256", bytes));
      await patiently(() => ask(`${place}${number}/`, {
        method: "PUT", body: bytes, headers: { "X-Chunk-SHA256": digest, "Content-Type": "application/octet-stream" },
      }, form), tell, words);
      tell(words.sending);
    }
    show((number + 1) / upload.chunks);
  }
  const about = new FormData(form);
  about.delete("file");
  return patiently(() => ask(place, { method: "POST", body: about }, form), tell, words);
}

async function send(form, file, show, tell, words) {
  const upload = await patiently(() => begun(form, file, false), tell, words);
  try { return await sendAll(form, file, upload, show, tell, words); } catch (fault) {
    if (fault.code !== "upload.chunk_differs") throw fault;
    const anew = await begun(form, file, true); // another file of this name and size was begun before
    return sendAll(form, file, anew, show, tell, words);
  }
}

function enhance(form) {
  const words = JSON.parse(form.dataset.words), note = one("[data-upload-note]", form), bar = one("[data-upload-progress]", form);
  const tell = (text) => { note.textContent = text; };
  const show = (share) => {
    bar.hidden = false;
    one("progress", bar).value = share * 100;
    one("[data-upload-share]", bar).textContent = `${Math.floor(share * 100)} %`;
  };
  if (!globalThis.crypto?.subtle) { tell(words.insecure); return; }
  form.addEventListener("submit", async (event) => {
    const file = one("[type=file]", form).files[0], button = one("button", form);
    if (!file || !file.size) return;
    event.preventDefault();
    button.disabled = true;
    tell(words.sending);
    show(0);
    try {
      const { id } = await send(form, file, show, tell, words);
      tell(words.done);
      location.assign(`${form.dataset.upload}${id}/`);
    } catch (fault) {
      tell(`${fault.message} ${fault.wayOut || ""}`.trim());
      button.disabled = false;
    }
  });
}

all("form[data-upload]").forEach(enhance);
