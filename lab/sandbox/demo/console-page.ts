/** The console's page: the demo makes its calls itself, or a browser shows it. */
import type { Browser } from "playwright-core";
import { StepFailed } from "./steps.ts";

/** The page, once it shows its digits. */
export interface ConsolePage {
  readonly digits: string;
  /** Once the digits were typed: the rows of who could reach a cluster at an instant, ISO 8601 UTC. */
  reach(cluster: string, at: string): Promise<readonly ReachRow[]>;
}

interface ReachRow {
  readonly who: string;
  /** The access in words. */
  readonly access: string;
}

/** Opens the page of a console at its address. */
export type OpenPage = (address: string) => Promise<ConsolePage>;

const PATIENCE_MS = 20_000;

/** Makes the calls of the page, without a browser. */
export const pageByCalls =
  (signal: AbortSignal): OpenPage =>
  async (address) => {
    const page = await fetch(address, { signal });
    const html = await page.text();
    if (!page.ok || !html.includes("console.js")) throw new StepFailed(`the page says ${html}`);
    const launch = await fetch(`${address}/launch`, {
      method: "POST",
      headers: { origin: address },
      signal,
    });
    const lines = launch.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await lines?.read();
    const { digits } = JSON.parse(first?.value ?? "{}") as { readonly digits: string };
    return {
      digits,
      async reach(cluster, at) {
        const second = await lines?.read();
        const { token } = JSON.parse(second?.value ?? "{}") as { readonly token: string };
        const read = async (query: Readonly<Record<string, string>>) => {
          const path = `/api/v1/clusters/${cluster}/reach?${new URLSearchParams(query)}`;
          const headers = { "x-timelatch-console": token };
          const response = await fetch(`${address}${path}`, { headers, signal });
          const said = await response.text();
          if (!response.ok) throw new StepFailed(`the console answered ${said}`);
          return JSON.parse(said) as Reach;
        };
        // Each part of the answer is a page of its own.
        const rows: ReachRow[] = [];
        for (let cursor: string | undefined = ""; cursor !== undefined; ) {
          const page: Reach = await read(cursor === "" ? { at } : { at, cursor });
          rows.push(...rowsOf(page));
          cursor = page.next;
        }
        return rows;
      },
    };
  };

/** The parts of the API's answer that the demo reads. */
interface Reach {
  /** The cursor of the next page. */
  readonly next?: string;
  readonly entries: readonly { readonly principalArn: string; readonly power: string }[];
  readonly grants: readonly (Holding & { readonly requester: string; readonly access: Access })[];
}
interface Access {
  readonly policy?: string;
  readonly scope?: { readonly namespaces?: readonly string[] };
}
interface Holding {
  readonly state: string;
}

const rowsOf = ({ grants, entries }: Reach): readonly ReachRow[] => [
  ...grants.map(({ requester, access: { policy, scope }, state }) => {
    const where = scope?.namespaces ? `in ${scope.namespaces.join(", ")}` : "on the whole cluster";
    return { who: requester, access: `${policy} ${where}, ${state} then` };
  }),
  ...entries.map(({ principalArn, power }) => ({
    who: principalArn.slice(principalArn.lastIndexOf("/") + 1),
    access: `${power}, standing`,
  })),
];

/** Shows the page in a browser, and reads what is on it. */
export const pageInBrowser =
  (browser: Browser): OpenPage =>
  async (address) => {
    const page = await browser.newPage({ viewport: { width: 1100, height: 760 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(address);
    return {
      digits: (await page.getByText(/^\d{6}$/).textContent()) ?? "",
      async reach(cluster, at) {
        await page.getByRole("navigation", { name: "Views" }).waitFor();
        await page.goto(`${address}/#/clusters/${cluster}/at/${at}`);
        const rows = page.getByRole("grid", { name: "Access then" }).getByRole("row");
        await rows.getByText("grant, ").first().waitFor();
        const texts = (await rows.all()).slice(1).map(async (row) => {
          const [, who = "", through = "", access = ""] = await row.locator("td").allTextContents();
          return { who, access: `${access}, ${through}` };
        });
        const found = await Promise.all(texts);
        await page.close();
        return found;
      },
    };
  };
