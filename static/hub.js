// The hub's only script: one module, no libraries. Every page works without it.

// --- Exit this page --------------------------------------------------------------------------------------------------
// The link is enough by itself. Here it covers the page at once and leaves no step in the history to come back to.
// Escape three times does the same, never while typing, and not where the key is switched off (safety page).

const exit = document.querySelector("[data-exit]");
const KEY_OFF = "hub-exit-key-off";
const EXIT_PAUSE = 1000; // milliseconds allowed between two presses

const stored = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { value === null ? localStorage.removeItem(name) : localStorage.setItem(name, value); } catch { /* private windows may refuse */ } },
};

function leave() {
  const cover = document.createElement("div");
  cover.className = "hub-cover-all";
  cover.setAttribute("role", "alert");
  cover.textContent = exit.dataset.gone;
  document.title = "…";
  document.body.classList.add("hub-leaving");
  document.body.append(cover);
  window.location.replace(exit.href);
}

if (exit) {
  exit.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    leave();
  });

  const live = document.createElement("div");
  live.className = "govuk-visually-hidden";
  live.setAttribute("role", "status");
  document.body.append(live);

  let presses = 0;
  let forget;
  const typing = (node) => node instanceof HTMLElement && (node.isContentEditable || node.matches("input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { presses = 0; return; }
    if (event.repeat || typing(event.target) || stored.get(KEY_OFF)) return;
    presses += 1;
    clearTimeout(forget);
    if (presses >= 3) { leave(); return; }
    live.textContent = presses === 1 ? exit.dataset.two : exit.dataset.one;
    forget = setTimeout(() => { presses = 0; live.textContent = ""; }, EXIT_PAUSE);
  });
}

// <button type="button" data-exit-key-switch data-on="Turn the Escape key off" data-off="Turn the Escape key on" hidden>
for (const button of document.querySelectorAll("[data-exit-key-switch]")) {
  const show = () => {
    const off = Boolean(stored.get(KEY_OFF));
    button.textContent = off ? button.dataset.off : button.dataset.on;
    button.dataset.state = off ? "off" : "on";
  };
  show();
  button.hidden = false;
  button.addEventListener("click", () => { stored.set(KEY_OFF, stored.get(KEY_OFF) ? null : "yes"); show(); });
}

// --- Error summary and banners ---------------------------------------------------------------------------------------

const first = document.querySelector("[data-error-summary]") || document.querySelector("[data-focus-first]");
if (first && !document.querySelector("[autofocus]")) first.focus();

document.querySelector("[data-error-summary]")?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  // Show the question, not only its box.
  const words = field.closest("fieldset")?.querySelector("legend") || document.querySelector(`label[for="${CSS.escape(field.id)}"]`) || field;
  words.scrollIntoView();
  field.focus({ preventScroll: true });
});

// --- Character count -------------------------------------------------------------------------------------------------
// Counts as the server does: letters and signs, not UTF-16 halves; a line end is one.

const length = (text) => [...text.replace(/\r\n?/g, "\n").trim().normalize("NFC")].length;

for (const group of document.querySelectorAll("[data-count-limit]")) {
  const box = group.querySelector("textarea");
  const message = group.querySelector(".govuk-character-count__message");
  if (!box || !message) continue;
  const limit = Number(group.dataset.countLimit);
  const seen = document.createElement("div");
  const heard = document.createElement("div");
  seen.className = "govuk-hint govuk-character-count__message govuk-character-count__status";
  seen.setAttribute("aria-hidden", "true");
  heard.className = "govuk-visually-hidden";
  heard.setAttribute("role", "status");
  message.after(seen, heard);
  message.classList.add("govuk-visually-hidden");

  const words = (left) => {
    const kind = left < 0 ? "over" : "left";
    const many = Math.abs(left);
    return many === 1 ? message.dataset[`${kind}One`] : message.dataset[kind].replace("{n}", many.toLocaleString(document.documentElement.lang));
  };
  let speak;
  const show = (aloud) => {
    const left = limit - length(box.value);
    seen.textContent = words(left);
    seen.classList.toggle("govuk-error-message", left < 0);
    seen.classList.toggle("govuk-hint", left >= 0);
    clearTimeout(speak);
    if (aloud) speak = setTimeout(() => { heard.textContent = words(left); }, 1500);
  };
  box.addEventListener("input", () => show(true));
  window.addEventListener("pageshow", () => show(false));
  show(false);
}

// --- Show a password -------------------------------------------------------------------------------------------------

for (const button of document.querySelectorAll("[data-password-for]")) {
  const field = document.getElementById(button.dataset.passwordFor);
  if (!field) continue;
  const said = document.createElement("div");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  button.after(said);
  const set = (shown, aloud) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    if (aloud) said.textContent = shown ? button.dataset.shown : button.dataset.hidden;
  };
  const name = button.getAttribute("aria-label");
  button.hidden = false;
  button.addEventListener("click", () => { set(field.type === "password", true); button.removeAttribute("aria-label"); if (field.type === "password") button.setAttribute("aria-label", name); });
  field.form?.addEventListener("submit", () => set(false, false));
}

// --- Send once -------------------------------------------------------------------------------------------------------
// A second press within ten seconds does nothing. Buttons are not disabled: a disabled button would not be sent.

for (const form of document.querySelectorAll("form[data-once]")) {
  let sentAt = -Infinity;
  form.addEventListener("submit", (event) => {
    const now = performance.now();
    if (now - sentAt < 10000) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    sentAt = now;
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => { sentAt = -Infinity; form.removeAttribute("aria-busy"); });
}

// --- Keep a draft while writing --------------------------------------------------------------------------------------
// 1.5 seconds after the last letter, the form goes to its data-autosave address. The answer is a few words of plain text.
// A page that is not plain text (the sign-in page, an error) means that nothing was saved, and we say so calmly.

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = form.querySelector("[data-autosave-status]");
  let wait;
  let saving;
  let changed = false;

  const save = async (options = {}) => {
    clearTimeout(wait);
    if (!changed) return;
    changed = false;
    saving?.abort();
    const mine = new AbortController();
    saving = mine;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, credentials: "same-origin", redirect: "error", cache: "no-store", signal: mine.signal, ...options });
      if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("text/plain")) throw new Error("not saved");
      const words = (await answer.text()).trim().slice(0, 200);
      if (status && saving === mine) status.textContent = words;
    } catch {
      if (mine.signal.aborted || saving !== mine) return;
      changed = true;
      if (status) status.textContent = form.dataset.autosaveFailed || status.dataset.failed || "Not saved yet. Your words are still here. Press Save as a draft.";
    }
  };

  const typed = () => { changed = true; clearTimeout(wait); wait = setTimeout(save, 1500); };
  form.addEventListener("input", typed);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(wait);
    changed = false;
    saving?.abort();
    saving = undefined;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !document.body.classList.contains("hub-leaving")) save({ keepalive: true });
  });
}

// --- Print this card -------------------------------------------------------------------------------------------------

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// --- A piece of the page came anew -----------------------------------------------------------------------------------
// Whoever pressed the button that is gone now carries on at the heading of the piece, and hears it.

document.addEventListener("htmx:afterSettle", (event) => {
  document.getElementById(event.detail.target?.id)?.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
});
