/** A command that sends a change to an API that answers when the test says so. */
import type { Api } from "../../../cli/api/api-client.ts";
import type { Call, Passage } from "../../../cli/api/call.ts";
import type { ChangeName, Sent } from "../../../cli/changes/change.ts";
import { type Patience, sendChange } from "../../../cli/changes/send-change.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeTerminal } from "../fake-terminal.ts";

/** Longer than a test takes, so that only a signal or an answer ends a wait. */
export const PATIENT: Patience = { answerMs: 3_600_000, readMs: 3_600_000 };

export interface LateApi extends Api {
  readonly reads: readonly string[];
  /** Resolves once the change has left. */
  readonly left: Promise<void>;
  answer(answer: object): void;
  fail(error: unknown): void;
}

/**
 * @param read answers every GET
 * @param signed resolves once the call is signed and may leave
 */
export function lateApi(
  read: (call: Call) => unknown,
  signed: Promise<void> = Promise.resolve(),
): LateApi {
  const reads: string[] = [];
  const answered = Promise.withResolvers<object>();
  const left = Promise.withResolvers<void>();
  const change = async (passage: Passage) => {
    await signed;
    passage.signal.throwIfAborted();
    passage.leaves();
    left.resolve();
    return answered.promise;
  };
  return {
    address: "https://api.example.com",
    reads,
    left: left.promise,
    answer: answered.resolve,
    fail: answered.reject,
    async send<Answer>(call: Call, passage?: Passage): Promise<Answer> {
      if (passage) return (await change(passage)) as Answer;
      reads.push(call.path);
      return (await read(call)) as Answer;
    },
  };
}

/** Sends the change at a fake terminal. */
export function sending<Name extends ChangeName>(
  api: Api,
  sent: Sent<Name>,
  patience: Patience = PATIENT,
) {
  const terminal = fakeTerminal();
  const done = sendChange(terminal.context, api, sent, patience);
  const failure = done.then(
    () => {
      throw new Error("The command was not stopped.");
    },
    (error: unknown) => {
      if (error instanceof Failure) return error;
      throw error;
    },
  );
  failure.catch(() => undefined);
  return { terminal, done, failure };
}

/** The facts under `--json`. */
export const interruptionIn = (failure: Failure) =>
  failure.text.facts?.["interruption"] as Readonly<Record<string, unknown>>;
