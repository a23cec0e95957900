// The way to the playground's server. All addresses are relative to the page's own, which carries the key.

export async function look(user) {
  const answer = await fetch(`state?as=${encodeURIComponent(user)}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

/** Does something as somebody: {ok, reason, errors}. Whatever cannot be done comes back as a reason. */
export async function perform(gesture) {
  try {
    const body = JSON.stringify(gesture);
    const answer = await fetch("gestures", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    return answer.ok ? await answer.json() : { ok: false, reason: await answer.text(), errors: {} };
  } catch {
    return { ok: false, reason: "the playground does not answer", errors: {} };
  }
}

/** Calls `changed` whenever something may have changed, and `lost` with whether the server is out of reach. */
export function listen(changed, lost) {
  const changes = new EventSource("changes");
  changes.addEventListener("message", changed);
  changes.addEventListener("open", () => lost(false));
  changes.addEventListener("error", () => lost(true));
}
