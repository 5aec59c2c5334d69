/** The view of Amazon SES in the broker's account and region. */
import type { MailSight } from "../sights.ts";
import { reading, readingAlways } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

const client = async (options: SightOptions) => {
  const ses = await import("@aws-sdk/client-sesv2");
  return { ...ses, client: new ses.SESv2Client(options) };
};

export const mailSight = (options: SightOptions): MailSight => ({
  async account() {
    const { client: ses, GetAccountCommand } = await client(options);
    const account = await readingAlways("SES's account", () => ses.send(new GetAccountCommand({})));
    return {
      isOutOfSandbox: account.ProductionAccessEnabled === true,
      maySend: account.SendingEnabled === true,
      enforcement: account.EnforcementStatus ?? "unknown",
    };
  },
  async isVerified(identity) {
    const { client: ses, GetEmailIdentityCommand } = await client(options);
    const found = await reading(
      `SES's identity ${identity}`,
      () => ses.send(new GetEmailIdentityCommand({ EmailIdentity: identity })),
      ["NotFoundException"],
    );
    return found?.VerifiedForSendingStatus === true;
  },
  async eventTypes(configurationSet) {
    const { client: ses, GetConfigurationSetEventDestinationsCommand } = await client(options);
    const found = await reading(
      `SES's configuration set ${configurationSet}`,
      () =>
        ses.send(
          new GetConfigurationSetEventDestinationsCommand({
            ConfigurationSetName: configurationSet,
          }),
        ),
      ["NotFoundException"],
    );
    return found?.EventDestinations?.flatMap(({ MatchingEventTypes = [] }) => MatchingEventTypes);
  },
  async suppressed() {
    const { client: ses, paginateListSuppressedDestinations } = await client(options);
    return await readingAlways("SES's suppression list", async () => {
      const found: string[] = [];
      for await (const page of paginateListSuppressedDestinations({ client: ses }, {}))
        for (const { EmailAddress } of page.SuppressedDestinationSummaries ?? [])
          found.push(EmailAddress ?? "");
      return found;
    });
  },
});
