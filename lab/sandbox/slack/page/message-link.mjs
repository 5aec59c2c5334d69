/** Links to messages: https://docs.slack.dev/reference/methods/chat.getPermalink. */

/** `/archives/C0001/p1764095400000100`: the last six digits are microseconds. */
const PATH = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/;

/** The message that an address of this Slack names; undefined for every other address. */
export function messageOf(href) {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  const [, channel, seconds, micros] = PATH.exec(url?.pathname ?? "") ?? [];
  if (url?.origin !== location.origin || channel === undefined) return undefined;
  return { channel, ts: `${seconds}.${micros}` };
}

/** Shows the message as whoever is chosen. The place is read again where it is the same. */
export function openMessage({ channel, ts }) {
  const [user = ""] = location.hash.slice(1).split("/");
  const hash = `#${user}/${channel}/${ts}`;
  if (location.hash === hash) dispatchEvent(new Event("hashchange"));
  else location.hash = hash;
}
