/**
 * The page's files by their address. Here they are bundled from sources; the packed command holds them, and
 * `tools/package/bundle-cli.ts` puts them in this module's place.
 */
import type { PagePath } from "./routes.ts";

/** A file as it is sent. */
interface PageFile {
  readonly type: string;
  readonly content: Uint8Array;
}

export type PageFiles = Readonly<Record<PagePath, PageFile>>;

/** @throws Error where the sources cannot be bundled */
export async function pageFiles(): Promise<PageFiles> {
  const { bundlePage } = await import("../../console/bundle-page.ts");
  return bundlePage();
}
