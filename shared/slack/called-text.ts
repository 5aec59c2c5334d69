/** More people than this are not called one by one: the text names their groups. */
const MOST_MENTIONS = 10;

/**
 * Text that calls people in Slack. Ids of access.yaml have nothing else in them than capitals and
 * digits.
 *
 * @param userOf a person's Slack user; undefined for a person without one
 */
export function calledText(
  names: readonly string[],
  userOf: (person: string) => string | undefined,
): string {
  const users = names.length > MOST_MENTIONS ? [] : names.flatMap((name) => userOf(name) ?? []);
  return users.map((user) => `<@${user}>`).join(" ");
}
