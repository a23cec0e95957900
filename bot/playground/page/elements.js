// Block Kit's interactive elements. What somebody does with one goes to the scene that it stands in:
// scene.act(gesture) tells the bot, scene.put(block, value) only remembers what an input holds until it is sent.

import { h } from "./dom.js";
import { textOf } from "./words.js";

const VALUE_KEYS = {
  static_select: "option", radio_buttons: "option", checkboxes: "options", multi_static_select: "options",
  datepicker: "date", timepicker: "time",
};
const TYPED = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text" };
const PICKED = { datepicker: "date", timepicker: "time" };

/** The node for an element of this block. */
export function elementOf(element, block, scene) {
  const heard = block.type !== "input" || block.dispatch_action;
  const context = { element, block, scene, value: heldBy(element, block, scene), change };
  function change(value) {
    if (heard) return scene.act({ does: "pick", element: element.action_id, block: block.block_id, value });
    scene.put(block.block_id, value);
  }
  if (element.type in TYPED) return typed(context);
  if (element.type in PICKED) return picked(context);
  return (KINDS[element.type] ?? unknown)(context);
}

/** What the element holds now: typed since the last answer, known to Slack, or there from the beginning. */
function heldBy(element, block, scene) {
  if (scene.filled.has(block.block_id)) return scene.filled.get(block.block_id);
  const kept = scene.values?.[block.block_id]?.[element.action_id];
  const kind = VALUE_KEYS[element.type];
  const held = kept ? kept[kind ? `selected_${kind}` : "value"] : element[kind ? `initial_${kind}` : "initial_value"];
  if (kind === "options") return (held ?? []).map((option) => option.value);
  return kind === "option" ? held?.value ?? null : held ?? null;
}

function button({ element, block, scene }) {
  const press = async () => {
    if (element.confirm && !(await scene.sure(element.confirm))) return;
    await scene.act({ does: "press", element: element.action_id, block: block.block_id });
  };
  const look = `button ${element.style ?? ""}`;
  const node = h("button", { type: "button", class: look, onclick: () => busy(node, press) }, textOf(element.text));
  if (element.accessibility_label) node.setAttribute("aria-label", element.accessibility_label);
  return node;
}

/** A button that has been pressed waits for its answer; a second tap meanwhile is not one. */
export async function busy(node, press) {
  if (node.getAttribute("aria-busy")) return;
  node.setAttribute("aria-busy", "true");
  await press();
  node.removeAttribute("aria-busy");
}

function typed({ element, block, value, change }) {
  const heard = block.type !== "input" || block.dispatch_action;
  const common = {
    id: idOf(block),
    placeholder: element.placeholder?.text,
    maxlength: element.max_length ? String(element.max_length) : null,
    "aria-label": block.label?.text ?? element.placeholder?.text,
    autocomplete: "off",
    [heard ? "onchange" : "oninput"]: (event) => change(event.target.value || null),
  };
  const multiline = { ...common, rows: "3" };
  const single = { ...common, type: TYPED[element.type], inputmode: element.type === "number_input" ? "decimal" : null };
  const field = element.multiline ? h("textarea", multiline) : h("input", single);
  field.value = value ?? "";
  if (element.focus_on_load) field.autofocus = true;
  return field;
}

function picked({ element, block, value, change }) {
  const label = block.label?.text ?? element.placeholder?.text;
  const look = { id: idOf(block), type: PICKED[element.type], "aria-label": label };
  const field = h("input", { ...look, onchange: () => change(field.value || null) });
  field.value = value ?? "";
  return field;
}

function select({ element, block, value, change }) {
  const label = block.label?.text ?? element.placeholder?.text ?? "Choose";
  const first = h("option", { value: "", disabled: block.type !== "input" }, element.placeholder?.text ?? "Choose…");
  const offered = element.options
    ? element.options.map(option)
    : element.option_groups.map((group) => h("optgroup", { label: group.label.text }, group.options.map(option)));
  const node = h("select", { id: idOf(block), "aria-label": label, onchange: () => change(node.value || null) }, first, offered);
  node.value = value ?? "";
  return node;
}

const option = (each) => h("option", { value: each.value }, textOf(each.text));

/** Radio buttons, checkboxes, and a select of several: a list with something to tick. */
function ticks({ element, block, value, change }) {
  const several = element.type !== "radio_buttons";
  const offered = element.options ?? element.option_groups.flatMap((group) => group.options);
  const name = `${block.block_id}.${element.action_id}`;
  const changed = () => {
    const ticked = [...node.querySelectorAll("input:checked")].map((input) => input.value);
    change(several ? ticked : ticked[0] ?? null);
  };
  const row = (each) => {
    const on = several ? (value ?? []).includes(each.value) : value === each.value;
    const tick = h("input", { type: several ? "checkbox" : "radio", name, value: each.value, checked: on, onchange: changed });
    const more = each.description ? h("small", {}, textOf(each.description)) : null;
    return h("label", { class: "tick" }, tick, h("span", {}, textOf(each.text), more));
  };
  const node = h("div", { class: "ticks", role: "group", "aria-label": block.label?.text }, offered.map(row));
  return node;
}

function overflow({ element, change }) {
  const item = (each) => h("button", { type: "button", onclick: () => pick(each.value) }, textOf(each.text));
  const pick = (value) => {
    node.open = false;
    change(value);
  };
  const node = h("details", { class: "menu" }, h("summary", { "aria-label": "More" }, "⋯"), h("div", {}, element.options.map(item)));
  return node;
}

const unknown = ({ element }) => h("span", { class: "unknown" }, `[${element.type}]`);

const KINDS = {
  button, overflow, static_select: select, multi_static_select: ticks, radio_buttons: ticks, checkboxes: ticks,
};

export const idOf = (block) => `in-${block.block_id}`;
