/** A sample in words: the population, and how it was drawn. */
import type { ReportSample } from "../../shared/domain/evidence/report/sample.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Fact } from "../terminal/facts.ts";
import { counted } from "./bundle-text.ts";

export const sampleFacts = ({
  population,
  breakGlass,
  others,
  drawn,
  seed,
}: ReportSample): readonly Fact[] => [
  ["Population", `${counted(population, "request")} with an event in this time`],
  ["Break-glass", `${breakGlass.length}, each of them in the sample`],
  ["Drawn", `${drawn.length} of the other ${others}`],
  ["Rule", "first by SHA-256 of the seed, a space and the request's id"],
  ["Seed", visible(seed)],
];

/** The requests of a sample, a line each. */
export const sampledLines = ({ breakGlass, drawn }: ReportSample): readonly string[] => [
  ...breakGlass.map((id) => `${id}: break-glass, or not known`),
  ...drawn.map((id) => `${id}: drawn`),
];
