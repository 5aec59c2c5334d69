/** Tries what a role of the broker may and may not do, over the wire and under its own keys. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BrokerAccount, brokerAccount, type Clients } from "../broker-account.ts";
import { type Attempt, type Attempts, person } from "./attempt.ts";
import { create } from "./eks-attempts.ts";
import { GROUPS_GRANTOR, POLICIES_GRANTOR } from "./role-attempts.ts";

const converge = (account: BrokerAccount) => account.asRole("timelatch-converge");

/** How a session of each role is opened. */
const SESSIONS = {
  "The api function": (account: BrokerAccount) => account.asRole("timelatch-api"),
  "The sweep function": (account: BrokerAccount) => account.asRole("timelatch-sweep"),
  "The converge function": converge,
  "The correlate function": (account: BrokerAccount) => account.asRole("timelatch-correlate"),
  "The archive function": (account: BrokerAccount) => account.asRole("timelatch-archive"),
  "The activity function": (account: BrokerAccount) => account.asRole("timelatch-activity"),
  "The standing function": (account: BrokerAccount) => account.asRole("timelatch-standing"),
  "The schedule's role": (account: BrokerAccount) => account.asRole("timelatch-schedule"),
  "The fuse": (account: BrokerAccount) => account.asRole("timelatch-fuse"),
  "The grantor": (account: BrokerAccount) => account.asGrantor(converge(account), POLICIES_GRANTOR),
  "The grantor of groups": (account: BrokerAccount) =>
    account.asGrantor(converge(account), GROUPS_GRANTOR),
};
type Role = keyof typeof SESSIONS;
export type AttemptsByRole = Readonly<Partial<Record<Role, Attempts>>>;

/** AWS's words (IAM User Guide, "Troubleshoot access denied error messages"). */
const DENIED =
  /^User: (arn:aws:sts::\d{12}:assumed-role\/[\w-]+\/[\w-]+) is not authorized to perform: ([a-z0-9]+:[A-Za-z]+) on resource: (arn:aws:\S+|\*)( because no identity-based policy allows the \2 action| with an explicit deny in an identity-based policy)?$/;

const rowsOf = (byRole: AttemptsByRole) =>
  Object.entries(byRole).flatMap(([role, attempts]) =>
    Object.entries(attempts).map(([what, attempt]) => [role as Role, what, attempt] as const),
  );

interface Trial {
  /** The error that AWS answers. Rejects where it allows the attempt. */
  readonly refusal: (role: Role, attempt: Attempt) => Promise<Error>;
}

/**
 * Adds a test for each attempt, all in one account: first those that must be refused, then those
 * that must be allowed, in their order, so that each may build on the one before.
 */
export function tryAll(refused: AttemptsByRole, allowed: AttemptsByRole): Trial {
  let account: BrokerAccount;
  let before = "";
  const opened = new Map<Role, Promise<Clients>>();
  const sessionOf = (role: Role) => {
    const session = opened.get(role) ?? Promise.resolve(SESSIONS[role](account));
    opened.set(role, session);
    return session;
  };
  const attemptAs = async (role: Role, attempt: Attempt) => attempt(await sessionOf(role), account);
  const refusal = (role: Role, attempt: Attempt) =>
    attemptAs(role, attempt).then(
      () => Promise.reject(new Error("It was allowed.")),
      (error: Error) => error,
    );

  beforeAll(async () => {
    account = await brokerAccount();
    // With an entry of ours, what is refused about it is not merely missing.
    await create("prod", person("bob"))(account.asPerson("admin"), account);
    // A grantor's session is state as well, and is opened before the comparison begins.
    await Promise.all(rowsOf({ ...refused, ...allowed }).map(([role]) => sessionOf(role)));
    before = account.snapshot();
  });
  afterAll(() => account.close());

  it.each(rowsOf(refused))("%s may not %s", async (role, _what, attempt) => {
    const { name, message } = await refusal(role, attempt);
    expect(`${name}: ${message}`).toMatch(/^AccessDenied/);
    expect(message).toMatch(DENIED);
  });

  it("A refused attempt changes nothing in the account", () => {
    expect(account.snapshot()).toBe(before);
  });

  it.each(rowsOf(allowed))("%s may %s", async (role, _what, attempt) => {
    await expect(attemptAs(role, attempt)).resolves.toBeDefined();
  });

  return { refusal };
}
