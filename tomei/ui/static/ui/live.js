// Live: one stream per browser. The tab that holds the lock listens and tells the others; each refreshes its own parts.
//
// body[data-topics="now incident:12"]      what this page hears about
// [data-refresh="promises"][data-src=URL]  is fetched again and replaced when that topic changes

import { all, correct, hm, now, one, say, words } from "./time.js";

const topics = [...new Set((document.body.dataset.topics || "").split(/[\s,]+/).filter(Boolean))];
const person = document.body.dataset.person;
if (person) topics.push(`person:${person}`);
const channel = "BroadcastChannel" in window ? new BroadcastChannel(`tomei-live-${person || "public"}`) : null;
const head = one('meta[name="tomei-live"]')?.content || ""; // where the stream stood when this page was made
const wanted = new Map([["self", { topics, seen: Infinity }]]); // by tab, so that the listening tab hears for all
const me = Math.random().toString(36).slice(2);
let source = null, open = "", wait = 1000, lostAt = 0, silent = 0, leads = false, retry = 0, last = head;

/** The earlier of two places in the stream ("transaction-row"): what a page may have missed is told once more. */
function earlier(a, b) {
  if (!a || !b) return a || b;
  const [x, y] = [a, b].map((place) => place.split("-").map(Number));
  return x[0] < y[0] || (x[0] === y[0] && x[1] <= y[1]) ? a : b;
}

// ---- the parts of this page ----
const busy = (el) => {
  const at = document.activeElement;
  if (at && at !== document.body && el.contains(at) && at.matches("input, textarea, select, [contenteditable]")) return true;
  return all("textarea, input:not([type=hidden], [type=submit])", el).some((f) => f.type === "checkbox" || f.type === "radio" ? f.checked !== f.defaultChecked : f.value !== f.defaultValue)
    || Boolean(one("dialog[open], details.menu[open]", el));
};
const pending = new Map(); // by address: several events, and several parts of one address, make one request

function refresh(el) {
  const src = el.dataset.src;
  if (pending.has(src)) return;
  pending.set(src, setTimeout(() => { pending.delete(src); load(src); }, 60 + Math.random() * 120));
}

function later(el) { // somebody types there: after they have left it
  if (el.dataset.later) return;
  el.dataset.later = "1";
  el.addEventListener("focusout", () => setTimeout(() => { delete el.dataset.later; refresh(el); }, 50), { once: true });
}

async function load(src) {
  const parts = () => all("[data-refresh]").filter((el) => el.dataset.src === src);
  if (parts().every(busy)) { parts().forEach(later); return; }
  let html;
  try {
    const answer = await fetch(src, { headers: { "HX-Request": "true", Accept: "text/html" }, credentials: "same-origin" });
    if (answer.status === 401 || answer.redirected) { location.reload(); return; } // signed out elsewhere
    if (!answer.ok) return;
    html = await answer.text();
  } catch { return; } // the strip already says that we are not live
  const doc = new DOMParser().parseFromString(html, "text/html");
  for (const el of parts()) { if (busy(el)) later(el); else swap(el, doc); }
}

function swap(el, part) {
  const fresh = (el.id && part.getElementById(el.id)) || one(`[data-refresh="${CSS.escape(el.dataset.refresh)}"]`, part) || (one("[data-refresh]", part) ? null : part.body.firstElementChild);
  if (!fresh) return;
  const opened = all("details[open][id]", el).map((d) => d.id);
  const held = el.contains(document.activeElement) ? document.activeElement : null;
  const path = held && (held.id ? `#${CSS.escape(held.id)}` : held.getAttribute("href") ? `a[href="${CSS.escape(held.getAttribute("href"))}"]` : "");
  const node = document.adoptNode(fresh);
  el.replaceWith(node);
  for (const id of opened) { const d = document.getElementById(id); if (d) d.open = true; }
  if (path) one(path, node)?.focus({ preventScroll: true });
  window.htmx?.process(node);
  document.dispatchEvent(new CustomEvent("tomei:fresh", { detail: node }));
}

function hear(event) {
  if (event.now) correct(event.now);
  if (event.kind === "ring") { if (event.topic === `person:${person}`) ring({ ...event, ...event.data }); return; }
  for (const el of all("[data-refresh]")) {
    if (el.dataset.src && el.dataset.refresh.split(/[\s,]+/).includes(event.topic)) refresh(el);
  }
}
function everything() { for (const el of all("[data-refresh][data-src]")) refresh(el); } // after a gap: what was missed

// ---- the state of the stream, seen in every tab ----
function lost(since) {
  lostAt ||= since || now();
  clearTimeout(silent);
  silent = setTimeout(() => {
    const strip = one("#notlive");
    if (!strip || !lostAt) return;
    strip.textContent = (words.stale || "").replace("{time}", hm(lostAt));
    strip.hidden = false;
  }, Math.max(0, 10000 - (now() - lostAt)));
}
function found() {
  clearTimeout(silent);
  const gone = lostAt && now() - lostAt;
  lostAt = 0;
  const strip = one("#notlive");
  if (strip && !strip.hidden) { strip.hidden = true; say(words.live); }
  if (gone) everything();
}
const tell = (message) => { channel?.postMessage({ ...message, from: me }); };

// ---- the stream itself, in the tab that leads ----
function union() {
  const joined = new Set();
  for (const [tab, want] of wanted) {
    if (want.seen < Date.now() - 45000) { wanted.delete(tab); continue; } // a tab that died without a word
    for (const topic of want.topics) joined.add(topic);
  }
  return [...joined].sort().join(",");
}

function connect() {
  clearTimeout(retry);
  const asked = union();
  if (!leads || !asked) return;
  if (source && source.readyState !== EventSource.CLOSED && asked === open) return;
  source?.close();
  open = asked;
  for (const want of wanted.values()) { last = earlier(last, want.head); want.head = ""; }
  source = new EventSource(`/live?topics=${encodeURIComponent(asked)}${last ? `&after=${encodeURIComponent(last)}` : ""}`);
  source.onopen = () => { wait = 1000; found(); tell({ type: "found" }); };
  source.onerror = () => {
    lost(); tell({ type: "lost", since: lostAt });
    if (source.readyState !== EventSource.CLOSED) return; // the browser itself tries again
    retry = setTimeout(connect, wait + Math.random() * 500);
    wait = Math.min(wait * 2, 30000);
  };
  const take = (message) => {
    if (message.lastEventId) last = message.lastEventId;
    let event;
    try { event = JSON.parse(message.data); } catch { return; }
    event = { kind: message.type === "message" ? "changed" : message.type, ...event };
    hear(event); tell({ type: "event", event });
  };
  for (const kind of ["message", "changed", "ring"]) source.addEventListener(kind, take);
  source.addEventListener("gone", everything); // the server no longer has what we missed
}

function lead() { leads = true; tell({ type: "who" }); connect(); setInterval(connect, 20000); }

function start_channel() {
  if (!channel) return;
  channel.onmessage = ({ data }) => {
    if (data.type === "want") { wanted.set(data.from, { topics: data.topics, head: data.head, seen: Date.now() }); if (leads) connect(); }
    else if (data.type === "bye") { wanted.delete(data.from); }
    else if (data.type === "who") tell({ type: "want", topics, head });
    else if (data.type === "event") hear(data.event);
    else if (data.type === "lost") lost(data.since);
    else if (data.type === "found") found();
    else if (data.type === "quiet") quiet(false);
  };
  tell({ type: "want", topics, head });
  setInterval(() => tell({ type: "want", topics }), 15000);
  addEventListener("pagehide", () => tell({ type: "bye" }));
}

// ---- rings: somebody is being paged ----
let tone = null, flash = 0;
const title = document.title;

function ring({ text = "", url = "" }) {
  const box = one("#ring");
  if (!box) return;
  one("[data-ring-text]", box).textContent = text;
  if (url.startsWith("/") && !url.startsWith("//")) one("[data-ring-link]", box).setAttribute("href", url);
  box.hidden = false;
  document.body.dataset.ringing = "1"; // app.css flashes the bar, and only where motion is wanted
  clearInterval(flash);
  let beats = 0;
  flash = setInterval(() => {
    beats += 1;
    document.title = beats % 2 ? `● ${text}` : title;
    if (beats % 15 === 0 && beats < 180 && leads) sound(); // again until somebody silences it, three minutes at most
  }, 1000);
  if (leads) sound(); // one tab sounds for all
}
function sound() {
  try {
    tone ||= new AudioContext();
    tone.resume();
    [0, 0.35, 0.7].forEach((at) => {
      const voice = tone.createOscillator(), loud = tone.createGain(), t = tone.currentTime + at;
      voice.frequency.value = 740;
      loud.gain.setValueAtTime(0.0001, t);
      loud.gain.exponentialRampToValueAtTime(0.2, t + 0.03);
      loud.gain.exponentialRampToValueAtTime(0.0001, t + 0.28);
      voice.connect(loud).connect(tone.destination);
      voice.start(t); voice.stop(t + 0.3);
    });
  } catch { /* a browser without sound, or before the first touch: the bar and the title still flash */ }
}
function quiet(told = true) {
  clearInterval(flash);
  document.title = title;
  delete document.body.dataset.ringing;
  const box = one("#ring");
  if (box) box.hidden = true;
  if (told) tell({ type: "quiet" });
}

export function start() {
  if (!topics.length || !("EventSource" in window)) return;
  one("[data-ring-off]")?.addEventListener("click", () => quiet());
  start_channel();
  if (channel && navigator.locks) navigator.locks.request("tomei-live", () => { lead(); return new Promise(() => {}); });
  else lead();
  addEventListener("online", () => { wait = 1000; connect(); });
  addEventListener("pageshow", (event) => { if (event.persisted) everything(); });
}
