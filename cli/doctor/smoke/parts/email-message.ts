/** An e-mail to SES's own mailbox simulator, as the broker would send it: no person has it. */
import type { EmailNotices } from "../../../../shared/domain/policy/policy.ts";
import { contradicted, type Fact, holds } from "../fact.ts";
import { named, redactable } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";

/** https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html */
const SIMULATOR = "success@simulator.amazonses.com";

/** Refusals of SES itself. Any other answer is about the caller. */
const REFUSED: ReadonlySet<string> = new Set([
  "AccountSuspendedException",
  "MailFromDomainNotVerifiedException",
  "MessageRejected",
  "NotFoundException",
  "SendingPausedException",
]);

/** @throws for what AWS refuses the caller */
export async function emailSent(
  stage: Stage,
  { from, configurationSet }: EmailNotices,
  text: string,
): Promise<Fact> {
  const ses = await clientsAt(stage, stage.deployed).ses();
  const inUtf8 = { Data: text, Charset: "UTF-8" };
  try {
    await ses.sendEmail({
      FromEmailAddress: from,
      Destination: { ToAddresses: [SIMULATOR] },
      Content: { Simple: { Subject: inUtf8, Body: { Text: inUtf8, Html: inUtf8 } } },
      ConfigurationSetName: configurationSet,
    });
    return holds("messages", redactable`SES took an e-mail of ${named("sender", from)}`);
  } catch (error) {
    const code = error instanceof Error ? error.name : "";
    if (!REFUSED.has(code)) throw error;
    return contradicted(
      "messages",
      redactable`SES refuses an e-mail of ${named("sender", from)}: ${named("error", code)}`,
      redactable`timelatch docs runbook#undeliverablenotices`,
    );
  }
}
