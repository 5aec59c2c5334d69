import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import type { SeenMessage } from "../judge/seen.ts";

interface SlackMessage {
  readonly channel: string;
  readonly text: string;
  readonly blocks: unknown;
}

/** Every message in Slack, as it is now. */
export async function readMessages({
  slackUrl,
}: SandboxAddresses): Promise<readonly SeenMessage[]> {
  const answer = await fetch(`${slackUrl}/_sandbox/messages`);
  const messages = (await answer.json()) as readonly SlackMessage[];
  return messages.map(({ channel, text, blocks }) => ({
    ...{ channel, text, blocks: JSON.stringify(blocks) },
  }));
}
