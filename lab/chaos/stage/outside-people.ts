/** The ids of the sandbox's people at the services that chaos asks. */

export const PEOPLE_ON_CALL = { carol: "PCAROL1", dave: "PDAVE01" } as const;
export const ALICE_IN_JIRA = "5b10ac8d82e05b22cc7d4ef5";
/** The schedule of PagerDuty that the sandbox has. */
export const SCHEDULE = "PI7DH85";
