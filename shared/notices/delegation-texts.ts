/** Texts about delegations, in plain words. Each medium lays them out. */
import type { DelegationFacts } from "../domain/notices/notice.ts";

/** How a message about a delegation reads: one text for its delegator, and one for its delegate. */
export interface DelegationTexts {
  readonly delegator: (facts: DelegationFacts) => readonly string[];
  readonly delegate: (facts: DelegationFacts) => readonly string[];
}

const endText = ({ delegationId }: DelegationFacts): string =>
  `End it early: timelatch delegations end ${delegationId}`;
const WAITING =
  "You get a message for each request that asks them. What waits already: timelatch list --to-approve";
const STAYS = "What was decided stays decided.";
/** Two delegations of one pair may be in force at once, and each has messages of its own. */
const OTHERS = "Any others: timelatch delegations";

/** The person who ended it, where somebody did. */
const overText = ({ ended }: DelegationFacts): string =>
  ended === null ? "Its time is over." : `${ended.person} ended it.`;

export const COMING: DelegationTexts = {
  delegator: (facts) => [`${facts.to} will be able to approve for you.`, endText(facts)],
  delegate: (facts) => [`You will be able to approve for ${facts.by}.`, endText(facts)],
};

export const BEGUN: DelegationTexts = {
  delegator: (facts) => [
    `${facts.to} may approve for you now. You may still approve yourself, and together you count once.`,
    endText(facts),
  ],
  delegate: (facts) => [`You may approve for ${facts.by} now.`, WAITING, endText(facts)],
};

export const OVER: DelegationTexts = {
  delegator: (facts) => [
    `Your delegation to ${facts.to} is over.`,
    `${overText(facts)} ${STAYS} ${OTHERS}`,
  ],
  delegate: (facts) => [
    `${facts.by}'s delegation to you is over.`,
    `${overText(facts)} ${STAYS} ${OTHERS}`,
  ],
};

/** Labels before an instant. */
export const DELEGATED = { from: "From", until: "Until", ended: "Ended" } as const;
