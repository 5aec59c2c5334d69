/** The sender of each medium. */
import type { Medium } from "../../domain/policy/policy.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { Messenger, Sender } from "../../ports/messenger.ts";

/** Undefined where the broker does not use the medium. */
export const senderFor = (
  { messenger, email }: NotifyPorts,
  medium: Medium,
): Messenger | Sender | undefined => ({ slack: messenger, email })[medium];
