// Slack's mrkdwn, read into a small tree: {kind, text} or {kind, parts}, and {kind: "link", url, parts}.

const TOKEN = new RegExp(
  [
    "```(?<block>[\\s\\S]+?)```",
    "`(?<code>[^`\\n]+)`",
    "<(?<special>[^<>\\n]+)>",
    "(?<![\\w*])\\*(?<bold>\\S(?:[^*\\n]*\\S)?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>\\S(?:[^_\\n]*\\S)?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>\\S(?:[^~\\n]*\\S)?)~(?![\\w~])",
    "(?<!\\w):(?<emoji>[a-z0-9_+-]+):(?!\\w)",
    "^(?:>|&gt;) ?(?<quote>.*)$",
  ].join("|"),
  "gm",
);

const EMOJI = {
  wave: "👋", white_check_mark: "✅", heavy_check_mark: "✔️", warning: "⚠️", x: "❌", memo: "📝", lock: "🔒",
  hourglass: "⏳", hourglass_flowing_sand: "⏳", tada: "🎉", bell: "🔔", moneybag: "💰", calendar: "📅", eyes: "👀",
  pencil: "✏️", pencil2: "✏️", mag: "🔍", bulb: "💡", inbox_tray: "📥", outbox_tray: "📤", zzz: "💤", seedling: "🌱",
  thumbsup: "👍", "+1": "👍", raised_hand: "✋", clock3: "🕒", speech_balloon: "💬", information_source: "ℹ️",
  red_circle: "🔴", large_yellow_circle: "🟡", large_green_circle: "🟢", white_circle: "⚪", busts_in_silhouette: "👥",
};

/** Text as it was before Slack's three characters were escaped. */
export const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** plain_text: nothing but emoji is special. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);

export function parse(text, names = {}) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(TOKEN)) {
    if (found.index > from) parts.push(plain(text.slice(from, found.index)));
    parts.push(token(found, names));
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push(plain(text.slice(from)));
  return parts;
}

const plain = (text) => ({ kind: "text", text: unescaped(text) });

function token(found, names) {
  const { block, code, special, emoji, ...nested } = found.groups;
  if (block !== undefined) return { kind: "block", text: unescaped(block.replace(/^\n/, "")) };
  if (code !== undefined) return { kind: "code", text: unescaped(code) };
  if (special !== undefined) return reference(special, names);
  if (emoji !== undefined) return { kind: "text", text: EMOJI[emoji] ?? found[0] };
  const [kind, words] = Object.entries(nested).find(([, value]) => value !== undefined);
  return { kind, parts: parse(words, names) };
}

/** What stands in angle brackets: a person, a channel, a date, a call to all, or a link. */
function reference(special, names) {
  const [target, ...labels] = special.split("|");
  const label = labels.join("|");
  const mention = (words) => ({ kind: "mention", text: unescaped(words) });
  if (target.startsWith("@")) return mention(`@${names[target.slice(1)] ?? (label || target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label || target.slice(1)}`);
  if (target.startsWith("!date^")) return plain(label);
  if (target.startsWith("!")) return mention(`@${label || target.slice(1)}`);
  if (/^(https?:|mailto:)/.test(target)) return { kind: "link", url: unescaped(target), parts: [plain(label || target)] };
  return plain(`<${special}>`);
}
