// The page: who one is, what one looks at, and everything laid out anew whenever the server says that it has changed.

import { blocksOf } from "./blocks.js";
import { keepTimeOf, showThreads } from "./conversation.js";
import { composer, h, lay } from "./dom.js";
import { examplesFor } from "./examples.js";
import { showModal, sure } from "./modal.js";
import { showRecords } from "./records.js";
import { listen, look, perform } from "./server.js";

const PLACES = { messages: "Messages", home: "Home", records: "Records" };
const at = (id) => document.getElementById(id);
const typed = new Map(); // what inputs on Home hold, by block id
let user = location.hash.slice(1);
let place = "messages";
let state = null;
let told = 0; // how many notifications have been shown
let newest = "";
const read = new Map(); // the last notification whose message each persona has had before their eyes

// ---- keeping up

let looking = false;
let again = false;

/** Looks at the server once; whatever changes meanwhile is looked at afterwards. */
async function refresh() {
  again = looking;
  if (looking) return;
  looking = true;
  try {
    const asked = user;
    const seen = await look(asked);
    if (user === asked) {
      state = seen;
      user = seen.as;
      show();
    } else again = true; // one has become somebody else meanwhile
  } finally {
    looking = false;
    if (again) refresh();
  }
}

async function act(gesture) {
  const done = await perform({ who: user, ...gesture });
  if (!done.ok && !Object.keys(done.errors).length) toast("⚠", "Circlenote", troubleIn(done.reason));
  await refresh();
  return done;
}

const troubleIn = (reason) =>
  ({ timeout: "did not answer within three seconds.", no_connection: "is not connected." })[reason] ?? reason;

function become(id) {
  user = id;
  location.replace(`#${id}`);
  newest = "";
  typed.clear();
  if (place === "home") openHome();
  refresh();
}

function go(name) {
  place = name;
  document.body.dataset.place = name;
  if (name === "home") openHome();
  if (state.as === user) show();
}

const openHome = () => perform({ who: user, does: "open_home" });

// ---- laying out

function show() {
  const me = state.people.find((each) => each.id === user);
  const names = Object.fromEntries(state.people.map((each) => [each.id, each.name]));
  keepTimeOf(state.timezone);
  const scene = { me, names, act, sure, face, shortcuts: state.shortcuts };
  if (place === "messages") read.set(user, lastTold(user));
  if (!say.form.isConnected) at("foot").append(say.form);
  showPeople();
  at("who").replaceChildren(me.name, h("small", {}, me.does));
  lay(at("places"), Object.entries(PLACES).map(placeItem));
  if (state.seen.messages.length || state.seen.whispers.length) showThreads(at("threads"), state.seen, scene);
  else showStart(me);
  showHome(scene);
  showModal(state.seen.modal, scene);
  showRecords(at("records"), state.written, state.notifications.map((each) => ({ ...each, name: names[each.to].split(",")[0] })));
  showNotifications(names);
  follow();
}

function showPeople() {
  lay(at("people"), state.people.map((each) => {
    const unread = each.id !== user && lastTold(each.id) > (read.get(each.id) ?? -1);
    const make = () =>
      h(
        "button",
        { type: "button", "aria-pressed": String(each.id === user), onclick: () => become(each.id) },
        face(each),
        h("span", { class: "name" }, each.name.split(",")[0], h("small", {}, each.does)),
        unread ? h("span", { class: "unread", "aria-label": "unread" }) : null,
      );
    return { key: each.id, mark: `${each.id === user} ${unread}`, make };
  }));
}

const lastTold = (id) => state.notifications.findLastIndex((each) => each.to === id);

function face(person) {
  const initials = person.name.split(/[ ,]+/).slice(0, 2).map((word) => word[0]).join("");
  const colour = state.people.findIndex((each) => each.id === person.id) % 4;
  return h("span", { class: `face colour${colour}`, "aria-hidden": "true" }, initials);
}

function placeItem([name, label]) {
  const make = () =>
    h("button", { type: "button", class: `to-${name}`, "aria-pressed": String(name === place), onclick: () => go(name) }, label);
  return { key: name, mark: String(name === place), make };
}

/** Before anything is said: what one could say. */
function showStart(me) {
  const prompts = state.seen.prompts.map((each) => ({ title: each.title, text: each.message }));
  const offered = prompts.length ? prompts : examplesFor(me);
  lay(at("threads"), [{ key: "start", mark: me.id, make: () => start(me, offered) }]);
}

const start = (me, offered) =>
  h(
    "div",
    { class: "start" },
    h("img", { src: "icon.svg", alt: "" }),
    h("h2", {}, `Hello, ${me.name.split(" ")[0]}`),
    h("p", {}, offered.length ? "Write what you would write after group. Or take one of these:" : "Circlenote writes to you here; your work is on Home."),
    offered.map((each) => h("button", { type: "button", class: "example", onclick: () => offer(each.text) }, h("strong", {}, each.title), each.text)),
  );

function offer(text) {
  say.put(text);
  say.field.focus();
}

function showHome(scene) {
  const view = state.seen.home;
  const home = { ...scene, values: view?.state.values, filled: typed, put: (block, value) => typed.set(block, value) };
  home.act = (gesture) => act({ ...gesture, where: view.id, filled: Object.fromEntries(typed) });
  const make = () => h("div", { class: "card" }, blocksOf(view.blocks, home));
  const opening = { key: "opening", make: () => h("p", { class: "empty" }, "Opening Home…") };
  lay(at("home"), [view ? { key: user, mark: view.hash, make } : opening]);
}

/** Brings what is new before one's eyes. */
function follow() {
  const said = [...state.seen.messages, ...state.seen.whispers];
  const last = said.reduce((latest, each) => (Number(each.ts) > Number(latest) ? each.ts : latest), "0");
  if (last === newest) return;
  const first = newest === "";
  newest = last;
  if (first) at("scroll").scrollTop = at("scroll").scrollHeight;
  else at("threads").querySelector(`.message[data-key="${last}"]`)?.scrollIntoView({ block: "nearest" });
}

// ---- what phones show

function showNotifications(names) {
  const fresh = told ? state.notifications.slice(told) : [];
  told = state.notifications.length;
  for (const each of fresh) {
    const mine = each.to === user && place === "messages";
    if (!mine) toast("", `Circlenote to ${names[each.to].split(" ")[0]}`, each.text, () => reach(each.to));
  }
}

function reach(id) {
  if (id !== user) become(id);
  go("messages");
}

function toast(sign, title, text, onclick = () => {}) {
  const picture = sign ? h("span", { class: "sign" }, sign) : h("img", { src: "icon.svg", alt: "" });
  const hit = () => {
    node.remove();
    onclick();
  };
  const node = h("button", { type: "button", class: "toast", onclick: hit }, picture, h("span", {}, h("strong", {}, title), text));
  at("toasts").append(node);
  setTimeout(() => node.remove(), 7000);
}

// ---- the start

/** What is typed at the bottom: a message outside any thread, or a command. */
async function send(text) {
  const command = state.commands.find((each) => text === each || text.startsWith(`${each} `));
  const gesture = command ? { does: "command", element: command, text: text.slice(command.length).trim() } : { does: "say", text };
  return (await act(gesture)).ok;
}

const say = composer({ label: "Message Circlenote", send });
listen(refresh, (lost) => { at("lost").hidden = !lost; });
