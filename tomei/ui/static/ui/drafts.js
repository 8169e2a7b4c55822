// Drafts: nothing typed is lost. form[data-draft] keeps a copy on this device; [data-save-url] also one on the server.

import { all, hms, now, one, say, store, words } from "./time.js";

const fieldsOf = (form) =>
  all("textarea[name], input[name]:not([type=hidden], [type=password], [type=file]), select[name]", form);
const ticks = (el) => el.type === "radio" || el.type === "checkbox";

function typed(form) {
  const data = {};
  for (const el of fieldsOf(form)) {
    if (!ticks(el)) data[el.name] = el.value;
    else { data[el.name] ??= []; if (el.checked) data[el.name].push(el.value); }
  }
  return data;
}

function restore(form, kept) {
  for (const el of fieldsOf(form)) {
    if (!(el.name in kept)) continue;
    if (ticks(el)) el.checked = [].concat(kept[el.name]).includes(el.value);
    else el.value = kept[el.name];
  }
}

/** The answer of the server: JSON, or the sentence and the way out of a refusal's page. */
async function read(answer) {
  const text = await answer.text();
  try { return JSON.parse(text); } catch { /* a page */ }
  const page = new DOMParser().parseFromString(text, "text/html");
  const part = (selector) => one(`[data-refused] ${selector}, .refusal ${selector}`, page)?.textContent.trim();
  return { message: part("h1") || part("b"), way_out: part("h1 + p") };
}

function keep(form) {
  if (form.dataset.kept) return; // a refreshed part of the page is enhanced once
  form.dataset.kept = "1";
  const key = `draft:${form.dataset.draft}`, url = form.dataset.saveUrl, note = one("[data-draft-note]", form);
  const tell = (text, state = "") => { if (note) { note.textContent = text; note.dataset.state = state; } };
  const server = JSON.stringify(typed(form)); // as the server rendered it
  const kept = JSON.parse(store.get(key) || "null");
  if (kept && !form.hasAttribute("data-fresh") && JSON.stringify(kept) !== server) { restore(form, kept); tell(words.restored); }
  let timer = 0, sending = false, again = false, sent = false;

  const local = () => store.set(key, JSON.stringify(typed(form)));
  const save = async () => {
    timer = 0;
    if (sent) return;
    const ok = local();
    if (!url) { tell(ok ? `${words.saved} ${hms(now())}` : words.unsaved, ok ? "" : "warn"); return; }
    if (sending) { again = true; return; }
    sending = true;
    const body = new FormData(form);
    for (const el of all("input[type=file][name]", form)) body.delete(el.name); // files go with a press of a button
    try {
      const answer = await fetch(url, { method: "POST", body, credentials: "same-origin",
        headers: { "X-CSRFToken": one("[name=csrfmiddlewaretoken]", form)?.value || "", Accept: "application/json" } });
      const said = await read(answer);
      if (answer.ok) {
        tell(`${words.saved} ${hms(now())}`);
        const seen = one("[name=seen]", form);
        if (seen && said.seen !== undefined) seen.value = said.seen;
      } else if (answer.status === 409) { // somebody else changed it: theirs stays, ours stays on this device
        tell([said.message || words.changed, said.way_out].filter(Boolean).join(" "), "warn");
        say(said.message || words.changed);
      } else tell(said.message || words.unreachable, "warn");
    } catch { tell(ok ? words.unreachable : words.unsaved, "warn"); }
    sending = false;
    if (again) { again = false; save(); }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, url ? 800 : 400); });
  // what is being sent is not saved once more behind it: the draft would rise again after the update went out
  form.addEventListener("submit", () => { if (timer) { clearTimeout(timer); timer = 0; local(); } again = false; });
  addEventListener("pagehide", () => { if (timer && !sent) local(); });
  const done = () => { clearTimeout(timer); timer = 0; sent = true; store.drop(key); };
  form.addEventListener("tomei:sent", done); // only once the server has it
  form.addEventListener("htmx:afterRequest", (event) => { if (event.target === form && event.detail.successful) done(); });
  // A plain post leaves the page: the copy stays until a page says that the server has it (data-draft-sent).
}

export function start(root = document) {
  for (const el of all("[data-draft-sent]", root)) store.drop(`draft:${el.dataset.draftSent}`);
  for (const form of all("form[data-draft]", root)) keep(form);
}
