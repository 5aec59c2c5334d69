/** EventBridge's `rate(5 minutes)` (User Guide, "Setting a schedule pattern"). */
const RATE = /^rate\((\d+) (minute|minutes|hour|hours|day|days)\)$/;
const MINUTES = { minute: 1, hour: 60, day: 1440 } as const;

/** The period in minutes. Throws for what EventBridge refuses, and for cron(), which is not emulated. */
export function rateMinutes(expression: string): number {
  const [, digits = "", unit = ""] = RATE.exec(expression) ?? [];
  const count = Number(digits);
  // "A value of 1 must use the singular, any other the plural."
  if (count < 1 || (count === 1) === unit.endsWith("s"))
    throw new Error(
      `The schedule expression ${expression} is not emulated: the sandbox knows rate(1 minute), rate(5 minutes), rate(1 hour), rate(2 days).`,
    );
  return count * MINUTES[unit.replace(/s$/, "") as keyof typeof MINUTES];
}
