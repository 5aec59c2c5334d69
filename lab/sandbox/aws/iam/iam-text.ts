/** The characters that IAM takes. */

/**
 * Patterns by the parameter that has them, as the models of CreateRole and CreatePolicy say.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
const TAKEN = {
  policyDocument: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
  assumeRolePolicyDocument: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
  description: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
} as const;

/** IAM's answer for a text with another character; undefined where it takes all. */
export function refusedText(parameter: keyof typeof TAKEN, text: string): string | undefined {
  const pattern = TAKEN[parameter];
  if (new RegExp(`^${pattern}$`).test(text)) return undefined;
  return `1 validation error detected: Value '${text}' at '${parameter}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;
}
