"use strict";

// Finds Parties by name as one types; the page is whole without it. "/" goes to the field, Escape empties it.
const field = document.getElementById("filter");
if (field) {
  field.hidden = false;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const named = [...document.querySelectorAll("[data-name]")].map((node) => [node, plain(node.dataset.name)]);
  const regions = [...document.querySelectorAll(".region")];
  const narrow = () => {
    const wanted = plain(field.value.trim());
    for (const [node, name] of named) {
      node.hidden = !name.includes(wanted);
      const comma = node.nextElementSibling;
      if (comma?.tagName === "I") comma.hidden = node.hidden || wanted !== "";
    }
    const has = (place) => !wanted || place.querySelector("[data-name]:not([hidden])");
    for (const place of document.querySelectorAll(".region table, .region .silent")) place.hidden = !has(place);
    for (const region of regions) region.hidden = !has(region);
    document.getElementById("no-match").hidden = regions.some((region) => !region.hidden);
  };
  field.addEventListener("input", narrow);
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape" && event.target === field) {
      field.value = "";
      narrow();
    } else if (event.key === "Enter" && event.target === field) {
      document.querySelector("[data-name]:not([hidden]) a, a[data-name]:not([hidden])")?.click();
    }
  });
}

// Sentences of a mail: each list is one stop of Tab; the arrows, Home and End go from sentence to sentence.
for (const list of document.querySelectorAll(".part-text > .sentences")) {
  const all = [...list.querySelectorAll(".s")];
  let stop = all[0];
  const make = (row) => {
    stop.tabIndex = -1;
    stop = row;
    stop.tabIndex = 0;
  };
  make(stop);
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest(".s");
    if (row) make(row);
  });
  list.addEventListener("keydown", (event) => {
    if (!event.target.classList.contains("s")) return;
    const shown = all.filter((row) => row.checkVisibility());
    const at = shown.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined || !shown[to]) return;
    event.preventDefault();
    shown[to].focus();
  });
}

// One key does what its button or link does, unless one types; the choice is remembered.
const keys = document.getElementById("keys");
if (keys) {
  keys.checked = localStorage.getItem("keys") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target !== keys;
    if (event.key === "Escape" && typing) event.target.closest("details")?.querySelector("summary").focus();
    if (typing || !keys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
    const opened = wanted.closest("details[open]");
    if (wanted.tagName === "SUMMARY") opened?.querySelector("select, input:not([type=hidden]), textarea")?.focus();
  });
}

// A choice that only asks for another view is followed at once; its button is for those without scripts.
for (const choice of document.querySelectorAll("[data-submit]")) {
  choice.form.querySelector("button").hidden = true;
  choice.addEventListener("change", () => choice.form.requestSubmit());
}

// Downloads that take a while say so; without this script they are links.
for (const link of document.querySelectorAll("a[data-download]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const said = link.parentElement.querySelector("output");
    said.value = `${link.textContent}: being written …`;
    const answer = await fetch(link.href);
    if (!answer.ok) {
      said.value = (await answer.json()).detail;
      return;
    }
    const file = document.createElement("a");
    file.href = URL.createObjectURL(await answer.blob());
    file.download = decodeURIComponent(answer.headers.get("Content-Disposition").split("filename*=UTF-8''")[1]);
    file.click();
    URL.revokeObjectURL(file.href);
    said.value = `${file.download} is downloaded.`;
  });
}
