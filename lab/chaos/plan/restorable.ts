/** Tables that the runbook restores. It forbids that of the audit table. */
export const RESTORABLE = ["requests", "ledger"] as const;
