// The direct messages with the bot: a thread for each message that stands outside one, newest at the bottom.

import { blocksOf } from "./blocks.js";
import { composer, h, lay } from "./dom.js";
import { mrkdwn } from "./words.js";

/** Lays out everything in `seen`. `scene`: {me, names, act, sure, shortcuts}. */
export function showThreads(parent, seen, scene) {
  const tops = [...seen.messages.filter(isTop), ...seen.whispers].sort(byTime);
  const days = tops.map((message) => dayOf(message.ts));
  lay(
    parent,
    tops.flatMap((top, i) => {
      const thread = threadItem(top, seen, scene);
      return days[i] === days[i - 1] ? [thread] : [dayItem(days[i]), thread];
    }),
  );
}

const isTop = (message) => !message.thread_ts || message.thread_ts === message.ts;
const byTime = (a, b) => Number(a.ts) - Number(b.ts);

const dayItem = (day) => ({ key: `day ${day}`, make: () => h("div", { class: "day" }, h("span", {}, day)) });

function threadItem(top, seen, scene) {
  const replies = seen.messages.filter((message) => !isTop(message) && message.thread_ts === top.ts).sort(byTime);
  const status = seen.statuses[top.ts];
  const items = [top, ...replies].map((message) => messageItem(message, seen, scene));
  if (status) items.push({ key: "status", mark: status, make: () => h("p", { class: "status" }, `Circlenote ${status}`) });
  return {
    key: top.ts,
    make: () => h("article", { class: "thread" }, h("div", { class: "said" }), top.is_ephemeral ? null : replyBox(top, scene)),
    update: (node) => {
      node.classList.toggle("answered", replies.length > 0);
      lay(node.firstElementChild, items);
    },
  };
}

function replyBox(top, scene) {
  const send = async (text) => (await scene.act({ does: "say", text, thread: top.ts })).ok;
  const box = composer({ label: "Answer in this thread", send });
  box.form.classList.add("reply");
  return box.form;
}

function messageItem(message, seen, scene) {
  const values = seen.values[message.ts];
  return {
    key: message.ts,
    mark: JSON.stringify([message.text, message.blocks, message.edited, message.subtype]),
    make: () => messageNode(message, values, scene),
  };
}

function messageNode(message, values, scene) {
  const bot = message.from_bot;
  const gone = message.subtype === "tombstone";
  const name = bot ? "Circlenote" : scene.me.name;
  const own = !bot && !gone;
  const node = h(
    "div",
    { class: bot ? "message from-bot" : "message" },
    bot ? h("img", { class: "face", src: "icon.svg", alt: "" }) : scene.face(scene.me),
    h(
      "div",
      { class: "content" },
      h("p", { class: "by" }, h("strong", {}, name), " ", h("time", {}, timeOf(message.ts)), own && message.edited ? " edited" : ""),
      message.is_ephemeral ? h("p", { class: "only" }, "Only you can see this") : null,
      bodyOf(message, values, scene, bot),
      own ? gestures(message, scene, () => edit(node, message, scene)) : null,
    ),
  );
  return node;
}

function bodyOf(message, values, scene, bot) {
  if (message.subtype === "tombstone") return h("p", { class: "gone" }, message.text);
  const files = (message.files ?? []).map((file) => h("p", { class: "only" }, `📎 ${file.name}`));
  const act = (gesture) => scene.act({ ...gesture, where: message.ts, filled: Object.fromEntries(filled) });
  const filled = new Map();
  const here = { ...scene, values, filled, act, put: (block, value) => filled.set(block, value) };
  const inside = message.blocks?.length ? blocksOf(message.blocks, here) : h("div", { class: "text" }, mrkdwn(message.text, scene.names));
  return h("div", { class: bot ? "card" : "typed" }, inside, files);
}

/** What one can do with one's own message. */
function gestures(message, scene, startEditing) {
  const does = (name, more = {}) => () => scene.act({ does: name, where: message.ts, ...more });
  const item = (label, onclick, title) => h("button", { type: "button", class: "plain", onclick, title }, label);
  return h(
    "div",
    { class: "own" },
    item("Edit", startEditing),
    item("Delete", does("delete")),
    item("Deliver again", does("deliver_again"), "Slack sometimes delivers an event twice"),
    scene.shortcuts.map((callback) => item(callback.replaceAll("_", " "), does("shortcut", { element: callback }))),
  );
}

function edit(node, message, scene) {
  const send = async (text) => (await scene.act({ does: "edit", where: message.ts, text })).ok;
  const typed = node.querySelector(".typed");
  const stop = () => box.form.replaceWith(typed);
  const text = message.blocks?.[0]?.elements?.[0]?.elements?.[0]?.text ?? message.text;
  const box = composer({ label: "Edit your message", send, text, onescape: stop });
  box.button.textContent = "Save";
  box.form.append(h("button", { type: "button", class: "button", onclick: stop }, "Cancel"));
  box.form.classList.add("editing");
  typed.replaceWith(box.form);
  box.field.focus();
  box.put(text);
}

let timeZone = "UTC";

/** From now on, times are told as the practice's clocks show them. */
export const keepTimeOf = (zone) => { timeZone = zone; };

const moment = (ts) => new Date(Number(ts) * 1000);
const timeOf = (ts) => moment(ts).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone });
const dayOf = (ts) => moment(ts).toLocaleDateString("en-US", { weekday: "long", month: "long", day: "numeric", timeZone });
