import { withLost } from "../../domain/notices/lost-message.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import { NoticeConflict } from "../../ports/notice-store.ts";

/** A message of which SES says that it did not arrive. */
export interface LostMail {
  readonly subject: string;
  /** As SES answered it when it took the message. */
  readonly messageId: string;
  /** A stable code that people can look up: `email-bounced`. */
  readonly reason: string;
}

/** How often another worker may save the record first. */
const CONFLICTS = 5;

/**
 * Records that an e-mail did not arrive, so that whoever looks at its subject sees it. A message that the record
 * does not have changes nothing.
 *
 * @returns whether it is recorded
 * @throws NoticeConflict where others save again and again
 */
export async function mailLost(
  { notices, clock }: Pick<NotifyPorts, "notices" | "clock">,
  { subject, messageId, reason }: LostMail,
): Promise<boolean> {
  for (let conflicts = 1; ; conflicts += 1) {
    const record = await notices.load(subject);
    const changed = record && withLost(record, messageId, reason, clock.now());
    if (changed === undefined || changed === record) return false;
    try {
      await notices.save(changed);
      return true;
    } catch (error) {
      if (!(error instanceof NoticeConflict) || conflicts === CONFLICTS) throw error;
    }
  }
}
