/** How AWS answers a call that it may refuse. */

/** The name of the error that AWS answered; undefined where it did as asked. @throws what has no name of AWS's */
export async function refusalOf(call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.name;
  }
}

/** Undefined where AWS says by one of these names that it is not there. */
export async function unlessAbsent<Answer>(
  call: () => Promise<Answer>,
  names: readonly string[] = NOT_THERE,
): Promise<Answer | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  }
}

const NOT_THERE: readonly string[] = [
  "ResourceNotFoundException",
  "ResourceNotFound",
  "NoSuchEntityException",
  "NoSuchEntity",
  "QueueDoesNotExist",
  "AWS.SimpleQueueService.NonExistentQueue",
];

/** An answer of AWS's that says no, and that is not about who asks. */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || isAboutCaller(error)) return false;
  const { $fault: fault } = error as { $fault?: string };
  return fault === "client";
}

/** Too many calls: it passes. */
export const isThrottled = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith("Throttling");

/** The credentials are not good, or not enough: the question stays open. */
const isAboutCaller = ({ name }: Error): boolean =>
  /^(?:AccessDenied|Unauthorized|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|Credentials|Throttling)/.test(
    name,
  );
