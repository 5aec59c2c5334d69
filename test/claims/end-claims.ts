/** Claims about the end of access, delegations and stops. */
import { failureOfCommand } from "../../cli/changes/stored-changes.ts";
import { stoppedFollowing } from "../../cli/ends/ends-failure.ts";
import { planEnds } from "../../cli/ends/plan-ends.ts";
import { Failure } from "../../cli/failures/failure.ts";
import { blockLines } from "../../cli/text/blocks-text.ts";
import { endedText as delegationEnded } from "../../cli/text/delegation-text.ts";
import { remainingText } from "../../cli/text/person-access-text.ts";
import { requestFacts } from "../../cli/text/request-facts.ts";
import { aPolicy } from "../../lab/fakes/builders.ts";
import { memberOf } from "../../shared/domain/policy/policy.ts";
import type { EndProof } from "../../shared/domain/requests/end-proof.ts";
import { endText } from "../../shared/domain/requests/end-text.ts";
import { BrokerError } from "../../shared/domain/values/errors.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import { type HomeLists, homeBlocks } from "../../shared/slack/front/home.ts";
import { messageFor } from "../../shared/slack/message.ts";
import {
  noneActiveText,
  noneOpenText,
  refusalText,
} from "../../shared/slack/texts/answer-texts.ts";
import { endedAllLines } from "../../shared/slack/texts/end-all-texts.ts";
import type { OwnEnds } from "../../shared/usecases/requests/end-own.ts";
import { aRequest } from "../cli/ends/sample-ends.ts";
import { aDelegationAnswer } from "../cli/sample-delegations.ts";
import { NOTHING_BESIDE } from "../cli/sample-person-access.ts";
import { activated, aLife, answerTo, approved, asked } from "../cli/sample-requests.ts";
import { ALICE, EVERYONE, NOBODY } from "../cli/sample-stops.ts";
import { aNotice } from "../shared/slack/any-notice.ts";
import { saidIn } from "../shared/slack/front/slack-front-fixture.ts";
import type { Claim } from "./claim.ts";
import {
  besideKubectl,
  draining,
  following,
  ID,
  OF_ANOTHER,
  STANDING,
  stoppedRevocation,
  waitingFor,
} from "./worlds/ends.ts";
import { BOTH_CLUSTERS, homeOfAlice } from "./worlds/own-access.ts";

const NOW = "2026-11-24T11:00:00.000Z";
const ENDED = answerTo(activated(approved(asked())));
const END_TEXT = "shared/domain/requests/end-text.ts";
const PERSON = "cli/text/person-access-text.ts";

const proof = { hadBegun: true, readAt: NOW, stayed: [], stayedBy: [] } as const;
const shared = { ...proof, stayed: ["ns/payments-api"], stayedBy: ["g2"] };

const clear: PersonAccessAnswer = {
  person: "alice",
  at: NOW,
  cluster: "prod",
  access: [],
  unread: [],
  standingAsOf: NOW,
  ...NOTHING_BESIDE,
};
const another: PersonAccessAnswer = {
  ...clear,
  access: [
    {
      cluster: "prod",
      principalArn: "arn",
      policy: "AmazonEKSViewPolicy",
      elements: ["cluster"],
      state: "there",
      by: "g2",
      from: null,
      until: NOW,
      asOf: null,
    },
  ],
};
const left = (remaining: PersonAccessAnswer | undefined) =>
  remainingText(ENDED, remaining, { verb: "revoke", now: NOW });

const suspended = (person: string, principalArn: string | null): string => {
  const stop = { by: "carol", at: NOW, reason: null, liftedBy: ["dora"], mayLift: false };
  const blocks = [{ code: "suspended" as const, person, principalArn, ...stop }];
  return blockLines({ blocks }, NOW).join("\n");
};

const one = aDelegationAnswer();
const two = { ...one, id: "019abc00-1111-7000-8000-00000000000a" };

/** Slack's message of a grant that has ended by this proof. */
const saidOf = (endProof: EndProof): string =>
  JSON.stringify(messageFor(aNotice("request", { state: "ended", endedAt: NOW, endProof })));

/** The page of a request that has ended by this proof. */
const factsOf = (endProof: EndProof): string =>
  requestFacts({ ...answerTo(asked()), state: "ended", endedAt: NOW, endProof }, NOW).join("\n");

/** A stop of `revoke --all` after all was sent. @param refused how many of two ends the API refused */
function stoppedEnds(refused: 0 | 1 | 2): string {
  const all = [1, 2].map((number) => aRequest(number, "ending"));
  const failure = new Failure("refused", "forbidden", {
    what: "No.",
    notDone: "",
    next: ["Next: ask."],
  });
  const plan = planEnds([], { person: "alice", cluster: undefined, isOwn: false });
  const no = all.slice(0, refused).map((request) => ({
    end: { verb: "revoke" as const, request, others: [] },
    failure,
  }));
  return stoppedFollowing({ plan }, "SIGINT", { seen: all.slice(refused), refused: no }, [])
    .message;
}

/** A call that fails before it leaves, in a command that has stored these changes. */
const failedAfter = (said: readonly string[]): string => {
  const failure = new Failure("unavailable", "cannot-connect", {
    what: "Cannot reach the API.",
    notDone: "Nothing was sent.",
    next: ["Next: try later."],
  });
  return failureOfCommand(failure, { said }).message;
};

const LIFE = aLife().request;
const ENDING = { ...LIFE, state: "ending" } as const;
const NO = new BrokerError("suspended", "You are suspended. Nothing was changed; ask an admin.");
const endedAll = (ends: Partial<OwnEnds>) =>
  endedAllLines({ ended: [], refused: [], isCut: false, ...ends }).join(" ");
const tooLate = (state: "ended" | "ending") =>
  refusalText(new BrokerError("illegal-transition", "It is over.", { state }));

/** App Home of somebody whose newest requests are all over. @param next where older ones are */
const homeOf = (next: string | undefined): string => {
  const none = { items: [], ...(next === undefined ? {} : { next }) };
  const access = { access: [], unread: [], standingAsOf: NOW, leftOut: 0, blocks: [] };
  const reader = memberOf(aPolicy(), "alice");
  const lists = { reader, own: none, waiting: none, reviews: none, delegations: none };
  return saidIn(homeBlocks(aPolicy(), { ...lists, access } as unknown as HomeLists));
};

export const END_CLAIMS: readonly Claim[] = [
  {
    file: END_TEXT,
    text: "The access of this grant has ended.",
    falseWhere: "another grant of the same person gives the same",
    instead: "is also given by grant g2",
    seen: () => ({ holds: endText(proof), fails: endText(shared) }),
  },
  {
    file: END_TEXT,
    text: "Nothing was lent.",
    falseWhere: "a call had been sent before somebody cancelled the grant",
    instead: "This grant has ended.",
    seen: () => ({ holds: endText({ ...proof, hadBegun: false }), fails: endText(undefined) }),
  },
  {
    file: END_TEXT,
    text: "Nothing of it was added.",
    falseWhere: "a call carried its access",
    instead: "has ended",
    seen: () => ({ holds: endText({ ...proof, readAt: null }), fails: endText(proof) }),
  },
  {
    file: PERSON,
    text: "No other grant",
    falseWhere: "a second grant lends access on that cluster",
    instead: "STILL has AmazonEKSViewPolicy on all of prod by grant g2",
    seen: () => ({ holds: left(clear), fails: left(another) }),
  },
  {
    file: PERSON,
    text: "Nothing stood there as of",
    falseWhere: "no complete reading of the entry is known",
    instead: "Standing access is not known here.",
    seen: () => ({ holds: left(clear), fails: left({ ...clear, standingAsOf: null }) }),
  },
  {
    file: "shared/slack/texts/own-access-texts.ts",
    text: "No grant gives you access now.",
    falseWhere: "a grant of somebody else gives it through the same principal",
    instead: "AmazonEKSViewPolicy on all of staging, by a grant of somebody else",
    seen: async () => ({
      holds: await homeOfAlice({ read: BOTH_CLUSTERS }),
      fails: await homeOfAlice({ read: BOTH_CLUSTERS, isShared: true }),
    }),
  },
  {
    file: "shared/slack/texts/own-access-texts.ts",
    text: "No standing access",
    falseWhere: "no complete reading of some entry is known, or it was not looked at",
    instead: "Not known: standing access on staging",
    seen: async () => ({
      holds: await homeOfAlice({ read: BOTH_CLUSTERS }),
      fails: await homeOfAlice({ read: BOTH_CLUSTERS.slice(0, 1) }),
    }),
  },
  {
    file: "cli/kubernetes/live-grant.ts",
    text: "No access is lent to you on",
    falseWhere: "a grant of somebody else lends it through the same principal, or it stands there",
    instead: "",
    seen: async () => ({
      holds: await besideKubectl([]),
      fails: `${await besideKubectl([OF_ANOTHER])}${await besideKubectl([STANDING])}`,
    }),
  },
  {
    file: "cli/text/blocks-text.ts",
    text: "Requests are refused, and grants end",
    falseWhere: "another holder of one principal is suspended, and not the person",
    instead: "since bob may use it too",
    seen: () => ({ holds: suspended("alice", null), fails: suspended("bob", "arn") }),
  },
  {
    file: "cli/text/delegation-text.ts",
    text: "may no longer approve for",
    falseWhere: "a second delegation lets the same person approve",
    instead: "STILL may approve for bob",
    seen: () => ({
      holds: delegationEnded(one, [], NOW),
      fails: delegationEnded(one, [one, two], NOW),
    }),
  },
  {
    file: "cli/text/request-facts.ts",
    text: ": gone",
    falseWhere: "something else gives the same",
    instead: "Checked in EKS",
    seen: () => ({ holds: factsOf(proof), fails: factsOf(shared) }),
  },
  {
    file: "shared/notices/notice-texts.ts",
    text: "Read back as gone",
    falseWhere: "no read proved the end, or something else gives the same",
    instead: "Ended",
    seen: () => ({ holds: saidOf(proof), fails: saidOf(shared) }),
  },
  {
    file: "cli/commands/stops.ts",
    text: "No grant is listed as open.",
    falseWhere: "the grants of the person could not be listed",
    instead: "how many there are could not be read",
    seen: async () => {
      const { remaining: _, ...unread } = EVERYONE;
      return {
        holds: await draining({ ...EVERYONE, remaining: { grants: 0, people: 0 } }, false),
        fails: await draining(unread, false),
      };
    },
  },
  {
    file: "cli/commands/stops.ts",
    text: "The broker lends again.",
    falseWhere: "a person is suspended besides",
    instead: "lends again, except to alice, who is suspended",
    seen: async () => ({
      holds: await draining(NOBODY, true),
      fails: await draining(ALICE, true),
    }),
  },
  {
    file: "cli/wait.ts",
    text: "Nothing more will happen to it.",
    falseWhere: "the access is still being removed",
    instead: "Nothing more is added for it.",
    seen: async () => ({ holds: await waitingFor("ended"), fails: await waitingFor("ending") }),
  },
  {
    file: "cli/ends/follow-ends.ts",
    text: "read back as ended",
    printed: "1 of 2 read back as ended",
    falseWhere: "the end is stored, and no read has proven it",
    instead: "0 of 2 read back as ended",
    seen: async () => ({ holds: await following("ended"), fails: await following("ending") }),
  },
  {
    file: "cli/failures/command-failure.ts",
    text: "Nothing was sent.",
    falseWhere: "the call that fails follows a change that the API has stored",
    instead: "Before that: Your revocation is stored. Nothing more was sent.",
    seen: () => ({ holds: failedAfter([]), fails: failedAfter(["Your revocation is stored."]) }),
  },
  {
    file: "cli/ends/ends-failure.ts",
    text: "Every end is stored.",
    falseWhere: "the API refused one",
    instead: "The API refused 1 end and stored the others.",
    seen: () => ({ holds: stoppedEnds(0), fails: stoppedEnds(1) }),
  },
  {
    file: "cli/ends/ends-failure.ts",
    text: "and stored the others",
    falseWhere: "the API refused every end",
    instead: "The API refused every end.",
    seen: () => ({ holds: stoppedEnds(1), fails: stoppedEnds(2) }),
  },
  {
    file: "shared/slack/texts/end-all-texts.ts",
    text: "is stored, with all extensions",
    falseWhere: "the broker refused the end",
    instead: "Not ended: AmazonEKSEditPolicy in payments-api on prod.",
    seen: () => ({
      holds: endedAll({ ended: [ENDING] }),
      fails: endedAll({ refused: [{ request: LIFE, error: NO }] }),
    }),
  },
  {
    file: "shared/slack/texts/end-all-texts.ts",
    text: "None of your grants was open.",
    falseWhere: "older requests were not looked at",
    instead: "Only your newest requests were looked at.",
    seen: () => ({ holds: endedAll({}), fails: endedAll({ isCut: true }) }),
  },
  {
    file: "shared/slack/texts/answer-texts.ts",
    text: "Already over: this grant has ended.",
    falseWhere: "its access is still being removed",
    instead: "Already over: access is being removed.",
    seen: () => ({ holds: tooLate("ended"), fails: tooLate("ending") }),
  },
  {
    file: "shared/slack/texts/answer-texts.ts",
    text: "You have no open grant and no open request.",
    falseWhere: "an older request than the newest is open",
    instead: "older ones were not read",
    seen: () => ({ holds: noneOpenText(false), fails: noneOpenText(true) }),
  },
  {
    file: "shared/slack/texts/answer-texts.ts",
    text: "You have no access that is active.",
    falseWhere: "an older grant than the newest is active",
    instead: "older ones were not read",
    seen: () => ({ holds: noneActiveText(false), fails: noneActiveText(true) }),
  },
  {
    file: "shared/slack/texts/home-texts.ts",
    text: "Nothing waits for your decision.",
    falseWhere: "an older request waits than those that were read",
    instead: "Nothing among the newest, and older ones were not read",
    seen: () => ({ holds: homeOf(undefined), fails: homeOf("more") }),
  },
  {
    file: "cli/changes/changes.ts",
    text: "is stored",
    printed: `Your revocation of ${ID} is stored`,
    falseWhere: "no answer came, and no read showed it",
    instead: "was sent, and no answer came. A read at 2026-11-24 10:05 UTC did not show it.",
    seen: () => ({ holds: stoppedRevocation("done"), fails: stoppedRevocation("unknown") }),
  },
];
