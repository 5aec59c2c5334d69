/** Changes that a command sends to the API: their names, answers, and the way back. */
import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import type { FindingAnswer, RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { AskedAnswer } from "../../shared/http/contract/asked-answer.ts";
import type { DelegationAnswer } from "../../shared/http/contract/delegation-answer.ts";
import type { ROUTES } from "../../shared/http/contract/routes.ts";
import type { StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import type { Call } from "../api/call.ts";

/** The operations of the API that change something. */
type ChangingOperation = Exclude<
  Exclude<(typeof ROUTES)[number], { readonly method: "GET" }>["operation"],
  "previewRequest"
>;

/** A decision is one operation with two verdicts, and each has a way back of its own. */
export type ChangeName = Exclude<ChangingOperation, "decideRequest"> | "approve" | "deny";

/** Operations that do not answer a request. */
interface OtherAnswers {
  readonly createAsk: AskedAnswer;
  readonly createDelegation: DelegationAnswer;
  readonly endDelegation: DelegationAnswer;
  readonly suspendPerson: StopsAnswer;
  readonly liftSuspension: StopsAnswer;
  readonly drain: StopsAnswer;
  readonly liftDrain: StopsAnswer;
  readonly acknowledgeFinding: FindingAnswer;
}

/** The changes that answer the request. */
export type RequestChange = Exclude<ChangeName, keyof OtherAnswers>;

/** The API's answer to each change. */
export type ChangeAnswer<Name extends ChangeName> = Name extends keyof OtherAnswers
  ? OtherAnswers[Name]
  : RequestAnswer;

/** A change and the call that sends it. */
export interface Sent<Name extends ChangeName = ChangeName> {
  readonly change: Name;
  readonly call: Call;
  /** The id or the person that it changes; empty for a request that has no id yet, and for a drain. */
  readonly subject: string;
  /** It as the command read it before; absent where the command did not. */
  readonly before?: ChangeAnswer<Name>;
  /** The command that makes again what the change ends. */
  readonly again?: string;
}

/** How to undo a change: a sentence, and the commands that do it. */
export interface Undo {
  readonly said: string;
  readonly commands: readonly string[];
}

/** A read of the API after the change left without an answer. */
export interface Look {
  readonly api: Api;
  readonly who: WhoAmIAnswer;
  /** When the call left, by this machine's clock. */
  readonly since: string;
}

/** One kind of change: its words, its way back, and the read that proves it. */
export interface Change<Name extends ChangeName, Answer = ChangeAnswer<Name>> {
  /** The subject of a sentence: `Your approval of 01a2…`. */
  readonly what: (sent: Sent<Name>) => string;
  /** Sentences that follow from the answer by itself. */
  readonly happened: (answer: Answer, sent: Sent<Name>) => string;
  /**
   * The way back for this person.
   * @param answer undefined while nobody knows whether it was stored
   * @param who undefined where it is not known, or makes no difference
   */
  readonly undo: (
    answer: Answer | undefined,
    sent: Sent<Name>,
    who: WhoAmIAnswer | undefined,
  ) => Undo;
  /** The way back depends on who it is. */
  readonly asksWho?: true;
  /** It ends access by this verb, and its requester may have other access. */
  readonly ends?: EndVerb;
  /** Reads what became of it. @returns undefined where the read does not prove it */
  readonly trace: (look: Look, sent: Sent<Name>) => Promise<Answer | undefined>;
  /** The command that shows what became of it. */
  readonly see: (sent: Sent<Name>) => string;
}
