// Everything here is a comfort: without it the page shows absolute times, posts its forms and follows its links.
// No inline script or style, no dependency. Words come from the markup (body data-words), so gettext stays their only home.

import { all, one, say, start as startTime, tick, words } from "./time.js";
import { start as startDrafts } from "./drafts.js";
import { start as startKeys } from "./keys.js";
import { start as startLive } from "./live.js";

document.documentElement.classList.add("js");
startTime();
startDrafts();
startKeys();
startLive();

for (const here of all(".nav [aria-current], .tabs [aria-current]")) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 48;

function fresh(root) { startDrafts(root); tick(); }
document.addEventListener("tomei:fresh", (event) => fresh(event.detail.parentElement || document));
document.addEventListener("htmx:afterSwap", (event) => fresh(event.target));

// ---- toasts and refusals ----
function toast(text, state = "kept") {
  const stack = one("#toasts");
  if (!stack || !text) return;
  const p = document.createElement("p"), body = document.createElement("span"), off = document.createElement("button");
  p.className = "toast"; p.dataset.state = state; p.setAttribute("role", state === "overdue" ? "alert" : "status");
  body.textContent = text;
  off.type = "button"; off.className = "btn small quiet end"; off.dataset.dismiss = ""; off.textContent = "×";
  p.append(body, off); stack.append(p);
  if (state !== "overdue") setTimeout(() => p.remove(), 8000); // a refusal stays until it was read
}
for (const p of all(".toast[data-state=kept]")) setTimeout(() => p.remove(), 8000);

// A refusal of an htmx request leaves the form as it is and says why.
document.addEventListener("htmx:responseError", (event) => {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const said = one("[data-refused], .refusal", page);
  const lines = said ? all("h1, h1 + p, b, b + p", said).map((el) => el.textContent.trim()) : [words.refused];
  toast([...new Set(lines)].join(" "), "overdue");
});
document.addEventListener("htmx:sendError", () => toast(words.unreachable, "overdue"));

// ---- forms: one send per press ----
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) { event.preventDefault(); return; }
  form.dataset.sending = "1";
  setTimeout(() => { delete form.dataset.sending; }, 5000); // the server may be away: let them try again
});
addEventListener("pageshow", () => { for (const form of all("form[data-sending]")) delete form.dataset.sending; });

// ---- dialogs, menus, copies ----
addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) { event.preventDefault(); document.getElementById(opener.dataset.opens)?.showModal(); }
  if (event.target.matches("dialog")) event.target.close(); // a click on the veil
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const from = document.getElementById(copy.dataset.copy);
    const text = from ? ("value" in from ? from.value : from.innerText) : "";
    const told = () => { toast(words.copied); say(words.copied); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(told, () => {});
    else if (from) { getSelection().selectAllChildren(from); document.execCommand("copy"); told(); } // plain http: no clipboard
  }
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of all("details.menu[open]")) { menu.open = false; one("summary", menu).focus(); }
});
// A choice that filters needs no button where there is a script.
addEventListener("change", (event) => { if (event.target.matches("form[data-auto] select, form[data-auto] input[type=checkbox]")) event.target.form.requestSubmit(); });
