/** Keys that are disabled, that somebody wants deleted, and that come back. */
import { AwsError, type Call } from "../service.ts";
import type { KmsKey } from "./state.ts";

const DAY_MS = 86_400_000;
/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
const WINDOW = { least: 7, most: 30 } as const;

interface Change {
  readonly members: readonly string[];
  /** Changes the key. @throws AwsError KMSInvalidStateException, ValidationException */
  readonly run: (key: KmsKey, input: Call["input"], now: Date) => object | undefined;
}

/**
 * The changes by operation. The states that refuse them, and the words:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
export const LIFECYCLE: Readonly<Record<string, Change>> = {
  ScheduleKeyDeletion: { members: ["KeyId", "PendingWindowInDays"], run: scheduleDeletion },
  CancelKeyDeletion: { members: ["KeyId"], run: cancelDeletion },
  EnableKey: { members: ["KeyId"], run: (key) => enable(key, true) },
  DisableKey: { members: ["KeyId"], run: (key) => enable(key, false) },
};

/** A key that waits for its deletion is used for nothing, and has its public key given to nobody. */
export function demandUsable(key: KmsKey): void {
  demandNotPending(key);
  if (!key.isEnabled) throw new AwsError("DisabledException", 400, `${key.arn} is disabled.`);
}

/** As DescribeKey says it. */
export const keyState = ({ isEnabled, deletionDate }: KmsKey) =>
  deletionDate === undefined
    ? { Enabled: isEnabled, KeyState: isEnabled ? "Enabled" : "Disabled" }
    : {
        Enabled: false,
        KeyState: "PendingDeletion",
        DeletionDate: Date.parse(deletionDate) / 1000,
      };

function scheduleDeletion(key: KmsKey, input: Call["input"], now: Date) {
  demandOwnName(input);
  demandNotPending(key);
  const { PendingWindowInDays: days = WINDOW.most } = input;
  if (!Number.isInteger(days) || Number(days) < WINDOW.least || Number(days) > WINDOW.most)
    throw new AwsError(
      "ValidationException",
      400,
      `PendingWindowInDays must be from ${WINDOW.least} to ${WINDOW.most}.`,
    );
  key.deletionDate = new Date(now.getTime() + Number(days) * DAY_MS).toISOString();
  const { KeyState, DeletionDate } = { DeletionDate: undefined, ...keyState(key) };
  return { KeyId: key.arn, DeletionDate, KeyState, PendingWindowInDays: days };
}

/**
 * The key is disabled then, whatever it was before.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html
 */
function cancelDeletion(key: KmsKey, input: Call["input"]) {
  demandOwnName(input);
  if (key.deletionDate === undefined) throw invalidState(key, "is not pending deletion");
  delete key.deletionDate;
  key.isEnabled = false;
  return { KeyId: key.arn };
}

function enable(key: KmsKey, isEnabled: boolean): undefined {
  demandNotPending(key);
  key.isEnabled = isEnabled;
}

/** These take the key's id or ARN, and no alias. */
function demandOwnName({ KeyId: named }: Call["input"]): void {
  if (/(?:^|:)alias\//.test(String(named)))
    throw new AwsError("NotFoundException", 400, `Invalid keyId '${named}'`);
}

function demandNotPending(key: KmsKey): void {
  if (key.deletionDate !== undefined) throw invalidState(key, "is pending deletion");
}

const invalidState = ({ arn }: KmsKey, what: string) =>
  new AwsError("KMSInvalidStateException", 400, `${arn} ${what}.`);
