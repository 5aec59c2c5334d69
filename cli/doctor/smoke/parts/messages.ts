/** A message in each medium that the policy names, as the broker would send it. */
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { contradicted, type Fact, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { named, redactable } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { emailSent } from "./email-message.ts";

export const messages: Part = {
  name: "messages",
  does: "reads the Slack app's token, writes one message into each channel that access.yaml names, and deletes it; with e-mail, writes one to SES's mailbox simulator",
  async play(stage): Promise<readonly Fact[]> {
    const { slack, notices } = stage.policy;
    if (!slack && !notices?.email) return [none()];
    return [
      ...(slack ? await inSlack(stage, slack) : []),
      ...(notices?.email ? [await emailSent(stage, notices.email, TEXT)] : []),
    ];
  },
};

async function inSlack(
  stage: Stage,
  { channel, alarms }: NonNullable<AccessPolicy["slack"]>,
): Promise<readonly Fact[]> {
  const { policy, slackApi } = stage;
  const token = await tokenOf(stage);
  if (token === undefined) return [noToken()];
  const own = policy.rules.flatMap(({ notify }) => notify.channel ?? []);
  const facts: Fact[] = [];
  try {
    for (const each of new Set([channel, alarms, ...own]))
      facts.push(await sent(slackApi, token, each));
  } catch (error) {
    // E-mail is tried all the same.
    facts.push(noAnswer(error));
  }
  return facts;
}

const noAnswer = (error: unknown): Fact =>
  unsettled(
    "messages",
    redactable`Slack gave no answer: ${named("error", error instanceof Error ? error.name : "unknown")}`,
    redactable`run it where Slack's API can be reached`,
  );

const TEXT = "Test by timelatch doctor --smoke. Nobody has to do anything.";

async function tokenOf(stage: Stage): Promise<string | undefined> {
  const ssm = await clientsAt(stage, stage.deployed).ssm();
  const Name = `/${stage.deployed.name}/slack/bot-token`;
  const { Parameter } = await ssm.getParameter({ Name, WithDecryption: true });
  return Parameter?.Value;
}

const none = (): Fact =>
  unsettled(
    "messages",
    redactable`access.yaml names neither a workspace of Slack nor a sender of e-mail, so nothing was sent`,
    redactable`nothing to do, if nobody is to hear of anything`,
  );

const noToken = (): Fact =>
  contradicted(
    "messages",
    redactable`the Slack app's token has no value`,
    redactable`timelatch docs slack`,
  );

async function sent(api: string, token: string, channel: string): Promise<Fact> {
  const posted = await called(api, token, "chat.postMessage", { channel, text: TEXT });
  const where = named("channel", channel);
  if (!posted.ok)
    return contradicted(
      "messages",
      redactable`Slack refuses a message in ${where}: ${named("error", posted.error ?? "unknown")}`,
      redactable`invite the app into the channel, or correct it in access.yaml: timelatch docs slack`,
    );
  const { ts = "" } = posted;
  const deleted = await called(api, token, "chat.delete", {
    channel: posted.channel ?? channel,
    ts,
  });
  return judged(deleted.ok, "messages", {
    says: deleted.ok
      ? redactable`Slack took a message in ${where}, and deleted it again`
      : redactable`Slack took a message in ${where}, and did not delete it: ${named("error", deleted.error ?? "unknown")}`,
    next: redactable`delete the message by hand: it is by the app, and says that it is a test`,
  });
}

interface SlackAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly channel?: string;
  readonly ts?: string;
}

/** https://docs.slack.dev/apis/web-api */
async function called(
  api: string,
  token: string,
  method: string,
  args: Readonly<Record<string, string>>,
): Promise<SlackAnswer> {
  const answer = await fetch(`${api}/${method}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json; charset=utf-8",
    },
    body: JSON.stringify(args),
    signal: AbortSignal.timeout(10_000),
  });
  return (await answer.json()) as SlackAnswer;
}
