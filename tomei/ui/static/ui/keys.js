// Keyboard: links and fields name their own key (data-key), so help and behaviour cannot differ.

import { all, one, store } from "./time.js";

// WCAG 2.1.4: single keys can be switched off, on this device or for the person everywhere.
const keysOn = () => (store.get("keys") ?? (document.body.dataset.keys === "off" ? "off" : "on")) !== "off";
const typing = (el) => el.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
let first = "";

function move(step) {
  const rows = all("[data-row]").map((row) => one("a, button", row)).filter(Boolean);
  const at = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus();
}

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  if (typing(event.target) || !keysOn() || one("dialog[open]")) return;
  const combo = first ? `${first} ${event.key}` : event.key;
  first = "";
  if (combo === "g") { first = "g"; setTimeout(() => { first = ""; }, 1000); return; }
  if (combo === "?") { event.preventDefault(); one("#keys")?.showModal(); return; }
  if (combo === "j" || combo === "k") { move(combo === "j" ? 1 : -1); return; }
  const target = all(`[data-key="${CSS.escape(combo)}"]`).find((el) => el.checkVisibility?.() ?? true);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea")) target.focus(); else target.click();
}

export function start() {
  addEventListener("keydown", press);
  const toggle = one("#keys [name=keys]");
  if (!toggle) return;
  toggle.checked = keysOn();
  toggle.addEventListener("change", () => store.set("keys", toggle.checked ? "on" : "off"));
}
