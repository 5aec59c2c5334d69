/** Deployments in each of which somebody changed or deleted one thing by hand. */
import type { HealthyPatient } from "../../../lab/fakes/healthy-patient.ts";
import { type IllDeployment, SPOKE } from "./ill-deployments.ts";

const ALL = { Statement: [{ Sid: "All", Effect: "Allow", Action: "*", Resource: "*" }] };
const ARN = "arn:aws:iam::aws:policy/AdministratorAccess";
const HUB_ROLE = "timelatch-converge";
const spokeOf = ({ others }: HealthyPatient) => {
  const spoke = others.get(SPOKE);
  if (!spoke) throw new Error("There is no spoke.");
  return spoke;
};

export const DRIFTED_DEPLOYMENTS: readonly IllDeployment[] = [
  [
    "a policy that somebody gave a role of the broker",
    (w) => w.broker.policies.set(HUB_ROLE, { inline: new Map([["more", ALL]]) }),
    "iam-drift",
    /^timelatch-converge: it has the policy more, which is not the stack's$/,
    /undo by hand/,
  ],
  [
    "a policy of AWS that somebody attached to a role of a spoke",
    (w) => spokeOf(w).policies.set("timelatch-fuse", { attached: new Map([[ARN, undefined]]) }),
    "iam-drift",
    /^timelatch-fuse: it has the attached policy arn:aws:iam::aws:policy\/AdministratorAccess, which/,
    /undo by hand/,
  ],
  [
    "a trust policy that somebody changed",
    (w) => w.broker.stackTrust.set(HUB_ROLE, ALL),
    "iam-drift",
    /^timelatch-converge: its trust policy is not the stack's: it lacks All \(Allow \* on \*\)$/,
    /undo by hand/,
  ],
  [
    "a spoke's stack that is gone",
    (w) => Object.assign(spokeOf(w), { hasStack: false }),
    "iam-drift",
    /^the stack TimelatchAccount-444455556666 is not deployed in us-west-2$/,
    /timelatch deploy/,
  ],
  [
    "a spoke's stack that is not protected",
    (w) => Object.assign(spokeOf(w), { isProtected: false }),
    "remote-stacks",
    /not protected from deletion, which would take the fuses/,
    /update-termination-protection --enable-termination-protection --stack-name TimelatchAccount-444455556666 --region/,
  ],
  [
    "a spoke whose events nothing forwards",
    (w) => Object.assign(spokeOf(w), { forwards: undefined }),
    "forwarding",
    /^TimelatchForward-444455556666-us-west-2 is not deployed: what others change there is not seen$/,
    /^timelatch deploy/,
  ],
  [
    "a spoke whose stack that forwards could not be made",
    (w) => Object.assign(spokeOf(w), { forwards: "ROLLBACK_COMPLETE" }),
    "forwarding",
    /^TimelatchForward-444455556666-us-west-2 is in ROLLBACK_COMPLETE: /,
    /^timelatch deploy/,
  ],
  [
    "a spoke without its schedule group",
    (w) => Object.assign(spokeOf(w), { scheduleGroup: undefined }),
    "remote-fuses",
    /^the schedule group timelatch does not exist: no grant can begin there$/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a spoke whose schedule group is being deleted",
    (w) => Object.assign(spokeOf(w), { scheduleGroup: "DELETING" }),
    "remote-fuses",
    /is DELETING: no grant can begin there$/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a spoke without the queue for fuses",
    (w) => spokeOf(w).queues.delete("timelatch-lost-fuses"),
    "remote-fuses",
    /^the queue timelatch-lost-fuses does not exist$/,
    /^timelatch deploy, .*; else make it again by hand/,
  ],
  [
    "a queue for fuses that takes plain HTTP",
    (w) => {
      const queue = { visibilitySeconds: 30, hasDeadLetters: false, demandsTls: false };
      spokeOf(w).queues.set("timelatch-lost-fuses", queue);
    },
    "remote-fuses",
    /takes calls without TLS$/,
    /^timelatch deploy, .*; else undo by hand/,
  ],
];
