// Time: the server's clock, not the phone's. Countdowns, waits and the clock of the bar.

export const words = JSON.parse(document.body.dataset.words || "{}");
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const one = (selector, root = document) => root.querySelector(selector);
export const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); return true; } catch { return false; } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* private mode: nothing was kept */ } },
};

const stamp = one('meta[name="tomei-now"]');
let skew = stamp ? Date.parse(stamp.content) - Date.now() : 0;
export const now = () => Date.now() + skew;
/** A page out of the browser's own cache carries an old stamp; the live stream corrects it. */
export function correct(serverTime) { const t = Date.parse(serverTime); if (!Number.isNaN(t)) skew = t - Date.now(); }

/** "4分12秒", "2h 51m", "6d 2h": two units at most, never mistaken for a time of day. As `span` in moments.py. */
export function span(ms, lang) {
  const s = Math.max(0, Math.floor(Math.abs(ms) / 1000));
  const [d, h, m, sec] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60, s % 60];
  const [D, H, M, S, gap] = lang.startsWith("ja") ? ["日", "時間", "分", "秒", ""] : ["d", "h", "m", "s", " "];
  const two = (n) => String(n).padStart(2, "0");
  if (d) return `${d}${D}${gap}${h}${H}`;
  if (h) return `${h}${H}${gap}${two(m)}${M}`;
  return m ? `${m}${M}${gap}${two(sec)}${S}` : `${sec}${S}`;
}

const zone = one("time[data-clock]")?.dataset.clock; // the reader's zone as the server knows it
const format = (style) => (t) => {
  try { return new Intl.DateTimeFormat("en-GB", { timeStyle: style, timeZone: zone }).format(t); }
  catch { return new Intl.DateTimeFormat("en-GB", { timeStyle: style }).format(t); } // a zone this browser does not know
};
export const hms = format("medium"), hm = format("short");
export const say = (text) => { const live = one("#live"); if (live && live.textContent !== text) live.textContent = text; };
const langOf = (el) => el.closest("[lang]").lang;

function turn(chip, state) {
  if (chip.dataset.state === state) return;
  chip.dataset.state = state;
  const use = one("use", chip), word = one("b", chip);
  if (use) use.setAttribute("href", `#p-${state}`);
  if (word && words[state]) word.textContent = words[state];
  if (chip.dataset.what) say(`${chip.dataset.what}: ${words[state]}`); // spoken once per turn, not once per second
}

const put = (el, text) => { if (el.textContent !== text) el.textContent = text; }; // no repaint for nothing

export function tick() {
  const t = now();
  for (const el of all("time[data-countdown]")) {
    const left = Date.parse(el.dateTime) - t;
    put(el, span(left, langOf(el)));
    const chip = el.closest(".promise");
    if (chip) turn(chip, left < 0 ? "overdue" : left <= (chip.dataset.soon || 300) * 1000 ? "soon" : "open");
  }
  for (const el of all("time[data-since]")) {
    const gone = t - Date.parse(el.dateTime);
    put(el, span(gone, langOf(el)));
    const box = el.closest("[data-limit]");
    if (!box) continue;
    const part = gone / 1000 / box.dataset.limit;
    const state = part >= 1 ? "broken" : part >= 2 / 3 ? "warn" : "ok"; // warned before they must ask
    if (box.dataset.state === state) continue;
    box.dataset.state = state;
    one("use", box)?.setAttribute("href", `#s-${state}`);
  }
  for (const el of all("time[data-clock]")) put(el, hms(t));
}

export function start() {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick()); // phones stop timers in the pocket
}
