// Building and keeping DOM nodes. Words only ever become text nodes: there is no way from here to markup.

/** A node: `attributes` whose names begin with "on" are listeners, and those that are null or false are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const marks = new WeakMap();

/**
 * Makes `parent` hold one node for each item, in order. A node stays the same one, with what is typed into it and
 * its focus, until its item's `mark` changes; `update` is called with it each time.
 */
export function lay(parent, items) {
  const standing = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  items.forEach(({ key, mark = "", make, update }, place) => {
    let node = standing.get(key);
    if (!node || marks.get(node) !== mark) {
      const fresh = make();
      fresh.dataset.key = key;
      marks.set(fresh, mark);
      node?.replaceWith(fresh);
      node = fresh;
    }
    standing.delete(key);
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
    update?.(node);
  });
  standing.forEach((node) => node.isConnected && node.parentNode === parent && node.remove());
}

/** A text field that grows with what is typed. Enter sends, Shift+Enter begins a new line. */
export function composer({ label, send, text = "", onescape = () => {} }) {
  const field = h("textarea", { rows: "1", "aria-label": label, placeholder: label, oninput: () => grow(field) });
  const button = h("button", { class: "button primary", type: "submit" }, "Send");
  const form = h("form", { class: "composer", onsubmit: submit }, field, button);
  async function submit(event) {
    event.preventDefault();
    const said = field.value.trim();
    if (!said) return;
    put("");
    if (!(await send(said)) && !field.value) put(said);
  }
  function put(words) {
    field.value = words;
    grow(field);
  }
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    if (event.key === "Escape") onescape();
  });
  field.value = text;
  return { form, field, button, put };
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 260)}px`;
}
