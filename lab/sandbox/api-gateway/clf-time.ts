const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The Common Log Format's time, in UTC: `24/Nov/2026:10:00:00 +0000`. */
export function clfTime(at: Date): string {
  const day = String(at.getUTCDate()).padStart(2, "0");
  const month = MONTHS[at.getUTCMonth()];
  return `${day}/${month}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`;
}
