/** Answers to people in Slack: to commands, clicks and forms. */
import type { State } from "../../domain/requests/request.ts";
import type { BrokerError } from "../../domain/values/errors.ts";

export const TEXTS = {
  foreign:
    "Your Slack workspace is not among those that may use Timelatch. Nothing was done; ask from your own company's workspace.",
  unknown:
    "access.yaml names nobody with your Slack user id. Nothing was done; have your id added to your entry, as timelatch docs slack says.",
  deactivated:
    "Slack says that your account is deactivated. Nothing was done; ask your workspace's administrators.",
  bot: "Slack says that your account is a bot. Nothing was done; people alone ask and decide.",
  guest:
    "Slack says that you are a guest of this workspace. Nothing was done; full members alone ask and decide.",
  tooLongToConfirm:
    "These namespaces and this reason are too long to confirm in Slack. Nothing was done; ask for fewer, or at a terminal: timelatch request",
  replayed: "This was already done. Nothing was changed again.",
  failed:
    "The broker could not finish this. It may or may not have been done; look at the request, then try again.",
  unreadableButton: "This button is not one of Timelatch's. Nothing was done.",
  severalToReturn: "You have several grants. Choose the one that you return:",
  returned: "Returned. Access is being removed.",
  done: "Done.",
  nothingToAsk: "No rule of access.yaml lends you anything. Nothing was done.",
  help: [
    "/access opens the form.",
    "/access prod edit payments-api 1h INC-4711 stuck rollout asks directly: cluster, policy, namespaces with commas, duration, reason.",
    "/access staging view cluster 1h reason asks for the whole cluster.",
    "/access list shows your access and open requests.",
    "/access return gives back your access.",
  ],
} as const;

/** Where no open request is among a person's newest ones. @param isCut whether there are older ones, which nobody read */
export const noneOpenText = (isCut: boolean): string =>
  isCut
    ? "None of your newest grants and requests is open, and older ones were not read: timelatch list"
    : "You have no open grant and no open request.";

/** The same for access that is active. */
export const noneActiveText = (isCut: boolean): string =>
  isCut
    ? "None of your newest grants is active, and older ones were not read. Nothing was done; return one by its id: timelatch list"
    : "You have no access that is active. Nothing was done.";

/**
 * The answer where Slack does not say whether somebody is a full member.
 *
 * @param decided id of the request that the payload decides on
 * @param reviewed id of the request whose review it is about
 * @param escalated id of the request of which it makes a break-glass
 */
export const unknownMembershipText = (
  decided: string | undefined,
  reviewed: string | undefined,
  escalated: string | undefined,
): string => {
  const instead =
    decided !== undefined
      ? `timelatch approve ${decided}, or timelatch deny ${decided}`
      : reviewed !== undefined
        ? `timelatch review ${reviewed} --close`
        : escalated !== undefined
          ? `timelatch escalate ${escalated}`
          : "timelatch request";
  return `Slack did not say whether you are a full member of your workspace. Nothing was done and nothing is lost; try again, or use a terminal: ${instead}`;
};

/** The state in which somebody else's decision, or time, left a request. */
const DECIDED: Readonly<Record<State, string>> = {
  pending: "This request is not decided yet.",
  approved: "Already decided: it is approved, and access is being added.",
  active: "Already decided: it is approved, and access is active.",
  ending: "Already over: access is being removed.",
  ended: "Already over: this grant has ended.",
  denied: "Already decided: it is denied.",
  cancelled: "Already over: it was cancelled.",
  lapsed: "It lapsed: nobody decided in time.",
  failed: "Already over: access could not be added.",
};

/** The text of a refusal in Slack. The broker's own text, but for what a click makes plainer. */
export function refusalText(error: BrokerError): string {
  if (INTERNAL.has(error.code)) return TEXTS.failed;
  const { state } = error.facts;
  if (error.code === "illegal-transition" && typeof state === "string" && isState(state))
    return `${DECIDED[state]} Its record was not changed.`;
  if (error.code === "duplicate-request")
    return "You already asked for the same, and it waits for a decision. Nothing was stored.";
  return error.message;
}

/** Refusals that the caller cannot change. Its text may be of the inside. */
const INTERNAL: ReadonlySet<BrokerError["code"]> = new Set([
  "invariant-broken",
  "dependency-unavailable",
]);

const isState = (state: string): state is State => Object.hasOwn(DECIDED, state);
