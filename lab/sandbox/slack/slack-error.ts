/** An error that Slack answers with HTTP 200 and `ok: false`. */
export class SlackError extends Error {
  override readonly name = "SlackError";
  /** Slack's own name of the error, such as `channel_not_found`. */
  readonly code: string;
  /** `response_metadata.messages`. */
  readonly messages: readonly string[];

  constructor(code: string, messages: readonly string[] = []) {
    super([code, ...messages].join(" "));
    this.code = code;
    this.messages = messages;
  }
}

export const invalidArguments = (...messages: readonly string[]): SlackError =>
  new SlackError("invalid_arguments", messages);
