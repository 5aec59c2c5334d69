/** A command that a person of the demo ran, its output, and what the output means. */
export interface Exchange<Value> {
  /** The person whose terminal ran the command. */
  readonly person?: string;
  /** The command's words; a sentence where an API was called without a command. */
  readonly command: readonly string[] | string;
  /** The lines of the output that the demo shows. */
  readonly output: readonly string[];
  readonly value: Value;
}
