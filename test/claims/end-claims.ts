/** Claims about the end of access, delegations and stops. */
import { blockLines } from "../../cli/text/blocks-text.ts";
import { endedText as delegationEnded } from "../../cli/text/delegation-text.ts";
import { remainingText } from "../../cli/text/person-access-text.ts";
import type { EndProof } from "../../shared/domain/requests/end-proof.ts";
import { endText } from "../../shared/domain/requests/end-text.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import { messageFor } from "../../shared/slack/message.ts";
import { aDelegationAnswer } from "../cli/sample-delegations.ts";
import { NOTHING_BESIDE } from "../cli/sample-person-access.ts";
import { activated, answerTo, approved, asked } from "../cli/sample-requests.ts";
import { aNotice } from "../shared/slack/any-notice.ts";
import type { Claim } from "./claim.ts";

const NOW = "2026-11-24T11:00:00.000Z";
const ENDED = answerTo(activated(approved(asked())));
const END_TEXT = "shared/domain/requests/end-text.ts";
const PERSON = "cli/text/person-access-text.ts";
const STOPS = "test/cli/stops.test.ts";
const ENDS = "test/cli/ends/end-all.test.ts";

const proof = { hadBegun: true, readAt: NOW, stayed: [], stayedBy: [] } as const;
const shared = { ...proof, stayed: ["ns/payments-api"], stayedBy: ["g2"] };

const clear: PersonAccessAnswer = {
  ...{ person: "alice", at: NOW, cluster: "prod", access: [], unread: [] },
  ...{ standingAsOf: NOW, ...NOTHING_BESIDE },
};
const another: PersonAccessAnswer = {
  ...clear,
  access: [
    {
      ...{ cluster: "prod", clusterArn: "arn", principalArn: "arn", policy: "AmazonEKSViewPolicy" },
      ...{ elements: ["cluster"], state: "there", by: "g2", from: null, until: NOW, asOf: null },
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
    instead: "by a grant of somebody else",
    seen: {
      test: "test/shared/slack/front/own-access-blocks.test.ts",
      title: "A grant of somebody else on the same principal gives access too",
    },
  },
  {
    file: "shared/slack/texts/own-access-texts.ts",
    text: "No standing access",
    falseWhere: "no complete reading of some entry is known, or it was not looked at",
    instead: "Not known: standing access on",
    seen: {
      test: "test/shared/slack/front/own-access-blocks.test.ts",
      title: "Each grant's access is there with its end, whatever its request says",
    },
  },
  {
    file: "cli/kubernetes/live-grant.ts",
    text: "No access is lent to you on",
    falseWhere: "a grant of somebody else lends it through the same principal, or it stands there",
    instead: "",
    seen: {
      test: "test/cli/kubernetes/live-grant.test.ts",
      title: "There is none while access is there by %s",
    },
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
    file: "shared/slack/texts/notice-texts.ts",
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
    seen: { test: STOPS, title: "It says how many grants end, or that nobody could count them" },
  },
  {
    file: "cli/commands/stops.ts",
    text: "The broker lends again",
    falseWhere: "a person is suspended besides",
    instead: "except to alice, who is suspended",
    seen: { test: STOPS, title: "A lift says who is lent nothing all the same" },
  },
  {
    file: "cli/wait.ts",
    text: "Nothing more will happen to it.",
    falseWhere: "the access is still being removed",
    instead: "Nothing more is added for it.",
    seen: { test: "test/cli/wait.test.ts", title: "A request that is %s, active since %s" },
  },
  {
    file: "cli/ends/follow-ends.ts",
    text: "read back as ended",
    falseWhere: "the end is stored, and no read has proven it",
    instead: "not proven after 7m",
    seen: { test: ENDS, title: "It does not succeed where the end is not proven in time" },
  },
  {
    file: "cli/deployment/departing-clusters.ts",
    text: "nothing is lent there",
    falseWhere: "the caller sees their own grants only, or another deployment's API answers",
    instead: "only once the API has said that nothing is lent there",
    seen: {
      test: "test/cli/deployment/departing-clusters.test.ts",
      title: "A person who sees only their own grants is refused, since others may have some",
    },
  },
  {
    file: "cli/commands/destroy-account.ts",
    text: "Nothing is lent there.",
    falseWhere: "an access entry of the account still has the deployment's tag",
    instead: "have not ended in account",
    seen: {
      test: "test/cli/deployment/destroy-account.test.ts",
      title: "A grant in a region whose stack is gone already holds up the account's own roles",
    },
  },
  {
    file: "cli/commands/destroy.ts",
    text: "Nothing is lent.",
    falseWhere: "an entry of the broker's is left when all is deleted",
    instead: "aws eks delete-access-entry",
    seen: {
      test: "test/cli/deployment/destroy.test.ts",
      title: "An entry that is left when all is deleted is a failure",
    },
  },
  {
    file: "cli/doctor/smoke/parts/grant-facts.ts",
    text: "EKS shows it no longer.",
    falseWhere: "the grant has ended on record, and EKS shows its access",
    instead: "has ended, and EKS still shows its access",
    seen: {
      test: "test/cli/doctor/smoke/lend-view.test.ts",
      title: "Finds %s that is left after the end",
    },
  },
];
