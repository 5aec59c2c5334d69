/** Claims about places: deployments, policies, tables, rights and files on this machine. */
import { archiveChange, archiveText } from "../../cli/deployment/archive-keeping.ts";
import { removalOf } from "../../cli/doctor/smoke/parts/grant-facts.ts";
import { shown } from "../../cli/doctor/smoke/report/redactable.ts";
import { notWell } from "../../cli/doctor/smoke/smoke-failures.ts";
import { failureText } from "../../cli/failures/failure.ts";
import { comparisonText } from "../../cli/policy/comparison-text.ts";
import { standingText } from "../../cli/text/standing-text.ts";
import { aPolicy } from "../../lab/fakes/builders.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { comparePolicies } from "../../shared/policy-tools/compare/compare-policies.ts";
import { aRequest } from "../cli/ends/sample-ends.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import { aCluster, aStanding } from "../cli/sample-clusters.ts";
import { ALICE, CLUSTER_ARN } from "../cli/sample-requests.ts";
import type { Claim } from "./claim.ts";
import {
  A_GRANT_THERE,
  AN_ENTRY_THERE,
  deployingWithout,
  destroyed,
  destroying,
  destroyingAccount,
} from "./worlds/deployments.ts";
import { kubeconfigOf, proved, refusedByDynamo, restoring, rightsTold } from "./worlds/places.ts";

const NOTHING_LENT = "cli/deployment/nothing-lent.ts";
const RESTORE = "cli/commands/restore.ts";

/** The sentences about a new archive. */
const archiveIn = (Mode: string) =>
  archiveText(
    archiveChange(undefined, {
      Resources: {
        Archive: {
          Type: "AWS::S3::Bucket",
          Properties: {
            ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode, Days: 30 } } },
          },
        },
      },
    }),
  );

const ONE_RIGHT = { Effect: "Allow", Action: "a:Do", Resource: "x" };
const TWO_RIGHTS = { ...ONE_RIGHT, Action: ["a:Do", "a:Undo"] };

const VIEW = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;

/** The smoke test's word on an end. @param policies what EKS shows of the entry afterwards */
const smokeEnd = (policies: readonly { readonly name: string; readonly namespaces: null }[]) =>
  shown(
    removalOf(
      { ...aRequest(1, "ended"), endedAt: "2026-11-24T10:30:00.000Z" },
      { chosen: { access: VIEW, rule: "view" }, clusterArn: CLUSTER_ARN, principalArn: ALICE },
      { isOurs: true, policies },
      { isOurs: true, policies: [] },
    ).says,
  );

const LEFT = {
  thing: { kind: "role", account: "111122223333", name: "timelatch-smoke-a" },
  why: "AccessDenied",
} as const;

/** A smoke test that somebody stopped. */
const stoppedSmoke = (left: readonly (typeof LEFT)[]): string => {
  const failure = notWell({ played: [], left, stopped: "SIGINT" });
  return failure ? failureText(failure, Number.POSITIVE_INFINITY) : "";
};

/** An entry of the list of standing access. */
const principalSaid = (principal: "gone" | "exists" | "recreated"): string =>
  standingText(
    { cluster: aCluster(), entries: [aStanding({ principal })] },
    "2026-11-24T10:05:00.000Z",
    fakeTerminal({ columns: 1_000 }).context.screen.out,
  );

export const PLACE_CLAIMS: readonly Claim[] = [
  {
    file: "cli/commands/policy-prove.ts",
    text: "✔ holds",
    falseWhere: "a rule lets somebody do what the claim rules out",
    instead: "✘ fails",
    seen: async () => ({
      holds: await proved(
        "  - { name: a, reach: { cluster: prod }, who: { groups: [security] } }\n",
      ),
      fails: await proved("  - { name: a, reach: { cluster: prod } }\n"),
    }),
  },
  {
    file: "cli/deployment/archive-keeping.ts",
    text: "a bucket that nobody can delete",
    falseWhere: "the archive is in governance mode, which an administrator can bypass",
    instead: "only who has s3:BypassGovernanceRetention can delete one before",
    seen: async () => ({ holds: archiveIn("COMPLIANCE"), fails: archiveIn("GOVERNANCE") }),
  },
  {
    file: "cli/commands/deploy.ts",
    text: "and nothing is lent there",
    printed: "and nothing is lent there:",
    falseWhere: "a grant on a cluster that leaves has not ended",
    instead: "1 grant has not ended on clusters that leave.",
    seen: async () => ({
      holds: await deployingWithout({}),
      fails: await deployingWithout(A_GRANT_THERE),
    }),
  },
  {
    file: NOTHING_LENT,
    text: "is lent",
    printed: "Nothing is lent.",
    falseWhere: "no API is asked, and a grant is lent on an entry of others, which has no tag",
    instead: "Nobody was asked what is lent on entries of others.",
    seen: async () => ({ holds: await destroying({}), fails: await destroying({}, true) }),
  },
  {
    file: NOTHING_LENT,
    text: "is lent",
    printed: "Nothing is lent in ",
    falseWhere: "there is no broker to ask, and a grant is lent on an entry of others",
    instead: "Nobody was asked what is lent on entries of others.",
    seen: async () => ({
      holds: await destroyingAccount({}),
      fails: await destroyingAccount({}, false),
    }),
  },
  {
    file: NOTHING_LENT,
    text: "is lent",
    printed: "Nothing is lent in ",
    falseWhere: "a grant of the account has not ended, or an entry has the deployment's tag",
    instead: "1 grant has not ended in account",
    seen: async () => ({
      holds: await destroyingAccount({}),
      fails: `${await destroyingAccount(A_GRANT_THERE)}${await destroyingAccount(AN_ENTRY_THERE)}`,
    }),
  },
  {
    file: NOTHING_LENT,
    text: "is lent",
    printed: "Nothing is lent.",
    falseWhere: "a grant has not ended, or an entry has the deployment's tag",
    instead: "1 grant has not ended yet.",
    seen: async () => ({
      holds: await destroying({}),
      fails: `${await destroying(A_GRANT_THERE)}${await destroying(AN_ENTRY_THERE)}`,
    }),
  },
  {
    file: "cli/commands/destroy.ts",
    text: "No access entry of this deployment is on its",
    falseWhere: "an entry of the broker's is left when all is deleted",
    instead: "aws eks delete-access-entry",
    seen: async () => ({ holds: await destroyed([]), fails: await destroyed([ALICE]) }),
  },
  {
    file: "cli/doctor/smoke/parts/grant-facts.ts",
    text: "EKS shows it no longer.",
    falseWhere: "the grant has ended on record, and EKS shows its access",
    instead: "has ended, and EKS still shows its access",
    seen: () => ({
      holds: smokeEnd([]),
      fails: smokeEnd([{ name: VIEW.policy, namespaces: null }]),
    }),
  },
  {
    file: "cli/doctor/smoke/smoke-failures.ts",
    text: "What it made is removed.",
    falseWhere: "a role that it made could not be deleted",
    instead: "Not everything is removed:",
    seen: () => ({ holds: stoppedSmoke([]), fails: stoppedSmoke([LEFT]) }),
  },
  {
    file: "cli/text/standing-text.ts",
    text: "nobody can use the entry",
    falseWhere: "the principal is there, or was made again",
    instead: "the new one has another id",
    seen: () => ({
      holds: principalSaid("gone"),
      fails: `${principalSaid("exists")}${principalSaid("recreated")}`,
    }),
  },
  {
    file: "cli/commands/kubeconfig.ts",
    text: "Nothing else in it was changed.",
    falseWhere: "the file cannot be read as a kubeconfig, so that a write would lose parts of it",
    instead: "Nothing was changed",
    seen: async () => ({
      holds: await kubeconfigOf("# mine\ncurrent-context: home\n"),
      fails: await kubeconfigOf("clusters: { a: 1 }\n"),
    }),
  },
  {
    file: RESTORE,
    text: "has all that it needs",
    falseWhere: "the table lacks recovery, protection, time to live or tags",
    instead: "was given time to live",
    seen: async () => ({ holds: await restoring({}), fails: await restoring({ ttl: undefined }) }),
  },
  {
    file: RESTORE,
    text: "Nothing else was changed.",
    falseWhere: "a change had no answer",
    instead: "may or may not",
    seen: async () => {
      const lacks = { ttl: undefined, pointInTimeRecovery: false };
      const second = (error: Error) =>
        restoring(lacks, ({ kind }) => {
          if (kind === "recovery") throw error;
        });
      return {
        holds: await second(refusedByDynamo()),
        fails: await second(new Error("socket hang up")),
      };
    },
  },
  {
    file: "cli/deployment/iam/difference-text.ts",
    text: "Nothing changes in IAM.",
    falseWhere: "a role has one right more than the deployed one",
    instead: "may newly call a:Undo on x.",
    seen: () => ({
      holds: rightsTold(TWO_RIGHTS, TWO_RIGHTS),
      fails: rightsTold(ONE_RIGHT, TWO_RIGHTS),
    }),
  },
  {
    file: "cli/policy/comparison-text.ts",
    text: "Nothing changes: the two policies say the same.",
    falseWhere: "a person is in one group less",
    instead: "bob may no longer borrow",
    seen: () => {
      const { bob, ...others } = aPolicy().people;
      const without = {
        ...aPolicy(),
        people: { ...others, ...(bob ? { bob: { ...bob, groups: [] } } : {}) },
      };
      const said = (after: AccessPolicy) =>
        comparisonText(comparePolicies(aPolicy(), after), fakeTerminal().context.screen.out);
      return { holds: said(aPolicy()), fails: said(without) };
    },
  },
];
