/** The names of the emulated services. */
export const ON_CALL = ["pagerduty", "incidentIo", "jiraOperations"] as const;
export const TRACKERS = ["jira", "serviceNow", "github"] as const;
export const SERVICES = [...ON_CALL, ...TRACKERS] as const;
export type OnCallName = (typeof ON_CALL)[number];
export type TrackerName = (typeof TRACKERS)[number];
export type Service = (typeof SERVICES)[number];
