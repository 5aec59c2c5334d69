/** Templates as CloudFormation answers them. Pure. */

/**
 * CloudFormation deploys what was handed in, and answers each character beyond ASCII as a question mark.
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/814
 */
export const asAnswered = (text: string): string => text.replace(/[^\0-\x7f]/gu, "?");

/**
 * The answered value with the lost characters of another one, wherever the two could be the same. So a change from one
 * such character to another is not seen.
 *
 * @param intended what is to be there, such as the template that was just synthesized
 */
export function withLostCharacters<Value>(answered: Value, intended: unknown): Value {
  if (typeof answered === "string")
    return typeof intended === "string" && asAnswered(intended) === answered
      ? (intended as Value)
      : answered;
  if (typeof answered !== "object" || answered === null) return answered;
  const others = (typeof intended === "object" ? intended : null) ?? {};
  const restored = (key: string, value: unknown): unknown =>
    withLostCharacters(value, (others as Readonly<Record<string, unknown>>)[key]);
  if (Array.isArray(answered))
    return answered.map((value, at) => restored(String(at), value)) as Value;
  return Object.fromEntries(
    Object.entries(answered).map(([key, value]) => [key, restored(key, value)]),
  ) as Value;
}
