"use strict";

// Finds Parties by any of their names as one types; without scripts the field's form does. Escape empties the field,
// Enter goes to the first that is found.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[.'’]/g, "");
const field = document.getElementById("filter");
if (field) {
  const named = [...document.querySelectorAll("[data-name]")].map((node) => [node, plain(`${node.dataset.name} | ${node.querySelector("th")?.textContent ?? node.textContent}`)]);
  const regions = [...document.querySelectorAll(".region")];
  let asked = false;
  const learn = async () => {
    if (asked) return;
    asked = true;
    const names = await (await fetch(new URL("names.json", field.form.action))).json();
    for (const one of named) one[1] += ` | ${plain(names[one[0].dataset.name] ?? "")}`;
    narrow();
  };
  const begins = (names, wanted) => ` ${names}`.includes(` ${wanted}`) || (/[^\x00-\u024f]/.test(wanted) && names.includes(wanted));
  const narrow = () => {
    const wanted = plain(field.value.trim());
    for (const [node, names] of named) {
      node.hidden = !begins(names, wanted);
      const comma = node.nextElementSibling;
      if (comma?.tagName === "I") comma.hidden = node.hidden || wanted !== "";
    }
    const has = (place) => !wanted || place.querySelector("[data-name]:not([hidden])");
    for (const place of document.querySelectorAll("tr.silent")) place.hidden = !has(place);
    for (const region of regions) region.hidden = !has(region);
    document.getElementById("no-match").hidden = regions.some((region) => !region.hidden);
  };
  field.addEventListener("focus", learn);
  field.addEventListener("input", narrow);
  field.form.addEventListener("submit", (event) => {
    const first = document.querySelector("tr[data-name]:not([hidden]) th a, a[data-name]:not([hidden])");
    if (!field.value.trim() || !first) return;
    event.preventDefault();
    first.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === field) {
      field.value = "";
      narrow();
    }
  });
}

// "/" goes to the field that finds.
const finds = field ?? document.getElementById("q");
if (finds) {
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    finds.focus();
  });
}

// Many links in one place are one stop of Tab; the arrows, Home and End go from one to the next, in a table by cells.
const roving = (links, step) => {
  let stop = links[0];
  for (const link of links) link.tabIndex = -1;
  if (stop) stop.tabIndex = 0;
  const go = (event) => {
    const from = event.target.closest("a");
    const to = from && step(links, links.indexOf(from), event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
  };
  return [go, (link) => {
    stop.tabIndex = -1;
    stop = link;
    stop.tabIndex = 0;
  }];
};
const inLine = (links, at, key) => {
  const shown = links.filter((link) => !link.hidden);
  const here = shown.indexOf(links[at]);
  return shown[{ ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: shown.length - 1 }[key]];
};
const inGrid = (links, at, key) => {
  const row = links[at].closest("tr");
  const column = links[at].closest("td, th").cellIndex;
  if (key === "ArrowDown" || key === "ArrowUp") {
    const below = links.filter((link) => link.checkVisibility() && link.closest("td, th").cellIndex === column && link.closest("tr") !== row);
    const after = below.filter((link) => row.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING);
    return key === "ArrowDown" ? after[0] : below[below.length - after.length - 1];
  }
  const own = links.filter((link) => link.closest("tr") === row);
  const here = own.indexOf(links[at]);
  return own[{ ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: own.length - 1 }[key]];
};
for (const [place, step] of [...[...document.querySelectorAll("[data-grid]")].map((one) => [one, inGrid]), ...[...document.querySelectorAll("[data-run]")].map((one) => [one, inLine])]) {
  if (step === inLine && place.closest("[data-grid]")) continue;
  const links = [...place.querySelectorAll("a")];
  if (links.length < 2) continue;
  const [go, stand] = roving(links, step);
  place.addEventListener("keydown", go);
  place.addEventListener("focusin", (event) => {
    const link = event.target.closest("a");
    if (link) stand(link);
  });
}

// A long mail is shown piece by piece: the address of something in it that is not shown leads to the piece that has it.
if (document.querySelector(".window") && /^#[seu]\d/.test(location.hash) && !document.getElementById(location.hash.slice(1)) && !location.search) {
  location.replace(`?at=${location.hash.slice(1)}${location.hash}`);
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
