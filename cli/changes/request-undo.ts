/** The ways back from changes of a request, by its state and by who changed it. */
import { mayApprove } from "../../shared/domain/policy/approval.ts";
import type { State } from "../../shared/domain/requests/request.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { AskedAnswer } from "../../shared/http/contract/asked-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { RequestChange, Sent, Undo } from "./change.ts";

const OVER: Undo = { said: "The request is over, so there is nothing to undo.", commands: [] };

const way = (said: string, verb: string, id: string): Undo => ({
  said,
  commands: [`timelatch ${verb} ${visible(id)}`],
});

type ByState = Readonly<Partial<Record<State, readonly [said: string, verb: string]>>>;

const OF_REQUEST: ByState = {
  pending: ["cancel it:", "cancel"],
  approved: ["cancel it:", "cancel"],
  active: ["return the access:", "return"],
};
const OF_EXTENSION: ByState = {
  pending: ["cancel the extension:", "cancel"],
  approved: ["cancel the extension:", "cancel"],
  active: ["return the access, which ends what was extended too:", "return"],
};
const OF_ESCALATION: ByState = {
  pending: ["it stays a break-glass; cancel it:", "cancel"],
  approved: ["it stays a break-glass; cancel it:", "cancel"],
  active: ["it stays a break-glass; return the access:", "return"],
};

const UNKNOWN_ID: Undo = {
  said: "if your list has it, cancel it by its id:",
  commands: ["timelatch list"],
};

function byState(states: ByState, { id, state }: RequestAnswer): Undo {
  const found = states[state];
  return found ? way(...found, id) : OVER;
}

/** The undo of a request that the person made. Without an answer there is no id to cancel. */
export const undoRequest = (answer: RequestAnswer | undefined): Undo =>
  answer ? byState(OF_REQUEST, answer) : UNKNOWN_ID;

/** The undo of an ask for several things: each is cancelled, or returned, by itself. */
export const undoAsk = (answer: AskedAnswer | undefined): Undo =>
  answer
    ? {
        said: "end each by itself:",
        commands: answer.requests.flatMap((each) => byState(OF_REQUEST, each).commands),
      }
    : UNKNOWN_ID;

/**
 * The undo of an extension that the person asked for. Without an answer there is no id to cancel.
 */
export const undoExtension = (answer: RequestAnswer | undefined): Undo =>
  answer ? byState(OF_EXTENSION, answer) : UNKNOWN_ID;

/** The undo of a request's step to break-glass. */
export const undoEscalation = (
  answer: RequestAnswer | undefined,
  { subject }: Sent<RequestChange>,
): Undo =>
  answer
    ? byState(OF_ESCALATION, answer)
    : way("it stays yours to cancel until access is active:", "cancel", subject);

/** The undo of an approval. Its approver may not cancel; only admins and those who could approve may revoke. */
export function undoApproval(
  answer: RequestAnswer | undefined,
  { subject, before }: Sent<RequestChange>,
  who: WhoAmIAnswer | undefined,
): Undo {
  const known = answer ?? before;
  if (answer?.state === "pending")
    return way("nothing takes an approval back; deny the request, which ends it:", "deny", subject);
  if (answer && answer.state !== "approved" && answer.state !== "active") return OVER;
  if (!who || !known) return way("its approvers and admins can revoke it:", "revoke", subject);
  const may = who.roles.includes("admins") || mayApprove(known.requirements, who);
  return may
    ? way("revoke it:", "revoke", subject)
    : way("you may not revoke it; one of its own approvers or an admin can:", "revoke", subject);
}

const ASK = "timelatch request";

/** The undo of an end of the person's own request or access. */
export const askAgain = (): Undo => ({
  said: "nothing undoes it; ask again if you still need it:",
  commands: [ASK],
});

/** The undo of an end of somebody else's request or access. */
export const requesterAsksAgain = (): Undo => ({
  said: "nothing undoes it; its requester can ask again:",
  commands: [ASK],
});

/** The undo of a note that is kept. */
export const noteStays = (): Undo => ({
  said: "nothing undoes it: the note is kept.",
  commands: [],
});
