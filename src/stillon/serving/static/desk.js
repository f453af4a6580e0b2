// What makes the desk quicker to use; everything works without it.
"use strict";
(() => {
  const DAY_MS = 86400000;
  const iso = (time) => new Date(time).toISOString().slice(0, 10);

  // The slider over the days, beside the field for one day.
  function slider(place) {
    const first = Date.parse(place.dataset.first + "T00:00:00Z");
    const days = Number(place.dataset.days);
    const chosen = Math.round((Date.parse(place.dataset.chosen + "T00:00:00Z") - first) / DAY_MS);
    const form = place.closest(".asof").querySelector("form");
    const field = form.querySelector("[name=as_of]");
    const range = document.createElement("input");
    Object.assign(range, { type: "range", min: 0, max: days - 1, value: Math.min(Math.max(chosen, 0), days - 1) });
    range.setAttribute("aria-label", "Day that the answers hold for");
    range.style.maxWidth = place.dataset.width + "px";
    const tell = () => range.setAttribute("aria-valuetext", field.value);
    tell();
    range.addEventListener("input", () => { field.value = iso(first + range.value * DAY_MS); tell(); });
    range.addEventListener("change", () => form.requestSubmit());
    place.append(range);
  }

  // Forms that only ask are sent without loading the whole page anew.
  function live(form) {
    form.setAttribute("hx-get", form.getAttribute("action") || location.pathname);
    form.setAttribute("hx-sync", "this:replace");
    form.setAttribute("hx-target", "#main");
    form.setAttribute("hx-select", "#main");
    form.setAttribute("hx-swap", "outerHTML show:none");
    form.setAttribute("hx-push-url", "true");
    form.setAttribute("hx-trigger", "submit");  // not on each change: the answer would wipe what is being filled in
    window.htmx.process(form);
  }

  // A claim under the pointer or the keyboard is lit in the text and beside it.
  function light(id, on) {
    document.querySelectorAll("[data-of], [data-note]").forEach((each) => {
      const own = (each.dataset.note || each.dataset.of).split(" ");
      if (own.includes(id)) each.classList.toggle("lit", on);
    });
  }
  function lights(root) {
    const id = (target) => {
      const found = target.closest && target.closest("[data-of], [data-note]");
      return found && (found.dataset.note || found.dataset.of).split(" ")[0];
    };
    for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
      root.addEventListener(name, (event) => { const own = id(event.target); if (own) light(own, on); });
    }
  }

  // A button that copies the summary.
  function copier(area) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(area.value); } catch { area.closest("details").open = true; area.select(); document.execCommand("copy"); }
      button.textContent = "Copied";
    });
    area.closest("details").before(button);
  }

  function dress(root) {
    root.querySelectorAll(".slider:empty").forEach(slider);
    if (window.htmx) root.querySelectorAll("form[method=get]").forEach(live);
    root.querySelectorAll("textarea#copy").forEach(copier);
    root.querySelectorAll(".reading").forEach(lights);
    root.querySelectorAll(".scroll").forEach((each) => {
      const chosen = each.querySelector("[aria-current=date] rect");
      if (chosen) each.scrollLeft = Math.max(0, chosen.x.baseVal.value - each.clientWidth / 2);
    });
  }

  // Keys: / searches, j and k go through the events, ? says so.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "/") {
      const field = document.querySelector("input[type=search]");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (event.key === "j" || event.key === "k") {
      const links = [...document.querySelectorAll(".event .name a, .change h2 a, .reports > li > a")];
      const at = links.indexOf(document.activeElement);
      const next = links[event.key === "j" ? at + 1 : Math.max(at - 1, 0)];
      if (next) next.focus();
    }
  });

  document.addEventListener("DOMContentLoaded", () => dress(document));
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) dress(event.detail.elt); });
})();
