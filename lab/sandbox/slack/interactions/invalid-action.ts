/** An action that nobody could take in Slack's client. Nothing was sent to the app. */
export class InvalidAction extends Error {
  override readonly name = "InvalidAction";
  /** By `block_id`: what the client shows at a field. */
  readonly errors: Readonly<Record<string, string>>;

  constructor(sentence: string, errors: Readonly<Record<string, string>> = {}) {
    super(`${sentence} Nothing was sent.`);
    this.errors = errors;
  }
}
