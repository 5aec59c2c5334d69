import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import type { SeenMessage } from "../judge/seen.ts";

interface SlackMessage {
  readonly channel: string;
  readonly text: string;
  readonly blocks: unknown;
  readonly thread_ts?: string;
}

/** Every message in Slack, as it is now. Answers in a thread stay as they were sent. */
export async function readMessages({
  slackUrl,
}: SandboxAddresses): Promise<readonly SeenMessage[]> {
  const answer = await fetch(`${slackUrl}/_sandbox/messages`);
  const messages = (await answer.json()) as readonly SlackMessage[];
  const own = messages.filter(({ thread_ts }) => thread_ts === undefined);
  return own.map(({ channel, text, blocks }) => ({
    channel,
    text,
    blocks: JSON.stringify(blocks),
  }));
}
