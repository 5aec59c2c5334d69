/** Every change that a command sends: its words, its way back, and the read that proves it. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { DelegationAnswer } from "../../shared/http/contract/delegation-answer.ts";
import type { StopAnswer, StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import { endedText, termsText } from "../text/request-text.ts";
import type { Change, ChangeName, RequestChange, Sent, Undo } from "./change.ts";
import { delegationAsSent, endAsSent, liftAsSent, noteAsSent, stopAsSent } from "./other-traces.ts";
import { askAsSent, byEvent, extensionOf, requestAsSent } from "./request-traces.ts";
import {
  askAgain,
  noteStays,
  requesterAsksAgain,
  undoApproval,
  undoAsk,
  undoEscalation,
  undoExtension,
  undoRequest,
} from "./request-undo.ts";

type Changes = { readonly [Name in ChangeName]: Change<Name> };

type Words = readonly [what: string, done: string];

/** A change of one request, whose history proves it. `done` follows `what`. */
const ofRequest = ([what, done]: Words): Pick<
  Change<RequestChange>,
  "what" | "happened" | "see"
> => ({
  what: ({ subject }) => `${what} ${visible(subject)}`,
  happened: ({ state, id }) => `${what} ${visible(id)} ${done}; the request ${endedText(state)}.`,
  see: ({ subject }) => `timelatch show ${visible(subject)}`,
});

/** A request that the change makes. Its id comes with the answer. */
const ofNewRequest = (what: string): Pick<Change<RequestChange>, "what" | "happened" | "see"> => ({
  what: () => what,
  happened: (made: RequestAnswer) =>
    `${what} is stored as ${visible(made.id)}, ${termsText(made)}; it ${endedText(made.state)}.`,
  see: () => "timelatch list",
});

const ofStop = (done: (stops: StopsAnswer, subject: string) => string) => ({
  happened: (stops: StopsAnswer, { subject }: Sent) => done(stops, visible(subject)),
  see: () => "timelatch suspensions",
});

const suspensionOf = (stops: StopsAnswer | undefined, name: string) =>
  stops?.suspended.find(({ person }) => person === name);

/** The person who stops does not lift it. */
function otherLifts(stop: StopAnswer | null | undefined, command: string): Undo {
  if (stop?.liftedBy.length === 0)
    return { said: "no other admin can lift it: add one to access.yaml.", commands: [] };
  const lifters = stop?.liftedBy.map(visible).join(" or ") ?? "another admin";
  return { said: `you cannot lift it; ${lifters} can:`, commands: [command] };
}

const stopAgain = (said: string, command: string): Undo => ({ said, commands: [command] });

const made = ({ id }: DelegationAnswer): Undo => ({
  said: "end it:",
  commands: [`timelatch delegations end ${visible(id)}`],
});

/** The command's table. Each operation of the API that changes something has a row. */
export const CHANGES: Changes = {
  createRequest: { ...ofNewRequest("Your request"), undo: undoRequest, trace: requestAsSent },
  createAsk: {
    what: () => "Your ask",
    happened: ({ requests }) =>
      `Your ask is stored as ${requests.map(({ id }) => visible(id)).join(", ")}.`,
    undo: undoAsk,
    trace: askAsSent,
    see: () => "timelatch list",
  },
  extendGrant: { ...ofNewRequest("Your extension"), undo: undoExtension, trace: extensionOf },
  escalateRequest: {
    ...ofRequest(["Your break-glass of", "is stored"]),
    undo: undoEscalation,
    trace: byEvent("escalate"),
  },
  approve: {
    ...ofRequest(["Your approval of", "is stored"]),
    undo: undoApproval,
    asksWho: true,
    trace: byEvent("approve"),
  },
  deny: {
    ...ofRequest(["Your denial of", "is stored"]),
    undo: requesterAsksAgain,
    trace: byEvent("deny"),
  },
  cancelRequest: {
    ...ofRequest(["Your cancellation of", "is stored"]),
    undo: askAgain,
    ends: "cancel",
    trace: byEvent("cancel"),
  },
  returnGrant: {
    ...ofRequest(["Your return of", "is stored"]),
    undo: askAgain,
    ends: "return",
    trace: byEvent("return"),
  },
  revokeGrant: {
    ...ofRequest(["Your revocation of", "is stored"]),
    undo: requesterAsksAgain,
    ends: "revoke",
    trace: byEvent("revoke"),
  },
  closeReview: {
    ...ofRequest(["Your review of", "is stored"]),
    undo: noteStays,
    trace: byEvent("review"),
  },
  createDelegation: {
    what: ({ subject }) => `Your delegation to ${visible(subject)}`,
    happened: ({ id, to }) => `Your delegation to ${visible(to)} is stored as ${visible(id)}.`,
    undo: (answer) =>
      answer
        ? made(answer)
        : {
            said: "if the list has it, end it by its id:",
            commands: ["timelatch delegations"],
          },
    trace: delegationAsSent,
    see: () => "timelatch delegations",
  },
  endDelegation: {
    what: ({ subject }) => `Your end of the delegation ${visible(subject)}`,
    happened: ({ by, to }) => `The delegation of ${visible(by)} to ${visible(to)} is over.`,
    undo: (answer, { before, again = "timelatch delegate" }, who) => ({
      said:
        who?.person === (answer ?? before)?.by
          ? "nothing undoes it; delegate again:"
          : "nothing undoes it; its delegator can delegate again:",
      commands: [again],
    }),
    asksWho: true,
    trace: endAsSent,
    see: () => "timelatch delegations",
  },
  suspendPerson: {
    what: ({ subject }) => `Your suspension of ${visible(subject)}`,
    ...ofStop((_stops, name) => `${name} is suspended.`),
    undo: (stops, { subject }) =>
      otherLifts(suspensionOf(stops, subject), `timelatch suspend ${visible(subject)} --lift`),
    trace: stopAsSent,
  },
  liftSuspension: {
    what: ({ subject }) => `Your lift of the suspension of ${visible(subject)}`,
    ...ofStop((_stops, name) => `${name} is not suspended.`),
    undo: (_stops, { subject }) =>
      stopAgain("suspend again:", `timelatch suspend ${visible(subject)} --reason <text>`),
    trace: liftAsSent,
  },
  drain: {
    what: () => "Your drain",
    ...ofStop(() => "The broker is drained."),
    undo: (stops) => otherLifts(stops?.drain, "timelatch drain --lift"),
    trace: stopAsSent,
  },
  liftDrain: {
    what: () => "Your lift of the drain",
    ...ofStop(() => "The broker is not drained."),
    undo: () => stopAgain("drain again:", "timelatch drain --reason <text>"),
    trace: liftAsSent,
  },
  acknowledgeFinding: {
    what: ({ subject }) => `Your note on the finding ${visible(subject)}`,
    happened: ({ findingId }) => `Your note on the finding ${visible(findingId)} is stored.`,
    undo: noteStays,
    trace: noteAsSent,
    see: ({ subject }) => `timelatch findings show ${visible(subject)}`,
  },
};
