import { mediumOf, type Notice } from "../../domain/notices/notice.ts";
import { type AccessPolicy, type EmailNotices, memberOf } from "../../domain/policy/policy.ts";
import { DEFAULT_DEPLOYMENT, deploymentOf } from "../../domain/values/deployment.ts";
import { isMailAddress } from "../../domain/values/mail-address.ts";
import { mailFor } from "../../email/mail.ts";
import {
  AppRefused,
  type MessagePlace,
  MessengerBusy,
  NoticeRefused,
  type Sender,
} from "../../ports/messenger.ts";
import type { SesAnswer, SesCall } from "./ses-call.ts";

export interface SesSenderPorts {
  readonly call: SesCall;
  readonly policy: AccessPolicy;
  readonly email: EmailNotices;
}

/** Writes e-mail by Amazon SES, one message a person, only to addresses of the policy. */
export function sesSender(ports: SesSenderPorts): Sender {
  return {
    async send(notice) {
      const to = addressOf(ports.policy, notice);
      return placeIn(await ports.call(messageOf(ports, notice, to)));
    },
  };
}

/** The address of a reader. @throws NoticeRefused */
function addressOf(policy: AccessPolicy, { audience }: Notice): string {
  if (audience.kind === "channel" || mediumOf(audience) !== "email")
    throw new NoticeRefused("not-by-email", "Only people are written e-mail. Nothing was sent.");
  const { email } = memberOf(policy, audience.person) ?? {};
  if (email !== undefined && isMailAddress(email)) return email;
  throw new NoticeRefused(
    "address-unknown",
    `access.yaml has no usable e-mail address of ${audience.person}. The message was not sent; correct the address.`,
    // The policy is that of a deployment, and the next one may name them.
    { isRepairable: true },
  );
}

/** The body of the call. A subject's name has neither spaces nor angle brackets. */
function messageOf({ policy, email }: SesSenderPorts, notice: Notice, to: string) {
  const { subject, text, html } = mailFor(notice);
  const deployment = deploymentOf(policy);
  const sender = deployment === DEFAULT_DEPLOYMENT ? "Timelatch" : `Timelatch ${deployment}`;
  const inUtf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  return {
    FromEmailAddress: `"${sender}" <${email.from}>`,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: inUtf8(subject),
        Body: { Text: inUtf8(text), Html: inUtf8(html) },
        Headers: [
          // Answering machines stay silent: RFC 3834, section 5.
          { Name: "Auto-Submitted", Value: "auto-generated" },
          // Mail programs make one thread of all that name the same message. Nobody sent that one.
          { Name: "References", Value: `<${notice.subject}@${email.from.split("@")[1]}>` },
        ],
      },
    },
    EmailTags: [
      { Name: "deployment", Value: deployment },
      { Name: "subject", Value: notice.subject },
    ],
    ConfigurationSetName: email.configurationSet,
  };
}

/** The waits that SES asks for in its manual: for its rate per second, and for its quota of a day. */
const RATE_SECONDS = 5;
const QUOTA_SECONDS = 600;

/** Refusals of all our e-mail, until somebody repairs that; by SES's name. */
const ALL_REFUSED: ReadonlySet<string> = new Set([
  "AccountSuspendedException",
  "LimitExceededException",
  "MailFromDomainNotVerifiedException",
  "NotFoundException",
  "SendingPausedException",
]);

/** An answer of SES, as the port has it. SES's own sentences may hold an address, and are not kept. */
function placeIn(answer: SesAnswer | undefined): MessagePlace {
  if (!answer || answer.status >= 500)
    throw new MessengerBusy("SES gives no answer. The message may have been sent.", null);
  const { status, error, body } = answer;
  if (status === 429) throw new MessengerBusy("SES asks for patience.", patienceIn(body));
  if (status === 403 || ALL_REFUSED.has(error))
    throw new AppRefused(reasonOf(error), `SES takes no e-mail of ours: ${error}.`);
  if (status >= 400)
    throw new NoticeRefused(reasonOf(error), `SES refuses an e-mail: ${error}. It was not sent.`, {
      // In SES's sandbox an address has to be verified first.
      isRepairable: error === "MessageRejected",
    });
  const { MessageId: id } = body;
  if (typeof id === "string" && /^[\w.@-]{1,200}$/.test(id))
    return { channel: "email", timestamp: id };
  throw new NoticeRefused("answer-unknown", "SES sent an e-mail and did not say which.");
}

const patienceIn = ({ message, Message = message }: SesAnswer["body"]): number =>
  /\bdaily\b/i.test(String(Message)) ? QUOTA_SECONDS : RATE_SECONDS;

/** `email-message-rejected` */
const reasonOf = (error: string): string =>
  `email${(error || "Refused").replace(/Exception$/, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
