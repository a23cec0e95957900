// What has come of it all: notes in the charts, claim lines, and what phones have shown of it.

import { h, lay } from "./dom.js";

const TABS = {
  notes: { label: "Charts", empty: "Nothing is signed yet. Each signed group note puts one note into each client's chart." },
  lines: { label: "Claim lines", empty: "No claim lines yet. They are made from signed notes, and from nothing else." },
  told: { label: "Notifications", empty: "No phone has shown anything yet." },
};
let chosen = "notes";
let held = {}; // what each tab shows

/** Shows the panel. `written`: {notes, lines}; `told`: notifications, each with the name of whom it was shown to. */
export function showRecords(parent, written, told) {
  held = { ...written, told };
  if (!parent.firstChild) parent.append(h("nav", { class: "tabs" }), h("div", { class: "sheet" }));
  draw(parent);
}

function draw(parent) {
  lay(parent.firstChild, Object.keys(TABS).map((name) => tab(name, parent)));
  lay(parent.lastChild, items(chosen));
}

function tab(name, parent) {
  const { label } = TABS[name];
  const count = held[name].length;
  const choose = () => {
    chosen = name;
    draw(parent);
  };
  const number = count ? h("span", { class: "count" }, String(count)) : null;
  const make = () => h("button", { type: "button", "aria-pressed": String(name === chosen), onclick: choose }, label, number);
  return { key: name, mark: `${count} ${name === chosen}`, make };
}

function items(name) {
  const rows = { notes: noteItems, lines: lineItems, told: toldItems }[name](held[name]);
  if (rows.length) return rows;
  return [{ key: `no ${name}`, make: () => h("p", { class: "empty" }, TABS[name].empty) }];
}

const noteItems = (notes) =>
  notes.map((note) => ({ key: note.id, mark: JSON.stringify(note), make: () => h("section", { class: "note" }, noteHead(note), note.charts.map(chart)) }));

const noteHead = (note) =>
  h("h3", {}, note.title, note.cosigned ? h("span", { class: "pill ready" }, "co-signed") : null);

/** One client's part: the first line names it, the rest unfolds. */
function chart(text) {
  const [first, ...rest] = text.split("\n");
  return h("details", { class: "chart" }, h("summary", {}, first.replace(/^Client: /, "")), h("div", { class: "text" }, rest.map(chartLine)));
}

function chartLine(line) {
  const [, label, said] = line.match(/^([A-Z][\w ]{2,40}:)(.*)$/s) ?? [null, null, line];
  return h("p", {}, label ? h("span", { class: "label" }, label) : null, said);
}

const lineItems = (lines) =>
  lines.map((line) => ({ key: line.id, mark: JSON.stringify(line), make: () => lineNode(line) }));

function lineNode(line) {
  return h(
    "section",
    { class: "line", title: line.text },
    h("h3", {}, line.client, h("span", { class: `pill ${line.state}` }, line.state)),
    h("p", { class: "figures" }, line.figures),
    line.why.map((why) => h("p", { class: "why" }, why)),
  );
}

const toldItems = (told) => [
  { key: "about", make: () => h("p", { class: "empty" }, "All that a locked phone has shown. It never says whom a note is about.") },
  ...told.map((each, number) => ({ key: `told ${number}`, make: () => toldNode(each) })).toReversed(),
];

const toldNode = (each) =>
  h(
    "section",
    { class: "told" },
    h("img", { src: "icon.svg", alt: "" }),
    h("div", {}, h("p", { class: "by" }, h("strong", {}, "Circlenote"), ` to ${each.name}`), h("p", {}, each.text)),
  );
