import Type from "typebox";
import type { Section } from "../../format/section.ts";
import { dotted } from "../../format/yaml/checked-yaml.ts";
import { wrongValue } from "../../format/yaml/wrong-value.ts";
import { Glob, MOST_ENTRIES } from "../glob-schema.ts";
import type { DriftFeatureConfig } from "../types.ts";
import { Alpha, Threshold, Window, window } from "./drift-fields.ts";

const Feature = Type.Object(
  {
    pipeline_name: Glob,
    feature_name: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: "^[^\\p{Cc}\\p{Cs}]+$",
      description: "the name of a feature, or a glob in which * is any text and ? one character",
    }),
    threshold: Type.Optional(Threshold),
    alpha: Type.Optional(Alpha),
    window: Type.Optional(Window),
    show_values: Type.Optional(
      Type.Boolean({ description: "whether names that the reference does not hold are told by name: true or false" }),
    ),
  },
  {
    additionalProperties: false,
    description: "a pipeline_name and a feature_name (or globs), and a threshold, alpha, window or show_values",
  },
);

type Item = Omit<DriftFeatureConfig, "window"> & { window?: string };

/** Two entries for the same ones are refused: which of them holds would be chance. */
export const driftFeatures: Section<DriftFeatureConfig[]> = {
  schema: {
    ...Type.Array(Feature, { maxItems: MOST_ENTRIES }),
    type: ["array", "null"],
    title: "What holds for single pipelines and features",
    description: `a list of at most ${MOST_ENTRIES} features`,
    default: [],
  },
  variables: [],
  read({ file, problems }, path) {
    const places = new Map<string, string>();
    return (file?.items<Item>(path) ?? []).map(({ item, path: at }) => {
      const subject = `${item.feature_name} of ${item.pipeline_name}`;
      const where = file!.where(at);
      const other = places.get(subject);
      if (other !== undefined) problems.add(where, `a second entry for ${subject}; the first is at ${other}`);
      places.set(subject, where);
      const { window: text, ...feature } = item;
      if (text === undefined) return feature;
      const length = window.read(text, file!.directory);
      if (length !== undefined) return { ...feature, window: length };
      const place = [...at, "window"];
      problems.add(file!.where(place), `${dotted(place)}: ${wrongValue(text, window.schema)}`);
      return feature;
    });
  },
  write: (features) =>
    features.map((feature) =>
      feature.window === undefined ? feature : { ...feature, window: window.write(feature.window) },
    ),
};
