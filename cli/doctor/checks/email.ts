import { type EmailNotices, isMachine } from "../../../shared/domain/policy/policy.ts";
import { sendingIdentities } from "../../../shared/domain/values/mail-address.ts";
import { advice, type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";

/** SES takes and delivers e-mail of ours as it is, and suppresses nobody of the policy. */
export const email: Check = {
  name: "email",
  needs: [
    "ses:GetAccount",
    "ses:GetEmailIdentity",
    "ses:GetConfigurationSetEventDestinations",
    "ses:ListSuppressedDestinations",
  ],
  async look(patient) {
    const { email: notices } = patient.policy.notices ?? {};
    if (!notices) return [well("access.yaml names no sender of e-mail")];
    return [
      await account(patient),
      await identity(patient, notices),
      await untracked(patient, notices),
      ...(await suppressed(patient)),
    ];
  },
};

async function account({ broker }: Patient): Promise<CheckResult> {
  const { isOutOfSandbox, maySend, enforcement } = await broker.mail.account();
  if (!maySend || enforcement === "SHUTDOWN")
    return ill(
      `SES sends nothing of this account: ${enforcement}`,
      "see the console of SES: timelatch docs runbook",
    );
  return isOutOfSandbox
    ? well("SES sends")
    : advice(
        "SES's sandbox: it writes to verified addresses and domains, 200 messages a day",
        "ask AWS for production access, or verify each domain that is written to: timelatch docs email",
      );
}

async function identity({ broker }: Patient, { from }: EmailNotices): Promise<CheckResult> {
  for (const name of sendingIdentities(from))
    if (await broker.mail.isVerified(name)) return well(`may send by the identity ${name}`, from);
  return ill(
    "neither the address nor a domain above it is verified, so no e-mail goes out",
    "verify the domain in the broker's account and region: timelatch docs email",
    from,
  );
}

/** SES then adds an image, or has each address lead to its own. */
const TRACKED: Readonly<Record<string, string>> = { OPEN: "opens", CLICK: "clicks" };

async function untracked(
  { broker }: Patient,
  { configurationSet }: EmailNotices,
): Promise<CheckResult> {
  const types = await broker.mail.eventTypes(configurationSet);
  if (!types)
    return ill(
      "there is no such configuration set",
      "make it: timelatch docs email",
      configurationSet,
    );
  const tracked = Object.keys(TRACKED).filter((type) => types.includes(type));
  return tracked.length === 0
    ? well("tracks neither opens nor clicks", configurationSet)
    : ill(
        `tracks ${tracked.map((type) => TRACKED[type]).join(" and ")}`,
        "take OPEN and CLICK out of its event destinations: timelatch docs email",
        configurationSet,
      );
}

async function suppressed({ broker, policy }: Patient): Promise<readonly CheckResult[]> {
  const addresses = new Set((await broker.mail.suppressed()).map((one) => one.toLowerCase()));
  const people = Object.entries(policy.people).filter(
    ([, person]) => !isMachine(person) && addresses.has(person.email.toLowerCase()),
  );
  return people.length === 0
    ? [well("SES suppresses nobody of access.yaml")]
    : people.map(([name]) =>
        ill(
          "gets no e-mail: SES suppresses the address after a bounce or a complaint",
          "find out why, then aws sesv2 delete-suppressed-destination --email-address <address>",
          name,
        ),
      );
}
