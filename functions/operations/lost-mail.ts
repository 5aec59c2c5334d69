/** Reads an event of SES. */
import { parseSubject } from "../../shared/domain/notices/subject.ts";
import type { LostMail } from "../../shared/usecases/notices/mail-lost.ts";

/** The part of an event that is read. https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
export interface MailEvent {
  readonly "detail-type": string;
  readonly source: string;
  readonly detail: {
    readonly mail?: {
      readonly messageId?: string;
      readonly tags?: Readonly<Record<string, readonly string[] | undefined>>;
    };
    readonly bounce?: { readonly bounceType?: string };
  };
}

const REASONS: Readonly<Record<string, string>> = {
  "Email Bounced": "email-bounced",
  "Email Complaint Received": "email-complained",
  "Email Rejected": "email-rejected",
};

/** Undefined for what says nothing of a message that is lost: SES tries a transient bounce again, and answering machines are some. */
export function lostMailIn(event: MailEvent): LostMail | undefined {
  const { mail, bounce } = event.detail;
  const subject = mail?.tags?.["subject"]?.[0] ?? "";
  const reason = REASONS[event["detail-type"]];
  if (event.source !== "aws.ses" || reason === undefined || !parseSubject(subject))
    return undefined;
  if (bounce && bounce.bounceType !== "Permanent") return undefined;
  return mail?.messageId === undefined ? undefined : { subject, messageId: mail.messageId, reason };
}
